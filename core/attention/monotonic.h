// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attention/normalise.h"
#include "core/base/random.h"

namespace attn {

// Monotonic attention (Raffel et al. 2017, "Online and Linear-Time Attention by Enforcing Monotonic
// Alignments"): at each step the memory is read from the position that was chosen last, and each position
// in turn is chosen with probability p_tj; the first choice is what the step attends to.

/// p_tj = sigmoid(e_tj / temperature + r) of allowed positions, 0 elsewhere; scores n x S, r 1 x 1.
/// With a generator, noise of mean 0 and this standard deviation is added before the sigmoid: it drives p
/// towards 0 and 1, where the expectation and the hard choice agree.
template <typename T>
Var<T> monotonicProbabilities(Tape<T>* tape, const Var<T>& scores, const Var<T>& r,
                              const AllowedMask& allowed, double temperature, double deviation,
                              Random* random);

/// 1 where p > 1/2, else 0; no gradient.
template <typename T>
Var<T> monotonicChoices(const Var<T>& p);

/// The probability that position j is where this step ends, when the step before ended at j with
/// probability previous_j:
///   q_j = (1 - p_(j-1)) q_(j-1) + previous_j,   a_j = p_j q_j
/// p and previous n x S. Laws: a >= 0; a row sums to at most previous's sum (the rest chose nothing); where p
/// is 0 or 1 and previous is one-hot, a is the one-hot of the first choice from there on, or zeros.
template <typename T>
Var<T> monotonicWeights(Tape<T>* tape, const Var<T>& p, const Var<T>& previous);

} // namespace attn
