// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/matrix.h"
#include "core/measure/alignment_error.h"

namespace attn {

/// Mean over heads of one row of weights: position by position, summed in the heads' order in double. `heads`
/// point at `count` weights each; empty without heads.
std::vector<float> meanOverHeads(const std::vector<const float*>& heads, int count);
/// The same for heads with a list `weights` each (HeadTrace), all of one length.
template <typename Head>
std::vector<float> meanOverHeads(const std::vector<Head>& heads) requires requires(const Head& head) {
    head.weights.data();
}
{
    std::vector<const float*> rows;
    for (const Head& head : heads) rows.push_back(head.weights.data());
    return meanOverHeads(rows, heads.empty() ? 0 : static_cast<int>(heads.front().weights.size()));
}

/// Entropy of weights divided by their sum, in nats: from 0, all on one position, to log(count), all equal.
/// 0 where they sum to 0.
double attentionEntropy(const float* weights, int count);
/// The same in bits: attentionEntropy() / log(2).
double attentionEntropyBits(const float* weights, int count);
/// Mean of the entropies of the rows; 0 without rows.
double meanEntropy(const Matrix<float>& weights);
/// For each of `cols` columns the sum of its weights over the rows; `weights` row by row.
std::vector<float> attentionCoverage(const float* weights, int rows, int cols);

/// For each of the first `targetWords` rows the heaviest column, if that is one of the first `sourceWords`:
/// what lies beyond are the end symbols, which are not aligned. A row without any weight has no link.
std::vector<AlignmentLink> heaviestLinks(const Matrix<float>& weights, int targetWords, int sourceWords);

} // namespace attn
