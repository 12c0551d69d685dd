// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <thread>

#include "core/autograd/ops.h"
#include "core/base/array_pool.h"
#include "core/nn/parameters.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

Matrix<float> randomMatrix(int rows, int cols, Random& random) {
    Matrix<float> m(rows, cols);
    for (float& x : m) x = static_cast<float>(random.uniform(-1, 1));
    return m;
}

/// Largest difference from sums in double, in proportion to the sum of absolute terms.
double worst(const Matrix<float>& x, const Matrix<float>& W, const Matrix<float>& y) {
    double most = 0;
    for (int r = 0; r < W.rows(); ++r) {
        double sum = 0, size = 0;
        for (int k = 0; k < W.cols(); ++k) {
            const double term = static_cast<double>(x(0, k)) * W(r, k);
            sum += term;
            size += std::abs(term);
        }
        most = std::max(most, std::abs(sum - y(0, r)) / (size + 1e-30));
    }
    return most;
}

} // namespace

namespace {

struct EqualsPlainSumsRow {
    std::string row;
    int rows;
    int cols;
};

std::vector<EqualsPlainSumsRow> equalsPlainSumsRows() {
    std::vector<EqualsPlainSumsRow> rows;
    for (const auto& [height, width] : {std::pair{1, 1},
                                        {3, 7},
                                        {16, 32},
                                        {17, 33},
                                        {63, 96},
                                        {65, 100},
                                        {130, 31},
                                        {64, 620},
                                        {1200, 1000}})
        rows.push_back({fixture::formatted("%d x %d", height, width), height, width});
    return rows;
}

} // namespace

TEST_CASE("equals plain sums") {
    for (const EqualsPlainSumsRow& row : equalsPlainSumsRows()) {
        CAPTURE(row.row);
        const int rows = row.rows;
        const int cols = row.cols;
        Random random(7);
        const Matrix<float> x = randomMatrix(1, cols, random), W = randomMatrix(rows, cols, random);
        Matrix<float> down(1, rows), other(1, rows);
        useThreads(1);
        rowProduct(x.data(), W, down.data(), Sweep::Down, true);
        REQUIRE(worst(x, W, down) < 1e-6);
        rowProduct(x.data(), W, other.data(), Sweep::Up, true);
        REQUIRE_MESSAGE(other == down, "the sweep changed the numbers");
        useThreads(2);
        rowProduct(x.data(), W, other.data(), Sweep::Down, true);
        REQUIRE_MESSAGE(other == down, "the threads changed the numbers");

        const HalfMatrix half = toHalf(W);
        Matrix<float> rounded(rows, cols);
        for (std::size_t i = 0; i < half.size(); ++i) rounded.data()[i] = fromHalf(half[i]);
        rowProduct(x.data(), half, rows, cols, down.data(), Sweep::Down, false);
        REQUIRE(worst(x, rounded, down) < 1e-6);
        rowProduct(x.data(), half, rows, cols, other.data(), Sweep::Up, true);
        REQUIRE_MESSAGE(other == down, "the sweep or the threads changed the numbers of 16 bits");
    }
}

/// bfloat16 has 8 bits of precision: rounding is off by at most 2^-9 of a number, ties go to even.
TEST_CASE("rounds to nearest even") {
    Matrix<float> m(1, 5);
    const float numbers[] = {1.0f, 1.00390625f /* 1 + 2^-8, a tie */, 1.01171875f /* 1 + 3 * 2^-8 */,
                             -3.1415927f, 1e-30f};
    std::copy(std::begin(numbers), std::end(numbers), m.begin());
    const HalfMatrix half = toHalf(m);
    REQUIRE(fromHalf(half[0]) == 1.0f);
    REQUIRE(fromHalf(half[1]) == 1.0f);
    REQUIRE(fromHalf(half[2]) == 1.015625f);
    for (int i = 0; i < 5; ++i)
        REQUIRE(std::abs(fromHalf(half[static_cast<std::size_t>(i)]) - numbers[i]) <=
                std::abs(numbers[i]) / 256);
}

TEST_CASE("linear reads sixteen bits only without a tape") {
    Random random(3);
    const Var<float> x(randomMatrix(1, 40, random)), b(randomMatrix(1, 24, random));
    Leaf<float> W(randomMatrix(24, 40, random));
    const Matrix<float> exact = linear<float>(nullptr, x, W, b).value();
    W.keepHalf();
    const Matrix<float> halved = linear<float>(nullptr, x, W, b).value();
    REQUIRE(!(halved == exact));
    Tape<float> tape;
    const Matrix<float> taped = linear(&tape, x, W, b).value();
    for (int i = 0; i < 24; ++i) {
        REQUIRE(std::abs(halved(0, i) - exact(0, i)) < 40 / 256.0);
        REQUIRE(std::abs(halved(0, i) - taped(0, i)) < 1e-4); // the value is rounded too
    }
}

/// What is given back is handed out again for the same size, at a multiple of 64 bytes, in its thread.
TEST_CASE("pool hands out again") {
    for (const std::size_t bytes : {std::size_t(0), std::size_t(1), std::size_t(64), std::size_t(65),
                                    std::size_t(257), std::size_t(1000), std::size_t(100000)}) {
        void* const first = poolAllocate(bytes);
        REQUIRE(reinterpret_cast<std::uintptr_t>(first) % 64 == std::uintptr_t(0));
        std::memset(first, 1, bytes);
        void* const second = poolAllocate(bytes);
        REQUIRE(second != first);
        poolFree(first, bytes);
#ifndef __SANITIZE_ADDRESS__
        void* const again = poolAllocate(bytes);
        REQUIRE(again == first);
        poolFree(again, bytes);
#endif
        poolFree(second, bytes);
    }
}

TEST_CASE("pool of an ended thread") {
    Matrix<float> kept;
    std::thread([&] { kept = Matrix<float>(100, 100, 2.0f); }).join();
    REQUIRE(kept(99, 99) == 2.0f);
    kept = {}; // given back to this thread's pool
    const Matrix<float> again(100, 100, 3.0f);
    REQUIRE(again(0, 0) == 3.0f);
}
