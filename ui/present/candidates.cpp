// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/candidates.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/present/axis_text.h"

namespace attn::ui {

CandidateList candidateList(const Trace& trace, int step) {
    CandidateList list;
    const StepTrace& taken = trace.steps[static_cast<std::size_t>(step)];
    const std::optional<Output>& output = trace.passOf(step).output;
    list.forced = taken.forced;
    if (!output) return list;
    list.entropy = output->entropy / std::numbers::ln2;
    list.rest = 1;
    const auto add = [&](const Candidate& candidate) {
        list.rows.push_back({candidate.text, tokenText(candidate.text, candidate.role),
                             std::exp(static_cast<double>(candidate.logProb)), candidate.logProb,
                             candidate.id == taken.wordId});
        list.rest -= list.rows.back().probability;
    };
    for (const Candidate& candidate : output->candidates) add(candidate);
    if (std::none_of(list.rows.begin(), list.rows.end(), [](const CandidateRow& row) { return row.chosen; }))
        add({taken.wordId, taken.wordText, taken.role, taken.logProb});
    list.rest = std::max(list.rest, 0.0);
    return list;
}

bool hasCandidates(const Trace& trace) {
    return std::any_of(trace.passes.begin(), trace.passes.end(),
                       [](const Pass& pass) { return pass.output.has_value(); });
}

std::vector<std::string> forcedPrefix(const Trace& trace, const std::vector<int>& path, int step,
                                      const std::string& token) {
    std::vector<std::string> prefix;
    for (int t = trace.prompt; t < step; ++t)
        prefix.push_back(trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])].wordText);
    prefix.push_back(token);
    return prefix;
}

} // namespace attn::ui
