// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

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

} // namespace attn
