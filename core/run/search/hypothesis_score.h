// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/matrix.h"
#include "core/run/recipe.h"
#include "core/trace/step.h"

namespace attn {

/// The score of a hypothesis of this many tokens (BeamOptions has the formula). `covered`: per source
/// position the sum of its attention so far; not read without a coverage penalty. A position that got no
/// attention at all counts as kLeastCovered, so that scores stay finite.
HypothesisScore hypothesisScore(const BeamOptions& options, double logProb, int tokens,
                                const List<double>& covered);

inline constexpr double kLeastCovered = 1e-10;

/// The coverage penalty alone, at most 0.
double coverageScore(const BeamOptions& options, const List<double>& covered);

} // namespace attn
