// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/nn/parameters.h"

namespace attn {

/// Whether a training has exploded: a loss that is not finite, or 50 nats a word above the first batch's.
bool hasDiverged(double loss, double firstLoss);

/// Why a training cannot go on, naming the first array whose value, else whose gradient, is not finite, else
/// the one with the largest number.
std::string divergenceText(const Parameters<float>& parameters, const std::string& what, int update,
                           double learningRate);

} // namespace attn
