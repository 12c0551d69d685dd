// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace attn::ui {

/// A token that a step could have chosen.
struct CandidateRow {
    std::string token; ///< as the vocabulary has it
    QString text;      ///< for people
    double probability = 0;
    double logProb = 0; ///< natural log
    bool chosen = false;
};

/// A step's distribution: the candidates recorded, most probable first, the chosen token among them even if
/// it is less probable than all, and the probability of everything else. No rows if no distribution was
/// recorded.
struct CandidateList {
    std::vector<CandidateRow> rows;
    double rest = 0; ///< probability of the tokens that are not listed
    bool forced = false;
    double entropy = 0; ///< bits
};
/// `step` is an index into Trace::steps.
CandidateList candidateList(const Trace& trace, int step);

/// Whether any step of the trace has a distribution.
bool hasCandidates(const Trace& trace);

/// The first tokens of a path, after those that were typed, followed by another token: a prefix that forces
/// the token at `step`, which is not one of those typed.
std::vector<std::string> forcedPrefix(const Trace& trace, const std::vector<int>& path, int step,
                                      const std::string& token);

} // namespace attn::ui
