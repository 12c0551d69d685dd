// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

namespace attn {

/// The bytes of a NumPy array file: a matrix of float64, row-major, as format 1.0 has it (NumPy Enhancement
/// Proposal 1). Throws Error(Bug) if there are not rows * cols values.
std::string toNpy(int rows, int cols, std::span<const double> values);

} // namespace attn
