// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace attn::ui {

/// A word that a step could have said.
struct CandidateRow {
    std::string token; ///< as the vocabulary has it
    QString text;      ///< for people
    double probability = 0;
    double logProb = 0; ///< natural log
    bool chosen = false;
};

/// A step's distribution: the candidates recorded, most probable first, the chosen word among them even if it
/// is less probable than all, and the probability of everything else.
struct CandidateList {
    std::vector<CandidateRow> rows;
    double rest = 0; ///< probability of the words that are not listed
    bool forced = false;
    double entropy = 0; ///< bits
};
CandidateList candidateList(const StepTrace& step);

/// The first words of a path followed by another word: a prefix that forces the word at `step`.
std::vector<std::string> forcedPrefix(const Trace& trace, const std::vector<int>& path, int step,
                                      const std::string& token);

} // namespace attn::ui
