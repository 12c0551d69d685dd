// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/attention/attention_spec.h"
#include "core/autograd/var.h"

namespace attn {

/// 1 where a position takes part, 0 where not; rows are queries, columns positions.
using AllowedMask = Matrix<std::uint8_t>;

/// Stage 3: scores (n x S) over temperature become weights over the allowed positions of each row.
/// Laws: 0 <= a <= 1; a row sums to 1 (softmax, sparsemax, entmax15, hard) if a position is allowed,
/// else it is all zeros; sigmoid's entries stand each for itself; hard has no gradient.
/// softmax: Bridle 1990. sparsemax: Martins & Astudillo 2016. entmax15: Peters, Niculae & Martins 2019.
template <typename T>
Var<T> normalise(Tape<T>* tape, const Var<T>& scores, const AllowedMask& allowed, Normaliser kind,
                 double temperature);

/// The number that all weights of one row of n scores share, of z = score / temperature at the allowed
/// positions: softmax's sum of exp(z); sparsemax's tau, a = max(0, z - tau); entmax15's tau, a = max(0, z/2 -
/// tau)^2; hard's largest z. None for sigmoid, and if no position is allowed.
template <typename T>
std::optional<double> normaliserConstant(const T* scores, const std::uint8_t* allowed, int n, Normaliser kind,
                                         double temperature);

} // namespace attn
