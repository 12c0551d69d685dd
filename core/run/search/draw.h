// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "core/run/recipe.h"

namespace attn {

/// The tokens that sampling may draw and their probabilities, which sum to 1: those that `allows` lets pass
/// of the softmax of `count` logits, by temperature, topK and topP (SampleOptions). By falling logit, equals
/// by id, where topK or topP cut; else by id. Temperature 0: the largest alone. Empty if none is allowed.
struct TokenProbability {
    int id = 0;
    double probability = 0;
};
std::vector<TokenProbability> samplingDistribution(const float* logits, int count,
                                                   const SampleOptions& options,
                                                   const std::function<bool(int id)>& allows);

/// The token that `seed` draws at a step of a sentence; -1 from nothing.
int drawToken(const std::vector<TokenProbability>& from, std::uint64_t seed, int sentence, int step);

} // namespace attn
