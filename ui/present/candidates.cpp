// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/candidates.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/present/alignment.h"

namespace attn::ui {

CandidateList candidateList(const StepTrace& step) {
    CandidateList list;
    list.forced = step.forced;
    list.entropy = step.entropy / std::numbers::ln2;
    list.rest = 1;
    const auto add = [&](int id, const std::string& text, float logProb) {
        StepTrace as;
        as.wordText = text;
        as.end = text == "</s>" || (step.end && id == step.wordId);
        list.rows.push_back(
            {text, axisText(as), std::exp(static_cast<double>(logProb)), logProb, id == step.wordId});
        list.rest -= list.rows.back().probability;
    };
    for (const Candidate& candidate : step.candidates) add(candidate.id, candidate.text, candidate.logProb);
    if (std::none_of(list.rows.begin(), list.rows.end(), [](const CandidateRow& row) { return row.chosen; }))
        add(step.wordId, step.wordText, step.logProb);
    list.rest = std::max(list.rest, 0.0);
    return list;
}

std::vector<std::string> forcedPrefix(const Trace& trace, const std::vector<int>& path, int step,
                                      const std::string& token) {
    std::vector<std::string> prefix;
    for (int t = 0; t < step; ++t)
        prefix.push_back(trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])].wordText);
    prefix.push_back(token);
    return prefix;
}

} // namespace attn::ui
