// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/hypothesis_score.h"

#include <algorithm>
#include <cmath>

namespace attn {

double coverageScore(const BeamOptions& options, const List<double>& covered) {
    if (options.coveragePenalty == 0) return 0;
    double sum = 0;
    for (const double c : covered)
        sum += options.coverage == CoverageKind::Gnmt ? std::log(std::clamp(c, kLeastCovered, 1.0))
                                                      : 1 - std::max(c, 1.0);
    return options.coveragePenalty * sum;
}

HypothesisScore hypothesisScore(const BeamOptions& options, double logProb, int tokens,
                                const List<double>& covered) {
    const double counted = tokens + (options.countStart ? 1 : 0);
    const double base = options.length == LengthNormalisation::Gnmt ? (5 + counted) / 6 : counted;
    HypothesisScore score;
    score.logProb = logProb;
    score.length = options.lengthPenalty == 0 ? 1 : std::pow(base, options.lengthPenalty);
    score.coverage = coverageScore(options, covered) / (options.stepwise ? score.length : 1);
    score.words = options.wordPenalty * tokens;
    score.total = (logProb - score.words) / score.length + score.coverage;
    return score;
}

} // namespace attn
