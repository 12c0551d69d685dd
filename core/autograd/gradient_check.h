// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/autograd/var.h"

namespace attn {

/// Comparison of one variable's gradient from the tape with central differences.
struct GradientReport {
    std::string name;
    double worst = 0; ///< largest |tape - numeric| / max(1, |tape|, |numeric|)
    int index = 0;    ///< of the worst entry, row-major; -1: along a direction through all entries
    double tape = 0;  ///< the two values there
    double numeric = 0;
};

/// Compares d loss / d x of every named variable with (f(x + h) - f(x - h)) / 2h, h = 1e-6, in double: along
/// one random direction of unit length, in which every entry takes part, and entry by entry for `entries`
/// of them, evenly spaced (all where there are fewer). `loss` must be a smooth 1 x 1 function of the
/// variables and give the same value each time; it is called with a tape once and without it for the
/// differences. Reports, does not assert.
std::vector<GradientReport> checkGradients(const std::function<Var<double>(Tape<double>*)>& loss,
                                           const std::vector<std::pair<std::string, Var<double>>>& variables,
                                           int entries = 1'000'000);

} // namespace attn
