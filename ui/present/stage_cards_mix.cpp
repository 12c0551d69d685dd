// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of the stages that use weights: factors, mix, gate.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/present/numbers.h"
#include "ui/present/stage_cards.h"

namespace attn::ui {

StepCard factorsCard(const StageRecord& at) {
    StepCard card = cardFor(Stage::Factors, StepCardsText::tr("Factors"));
    const bool chooses = !at.head.monotonic.empty();
    if (chooses) {
        const double p = at.of(at.head.normalised);
        card.formulas.push_back(
            {QStringLiteral("monotonic_weight"),
             QStringLiteral("monotonic_weight.numbers"),
             {{QStringLiteral("probability"), shareText(p)},
              {QStringLiteral("relation"), p > 0.5 ? QStringLiteral(">") : QString(QChar(0x2264))},
              {QStringLiteral("weight"), shareText(at.of(at.head.monotonic))}}});
    }
    if (!at.head.gaussian.empty()) {
        const double value = at.of(at.head.gaussian);
        card.formulas.push_back({QStringLiteral("gaussian"),
                                 QStringLiteral("gaussian.numbers"),
                                 {{QStringLiteral("j"), count(at.key)},
                                  {QStringLiteral("position"), termText(at.head.position.value_or(0))},
                                  {QStringLiteral("sigma"), number(at.rule.window / 2.0, 2)},
                                  {QStringLiteral("factor"), shareText(value)}}});
    }
    if (!at.head.relevance.empty()) {
        const double relevance = at.of(at.head.relevance);
        const double value = at.head.gaussian.empty() ? at.of(at.head.factor) : std::max(0.0, relevance);
        card.formulas.push_back({QStringLiteral("relevance"),
                                 QStringLiteral("relevance.numbers"),
                                 {{QStringLiteral("relevance"), termText(relevance)},
                                  {QStringLiteral("factor"), shareText(value)}}});
    }
    card.trivial = card.formulas.empty();
    if (card.trivial) {
        card.result = QStringLiteral("1");
        card.remark = StepCardsText::tr("None: the weights stay as they are.");
    } else {
        card.result = chooses ? weightText(at.of(at.head.weights))
                              : QStringLiteral("× ") + weightText(at.of(at.head.factor));
        card.remark =
            StepCardsText::tr("Weight after the factors: %1").arg(weightText(at.of(at.head.weights)));
    }
    return card;
}

StepCard mixCard(const StageRecord& at) {
    StepCard card = cardFor(Stage::Mix, StepCardsText::tr("Context · weighted sum"));
    std::vector<int> order(static_cast<std::size_t>(at.keys));
    std::iota(order.begin(), order.end(), 0);
    const auto& weights = at.head.weights;
    const auto weightOf = [&](int i) { return weights[static_cast<std::size_t>(i)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return weightOf(a) > weightOf(b); });
    FormulaText formula{QStringLiteral("mix"), QStringLiteral("mix.numbers"), {}};
    double total = 0, listed = 0;
    for (float w : weights) total += w;
    for (int i = 0; i < 3; ++i) {
        const bool there = i < at.keys;
        if (there) listed += weightOf(order[static_cast<std::size_t>(i)]);
        formula.numbers[QStringLiteral("weight%1").arg(i + 1)] =
            there ? shareText(weightOf(order[static_cast<std::size_t>(i)])) : QStringLiteral("0");
        formula.numbers[QStringLiteral("j%1").arg(i + 1)] =
            there ? count(order[static_cast<std::size_t>(i)]) : QStringLiteral("–");
    }
    formula.numbers[QStringLiteral("rest")] =
        at.keys <= 3 ? QStringLiteral("0") : shareText(std::max(0.0, total - listed));
    card.formulas.push_back(formula);
    card.result = QStringLiteral("Σ %1").arg(number(total, 3));
    card.stripName = StepCardsText::tr("context");
    card.strip = at.head.context;
    if (at.rule.coverage && at.before != nullptr && !at.head.coverage.empty()) {
        // A key that the query before did not have yet was not attended to.
        const bool there = at.key < static_cast<int>(at.before->weights.size());
        const double previous = there && !at.before->coverage.empty() ? at.of(at.before->coverage) : 0;
        const double weight = there ? at.of(at.before->weights) : 0;
        card.formulas.push_back({QStringLiteral("coverage"),
                                 QStringLiteral("coverage.numbers"),
                                 {{QStringLiteral("previous"), shareText(previous)},
                                  {QStringLiteral("weight"), shareText(weight)},
                                  {QStringLiteral("coverage"), shareText(at.of(at.head.coverage))}}});
    }
    return card;
}

StepCard summaryCard(const std::vector<float>& context) {
    StepCard card = cardFor(Stage::Mix, StepCardsText::tr("Context · no attention"));
    double squares = 0;
    for (const float x : context) squares += static_cast<double>(x) * static_cast<double>(x);
    card.result = QStringLiteral("–");
    card.remark = StepCardsText::tr("One vector, the encoder's last states, is the context of every step.");
    card.formulas.push_back({QStringLiteral("none"),
                             QStringLiteral("none.numbers"),
                             {{QStringLiteral("norm"), termText(std::sqrt(squares))}}});
    card.stripName = StepCardsText::tr("context");
    card.strip = context;
    return card;
}

StepCard gateCard(const std::vector<float>& gate) {
    StepCard card = cardFor(Stage::Gate, StepCardsText::tr("Gate"));
    if (gate.empty()) {
        card.trivial = true;
        card.result = QStringLiteral("1");
        card.remark = StepCardsText::tr("None: the context passes as it is.");
        return card;
    }
    const double mean = std::accumulate(gate.begin(), gate.end(), 0.0) / static_cast<double>(gate.size());
    card.result = number(mean, 3);
    if (gate.size() == 1) {
        card.formulas.push_back({QStringLiteral("gate_scalar"),
                                 QStringLiteral("gate_scalar.numbers"),
                                 {{QStringLiteral("gate"), shareText(mean)}}});
    } else {
        const auto [smallest, largest] = std::minmax_element(gate.begin(), gate.end());
        card.formulas.push_back({QStringLiteral("gate_elementwise"),
                                 QStringLiteral("gate_elementwise.numbers"),
                                 {{QStringLiteral("smallest"), shareText(*smallest)},
                                  {QStringLiteral("largest"), shareText(*largest)},
                                  {QStringLiteral("gate"), shareText(mean)}}});
        card.stripName = StepCardsText::tr("gate");
        card.strip = gate;
    }
    return card;
}

} // namespace attn::ui
