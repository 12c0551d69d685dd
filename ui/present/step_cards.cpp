// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/step_cards.h"

#include <algorithm>
#include <cmath>

#include "ui/present/axis_text.h"
#include "ui/present/stage_cards.h"

namespace attn::ui {

int explainedKey(const HeadTrace& head, int key) {
    if (key >= 0 && key < static_cast<int>(head.weights.size())) return key;
    if (head.weights.empty()) return -1;
    return static_cast<int>(std::max_element(head.weights.begin(), head.weights.end()) -
                            head.weights.begin());
}

std::vector<ScoreTerm> sortedTerms(const HeadTrace& head, int key) {
    std::vector<ScoreTerm> terms;
    if (key < 0 || key >= head.scoreTerms.rows()) return terms;
    for (int unit = 0; unit < head.scoreTerms.cols(); ++unit)
        terms.push_back({unit, head.scoreTerms(key, unit)});
    std::stable_sort(terms.begin(), terms.end(), [](const ScoreTerm& a, const ScoreTerm& b) {
        return std::abs(a.value) > std::abs(b.value);
    });
    return terms;
}

std::vector<StepCard> stepCards(const Trace& trace, int site, const std::vector<int>& path, int query,
                                int key, int head) {
    const Site& where = trace.sites[static_cast<std::size_t>(site)];
    const auto h = static_cast<std::size_t>(std::max(head, 0));
    const Row* row = query < 0 ? nullptr : trace.row(site, query, path);
    if (!where.rule || !row || h >= row->heads.size()) return {};
    const HeadTrace& now = row->heads[h];
    const int j = explainedKey(now, key);
    if (j < 0) return {};
    const Row* before = query > 0 ? trace.row(site, query - 1, path) : nullptr;
    const StageRecord at{*where.rule,
                         now,
                         before ? &before->heads[h] : nullptr,
                         query,
                         j,
                         static_cast<int>(now.weights.size()),
                         axisText(trace.position(where.keyAxis, j, path))};
    return {scoreCard(at),   scopeCard(at), normaliserCard(at),
            factorsCard(at), mixCard(at),   gateCard(row->gate)};
}

std::vector<StepCard> stepCardsWithoutAttention(const Trace& trace, const std::vector<int>& path, int step) {
    if (step < 0 || step >= static_cast<int>(path.size())) return {};
    const std::vector<float>& context =
        trace.passOf(path[static_cast<std::size_t>(step)]).vector(StepVector::Context);
    if (context.empty()) return {};
    return {summaryCard(context), gateCard({})};
}

} // namespace attn::ui
