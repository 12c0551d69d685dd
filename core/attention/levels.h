// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/attention/attention.h"

namespace attn {

/// What a document's two levels of attention made of it.
template <typename T>
struct LevelsResult {
    std::vector<AttentionResult<T>> words; ///< one per sentence; one query step each
    Var<T> sentenceVectors;                ///< sentences x d
    AttentionResult<T> sentences;          ///< context: the document's vector, 1 x d
};

/// Hierarchical attention (Yang et al. 2016): a_i = softmax_i(u . tanh(W h_i + b)) over the words of each
/// sentence, then over the sentences' vectors. Each level is an additive attention of the key alone
/// (query width 0) with W_key = W, b, v = u of its own.
template <typename T>
LevelsResult<T> attendLevels(Tape<T>* tape, const Attention<T>& wordLevel, const Attention<T>& sentenceLevel,
                             const std::vector<Var<T>>& sentences);

} // namespace attn
