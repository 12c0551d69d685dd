// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/autograd/var.h"

namespace attn {

/// The output that each source position copies.
struct CopyTargets {
    std::vector<int> ids; ///< B*S: a word of the vocabulary, or V and up for a word it lacks; -1: padding
    int extra = 0;        ///< outputs beyond the vocabulary
    int blocked = -1;     ///< a word that is never generated; -1: none
};

/// The logarithm of a mixture of generating and copying (See et al. 2017; OpenNMT-py's copy generator):
///   q_w = (1 - p) softmax(z)_w + p sum of a_j over the positions j with ids_j = w
/// z n x V logits, p n x 1 from 0 to 1, a n x S weights: n x (V + extra). The blocked word's z counts as
/// minus infinity. Probabilities below 1e-30 are raised to it, so that the logarithm is finite.
template <typename T>
Var<T> copyMixture(Tape<T>* tape, const Var<T>& logits, const Var<T>& p, const Var<T>& weights,
                   const CopyTargets& targets);

} // namespace attn
