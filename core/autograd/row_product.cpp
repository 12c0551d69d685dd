// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/row_product.h"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/autograd/eigen_map.h"
#include "core/autograd/few_rows.h"

namespace attn {

namespace {

/// Rows that are multiplied at a time; the sweep and the threads go by these.
constexpr int kChunk = 64;

/// Calls chunk(first row, count) for all rows.
template <typename Chunk>
void sweepRows(int rows, int cols, Sweep sweep, bool threaded, const Chunk& chunk) {
    const int chunks = (rows + kChunk - 1) / kChunk;
    const auto one = [&](int i) {
        const int first = (sweep == Sweep::Down ? i : chunks - 1 - i) * kChunk;
        chunk(first, std::min(kChunk, rows - first));
    };
    const bool large = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols) > kNumbersWorthAThread;
    if (threaded && large && omp_get_max_threads() > 1) {
#pragma omp parallel for schedule(static)
        for (int i = 0; i < chunks; ++i) one(i);
        return;
    }
    for (int i = 0; i < chunks; ++i) one(i);
}

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
typedef float Floats __attribute__((vector_size(4 * kLanes)));
typedef std::int32_t Indices __attribute__((vector_size(4 * kLanes)));
typedef std::uint32_t Bits __attribute__((vector_size(4 * kLanes)));

template <typename Vector>
Vector load(const void* from) {
    Vector v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

/// The even and the odd lanes of p and q joined.
std::pair<Floats, Floats> apart(Floats p, Floats q) {
    Indices even{}, odd{};
    for (int i = 0; i < kLanes; ++i) even[i] = 2 * i, odd[i] = 2 * i + 1;
    return {__builtin_shuffle(p, q, even), __builtin_shuffle(p, q, odd)};
}

/// Lane i is the sum of all lanes of sums[first + i], for `count` of them, then the same again.
template <int count, int first = 0>
Floats sumEach(const Floats (&sums)[kLanes]) {
    if constexpr (count == 1) {
        return sums[first];
    } else {
        const auto [even, odd] =
            apart(sumEach<count / 2, first>(sums), sumEach<count / 2, first + count / 2>(sums));
        return even + odd;
    }
}

/// What one step takes of a row: two numbers to a lane.
constexpr int kStep = 2 * kLanes;
using Pair = std::pair<Floats, Floats>;
Pair pairOf(const float* x) {
    return apart(load<Floats>(x), load<Floats>(x + kLanes));
}
/// A number in 16 bits is the upper half of a float: a lane holds two of them.
void addPair(Floats& sum, const std::uint16_t* row, const Pair& x) {
    const Bits bits = load<Bits>(row), even = bits << 16, odd = bits & 0xffff0000u;
    sum += load<Floats>(&even) * x.first;
    sum += load<Floats>(&odd) * x.second;
}

/// As many rows as there are lanes, `count` of which are there.
template <std::size_t... i>
void halfRows(const float* x, const std::uint16_t* W, int count, int cols, float* y,
              std::index_sequence<i...>) {
    Floats sums[kLanes] = {};
    const auto row = [&](int r) { return W + static_cast<std::ptrdiff_t>(r < count ? r : 0) * cols; };
    const std::uint16_t* rows[kLanes] = {row(i)...};
    int k = 0;
    for (; k + kStep <= cols; k += kStep) {
        const Pair part = pairOf(x + k);
        (addPair(sums[i], rows[i] + k, part), ...);
    }
    if (k < cols) {
        float xEnd[kStep] = {};
        std::copy(x + k, x + cols, xEnd);
        const Pair part = pairOf(xEnd);
        const auto addEnd = [&](Floats& sum, const std::uint16_t* from) {
            std::uint16_t end[kStep] = {};
            std::copy(from + k, from + cols, end);
            addPair(sum, end, part);
        };
        (addEnd(sums[i], rows[i]), ...);
    }
    const Floats all = sumEach<kLanes>(sums);
    for (int r = 0; r < count; ++r) y[r] = all[r];
}

/// The most rows of x that are multiplied at a time: two sums for each of them stay in registers.
constexpr int kTogether = 6;

/// Two neighbouring rows of W, or one, times `sizeof...(i) / 2` rows of x. Sum i is that of row i / 2 of x
/// with row i % 2 of W. `ahead` are the rows that come next: two streams alone do not keep the memory busy.
template <std::size_t... i>
void twoRows(const float* x, int cols, const float* w, const float* ahead, float* y, int outputs, bool both,
             std::index_sequence<i...>) {
    const float* const next = both ? w + cols : w;
    constexpr int groups = (static_cast<int>(sizeof...(i)) + kLanes - 1) / kLanes;
    Floats sums[groups][kLanes] = {};
    const auto add = [&](Floats a, Floats b, const float* from, int stride) {
        ((sums[i / kLanes][i % kLanes] +=
          (i % 2 == 0 ? a : b) * load<Floats>(from + static_cast<std::ptrdiff_t>(i / 2) * stride)),
         ...);
    };
    int k = 0;
    for (; k + kLanes <= cols; k += kLanes) {
        __builtin_prefetch(ahead + k);
        __builtin_prefetch(ahead + cols + k);
        add(load<Floats>(w + k), load<Floats>(next + k), x + k, cols);
    }
    if (k < cols) {
        float wEnd[2][kLanes] = {}, xEnd[sizeof...(i) / 2][kLanes] = {};
        std::copy(w + k, w + cols, wEnd[0]);
        std::copy(next + k, next + cols, wEnd[1]);
        for (std::size_t row = 0; row < sizeof...(i) / 2; ++row) {
            const float* const from = x + static_cast<std::ptrdiff_t>(row) * cols;
            std::copy(from + k, from + cols, xEnd[row]);
        }
        add(load<Floats>(wEnd[0]), load<Floats>(wEnd[1]), xEnd[0], kLanes);
    }
    Floats all[groups];
    for (int g = 0; g < groups; ++g) all[g] = sumEach<kLanes>(sums[g]);
    const auto put = [&](int at) {
        if (at % 2 == 0 || both)
            y[static_cast<std::ptrdiff_t>(at / 2) * outputs + at % 2] = all[at / kLanes][at % kLanes];
    };
    (put(static_cast<int>(i)), ...);
}

/// Rows `first` to `first + count` of W times n rows of x.
template <int n>
void fewRows(const float* x, const Matrix<float>& W, int first, int count, float* y) {
    for (int r = first; r < first + count; r += 2) {
        const int ahead = r + 3 < W.rows() ? r + 2 : std::max(0, W.rows() - 2);
        twoRows(x, W.cols(), W.row(r), W.row(ahead), y + r, W.rows(), r + 1 < first + count,
                std::make_index_sequence<2 * n>());
    }
}

} // namespace

void fewRowsProduct(const Matrix<float>& x, const Matrix<float>& W, Matrix<float>& y, Sweep sweep,
                    bool threaded) {
    using Multiply = void (*)(const float*, const Matrix<float>&, int, int, float*);
    static constexpr Multiply multiply[kTogether + 1] = {nullptr,    fewRows<1>, fewRows<2>, fewRows<3>,
                                                         fewRows<4>, fewRows<5>, fewRows<6>};
    const int parts = (x.rows() + kTogether - 1) / kTogether;
    sweepRows(W.rows(), W.cols(), sweep, threaded, [&](int first, int count) {
        for (int part = 0, row = 0; part < parts; ++part) { // of like size
            const int n = (x.rows() - row + parts - part - 1) / (parts - part);
            multiply[n](x.row(row), W, first, count, y.row(row));
            row += n;
        }
    });
}

void useThreads(int threads) {
    omp_set_num_threads(threads);
}

HalfMatrix toHalf(const Matrix<float>& m) {
    HalfMatrix half(m.size());
    for (std::size_t i = 0; i < m.size(); ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(m.data()[i]);
        half[i] = static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
    return half;
}

float fromHalf(std::uint16_t half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

template <typename T>
void rowProduct(const T* x, const Matrix<T>& W, T* y, Sweep sweep, bool threaded) {
    using Row = Eigen::Matrix<T, 1, Eigen::Dynamic>;
    const Eigen::Map<const Row> in(x, W.cols());
    sweepRows(W.rows(), W.cols(), sweep, threaded, [&](int first, int count) {
        Eigen::Map<Row>(y + first, count).noalias() = in * eigenRows(W, first, count).transpose();
    });
}
template void rowProduct(const float*, const Matrix<float>&, float*, Sweep, bool);
template void rowProduct(const double*, const Matrix<double>&, double*, Sweep, bool);

void rowProduct(const float* x, const HalfMatrix& W, int rows, int cols, float* y, Sweep sweep,
                bool threaded) {
    sweepRows(rows, cols, sweep, threaded, [&](int first, int count) {
        for (int r = first; r < first + count; r += kLanes)
            halfRows(x, W.data() + static_cast<std::ptrdiff_t>(r) * cols, std::min(kLanes, first + count - r),
                     cols, y + r, std::make_index_sequence<kLanes>());
    });
}

} // namespace attn
