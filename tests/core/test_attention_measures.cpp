// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <cmath>

#include "core/measure/attention_measures.h"

using namespace attn;

namespace {

struct Head {
    std::vector<float> weights;
};

double entropy(const std::vector<float>& weights) {
    return attentionEntropy(weights.data(), static_cast<int>(weights.size()));
}

} // namespace

TEST_CASE("entropy is 0 for one position and log n for n equal ones") {
    CHECK(entropy({0, 1, 0}) == 0);
    CHECK(entropy({0.25F, 0.25F, 0.25F, 0.25F}) == doctest::Approx(std::log(4.0)));
    // By hand: -(1/2 log 1/2 + 2 * 1/4 log 1/4) = 3/2 log 2.
    CHECK(entropy({0.5F, 0.25F, 0.25F}) == doctest::Approx(1.5 * std::log(2.0)));
    CHECK(attentionEntropyBits(std::vector<float>{0.5F, 0.25F, 0.25F}.data(), 3) == doctest::Approx(1.5));
}

TEST_CASE("entropy is of the weights divided by their sum, and 0 of nothing") {
    CHECK(entropy({1, 0.5F, 0.5F}) == doctest::Approx(entropy({0.5F, 0.25F, 0.25F})));
    CHECK(entropy({0, 0}) == 0);
    CHECK(entropy({}) == 0);
}

TEST_CASE("the mean over heads is taken position by position") {
    const std::vector<Head> heads{{{1, 0, 0}}, {{0, 0.5F, 0.5F}}, {{0.5F, 0.25F, 0.25F}}};
    const std::vector<float> mean = meanOverHeads(heads);
    REQUIRE(mean.size() == 3);
    CHECK(mean == std::vector<float>{0.5F, 0.25F, 0.25F});
    CHECK(meanOverHeads(std::vector<Head>{heads[2]}) == heads[2].weights);
    CHECK(meanOverHeads(std::vector<Head>{}).empty());
    const float padded[] = {0.5F, 0.5F, 7}; // padding behind the positions that count
    CHECK(meanOverHeads(std::vector<const float*>{padded, heads[0].weights.data()}, 2) ==
          std::vector<float>{0.75F, 0.25F});
}

TEST_CASE("rows that sum to 1 have a mean that sums to 1, and its entropy is at least their mean") {
    const std::vector<Head> heads{{{0.7F, 0.2F, 0.1F}}, {{0.1F, 0.1F, 0.8F}}};
    const std::vector<float> mean = meanOverHeads(heads);
    CHECK(mean[0] + mean[1] + mean[2] == doctest::Approx(1));
    CHECK(entropy(mean) >= (entropy(heads[0].weights) + entropy(heads[1].weights)) / 2); // concavity
}
