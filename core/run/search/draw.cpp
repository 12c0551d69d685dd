// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/draw.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace attn {

namespace {

/// Keeps the first tokens that together reach the share topP.
void cutToShare(std::vector<TokenProbability>& tokens, double topP) {
    double sum = 0;
    const auto end = std::find_if(tokens.begin(), tokens.end(), [&](const TokenProbability& token) {
        sum += token.probability;
        return sum >= topP;
    });
    if (end != tokens.end()) tokens.erase(end + 1, tokens.end());
}

void normalise(std::vector<TokenProbability>& tokens) {
    double sum = 0;
    for (const TokenProbability& token : tokens) sum += token.probability;
    for (TokenProbability& token : tokens) token.probability /= sum;
}

} // namespace

std::vector<TokenProbability> samplingDistribution(const float* logits, int count,
                                                   const SampleOptions& options,
                                                   const std::function<bool(int id)>& allows) {
    std::vector<TokenProbability> tokens;
    for (int id = 0; id < count; ++id)
        if (logits[id] > -std::numeric_limits<float>::infinity() && allows(id)) tokens.push_back({id, 0});
    const auto better = [&](const TokenProbability& a, const TokenProbability& b) {
        return logits[a.id] != logits[b.id] ? logits[a.id] > logits[b.id] : a.id < b.id;
    };
    const auto top = std::min_element(tokens.begin(), tokens.end(), better);
    if (top == tokens.end()) return tokens;
    if (options.temperature == 0) return {{top->id, 1}};
    const double largest = static_cast<double>(logits[top->id]);
    for (TokenProbability& token : tokens)
        token.probability = std::exp((static_cast<double>(logits[token.id]) - largest) / options.temperature);
    const bool cut = options.topK > 0 || options.topP < 1;
    if (cut) std::sort(tokens.begin(), tokens.end(), better);
    if (options.topK > 0 && static_cast<std::size_t>(options.topK) < tokens.size())
        tokens.resize(static_cast<std::size_t>(options.topK));
    normalise(tokens);
    if (options.topP < 1) {
        cutToShare(tokens, options.topP);
        normalise(tokens);
    }
    return tokens;
}

int drawToken(const std::vector<TokenProbability>& from, std::uint64_t seed, int sentence, int step) {
    if (from.empty()) return -1;
    // Each draw has a generator of its own. Its seed is drawn from one that the sentence's seed came from, so
    // that neighbouring seeds, sentences and steps do not share a stream.
    Random ofSentence(Random(seed).next() + static_cast<std::uint64_t>(sentence));
    Random ofStep(ofSentence.next() + static_cast<std::uint64_t>(step));
    double left = ofStep.uniform();
    for (const TokenProbability& token : from) {
        left -= token.probability;
        if (left < 0) return token.id;
    }
    return from.back().id; // rounding left a little over
}

} // namespace attn
