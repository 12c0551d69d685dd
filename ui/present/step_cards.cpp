// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/step_cards.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/present/alignment.h"
#include "ui/present/numbers.h"
#include "ui/present/rule_text.h"

namespace attn::ui {

namespace {
struct StepCardsText {
    Q_DECLARE_TR_FUNCTIONS(StepCards)
};
QString nameOf(auto choice) {
    return QString::fromUtf8(toText(choice).data());
}
/// Two or three decimals, so that a score of usual size fits its slot.
QString term(double value) {
    return number(value, std::abs(value) < 10 ? 3 : 2);
}

StepCard cardFor(Stage stage, const QString& title) {
    StepCard card;
    card.stage = stage;
    card.title = title;
    return card;
}

/// A weight inside a formula: as many places as its slot has room for.
QString share(double value) {
    return value > 0 && value < 0.0005 ? QStringLiteral("<0.001") : number(value, 3);
}

/// The step, position and head that the cards explain, and what they all need.
struct At {
    const Trace& trace;
    const StepTrace& step;
    const HeadTrace& head;
    const HeadTrace* before; ///< the same head one step earlier on the path
    int t;
    int j;
    int size; ///< S
    QString word;

    const AttentionSpec& spec() const { return trace.attention; }
    std::size_t at() const { return static_cast<std::size_t>(j); }
    bool allowed(int i) const {
        return head.allowed.empty() || head.allowed[static_cast<std::size_t>(i)] != 0;
    }
    double scaledScore(int i) const { return head.scores[static_cast<std::size_t>(i)] / spec().temperature; }
};

StepCard scoreCard(const At& at) {
    const Score score = at.spec().score;
    StepCard card = cardFor(Stage::Score, StepCardsText::tr("Score · %1").arg(ruleText(score)));
    if (!at.allowed(at.j) && at.head.scores[at.at()] == 0) {
        card.result = QStringLiteral("–");
        card.remark =
            StepCardsText::tr("“%1” is out of scope at this step, so it has no score.").arg(at.word);
        card.formulas.push_back({nameOf(score), {}, {}});
        return card;
    }
    card.result = term(at.head.scores[at.at()]);
    card.terms = sortedTerms(at.head, at.j);
    const bool hears = at.spec().coverage && score == Score::Additive;
    FormulaText formula{hears ? QStringLiteral("additive_coverage") : nameOf(score), {}, {}};
    if (card.terms.empty()) {
        card.remark =
            StepCardsText::tr("This score is not a sum of recorded terms; its value for “%1” is %2.")
                .arg(at.word, card.result);
    } else {
        const int width = at.spec().heads > 0 ? at.spec().headWidth : at.spec().keyWidth;
        const bool scaled = score == Score::ScaledDot;
        const double unscale = scaled ? std::sqrt(static_cast<double>(width)) : 1;
        const double sum = std::accumulate(card.terms.begin(), card.terms.end(), 0.0,
                                           [](double so, const ScoreTerm& t) { return so + t.value; });
        double rest = sum;
        for (std::size_t i = 0; i < 3; ++i) {
            const double value = i < card.terms.size() ? card.terms[i].value : 0.0;
            rest -= value;
            formula.numbers[QStringLiteral("term%1").arg(i + 1)] = term(value * unscale);
        }
        if (card.terms.size() <= 3) rest = 0;
        formula.numbers[QStringLiteral("rest")] = term(rest * unscale);
        formula.numbers[QStringLiteral("score")] = card.result;
        formula.numbersName = formula.name + QStringLiteral(".numbers");
        if (scaled) {
            formula.numbers[QStringLiteral("dot")] = term(sum * unscale);
            formula.numbers[QStringLiteral("d_k")] = count(width);
        } else if (score == Score::Cosine || score == Score::LocationKey) {
            formula.numbersName = QStringLiteral("general.numbers"); // the plain sum of the recorded terms
        } else if (hears) {
            formula.numbers[QStringLiteral("coverage")] =
                share(at.head.coverage.empty() ? 0 : at.head.coverage[at.at()]);
        }
    }
    card.formulas.push_back(formula);
    return card;
}

StepCard scopeCard(const At& at) {
    const AttentionSpec& spec = at.spec();
    StepCard card = cardFor(Stage::Scope, StepCardsText::tr("Scope · %1").arg(ruleText(spec.scope)));
    int allowed = 0;
    for (int i = 0; i < at.size; ++i) allowed += at.allowed(i);
    card.result = StepCardsText::tr("%1 of %2").arg(allowed).arg(at.size);
    if (spec.scope == Scope::Monotonic) {
        int from = 0;
        while (from < at.size && !at.allowed(from)) ++from;
        const bool open = at.allowed(at.j);
        card.remark = open ? StepCardsText::tr("“%1” takes part.").arg(at.word)
                      : from == at.size
                          ? StepCardsText::tr("An earlier step chose nothing, so reading is over.")
                          : StepCardsText::tr("“%1” does not take part.").arg(at.word);
        card.formulas.push_back(
            {nameOf(spec.scope),
             nameOf(spec.scope) + QStringLiteral(".numbers"),
             {{QStringLiteral("j"), count(at.j)},
              {QStringLiteral("relation"), open ? QString(QChar(0x2265)) : QStringLiteral("<")},
              {QStringLiteral("from"), from == at.size ? QStringLiteral("–") : count(from)}}});
        return card;
    }
    if (spec.scope == Scope::Global) {
        card.trivial = true;
        card.remark = StepCardsText::tr("All %1 positions take part.").arg(at.size);
        return card;
    }
    const QString relation =
        at.allowed(at.j) ? QString(QChar(0x2264)) : QStringLiteral(">"); // at most; more than
    FormulaText formula{nameOf(spec.scope),
                        nameOf(spec.scope) + QStringLiteral(".numbers"),
                        {{QStringLiteral("j"), count(at.j)}, {QStringLiteral("relation"), relation}}};
    auto& numbers = formula.numbers;
    const double position = at.head.position.value_or(static_cast<float>(std::min(at.t, at.size - 1)));
    if (spec.scope != Scope::Causal) numbers[QStringLiteral("D")] = count(spec.window);
    if (spec.scope != Scope::LocalP) numbers[QStringLiteral("t")] = count(at.t);
    if (spec.scope == Scope::LocalM) {
        numbers[QStringLiteral("position")] = number(position, 0);
        numbers[QStringLiteral("last")] = count(at.size - 1);
    } else if (spec.scope == Scope::LocalP) {
        numbers[QStringLiteral("position")] = term(position);
        numbers[QStringLiteral("S")] = count(at.size);
        numbers[QStringLiteral("logit")] = term(std::log(position / (at.size - position)));
    }
    card.remark = at.allowed(at.j) ? StepCardsText::tr("“%1” takes part.").arg(at.word)
                                   : StepCardsText::tr("“%1” does not take part.").arg(at.word);
    card.formulas.push_back(formula);
    return card;
}

StepCard normaliserCard(const At& at) {
    const AttentionSpec& spec = at.spec();
    const bool chooses = at.head.offset.has_value(); // monotonic: a probability, not yet a weight
    const QString name = chooses ? QStringLiteral("monotonic_probability") : nameOf(spec.normaliser);
    StepCard card = cardFor(Stage::Normaliser, (chooses ? StepCardsText::tr("Probability · %1")
                                                        : StepCardsText::tr("Weights · %1"))
                                                   .arg(ruleText(spec.normaliser)));
    card.result = weightText(at.head.normalised[at.at()]);
    if (!at.allowed(at.j)) {
        card.remark = StepCardsText::tr("“%1” is out of scope, so its weight is 0.").arg(at.word);
        card.formulas.push_back({name, {}, {}});
        return card;
    }
    FormulaText formula{name,
                        name + QStringLiteral(".numbers"),
                        {{QStringLiteral("score"), term(at.head.scores[at.at()])},
                         {QStringLiteral("temperature"), number(spec.temperature, 2)},
                         {QStringLiteral("weight"), share(at.head.normalised[at.at()])}}};
    double sum = 0, largest = -INFINITY;
    int first = at.j;
    for (int i = 0; i < at.size; ++i) {
        if (!at.allowed(i)) continue;
        sum += std::exp(at.scaledScore(i));
        if (at.scaledScore(i) > largest) {
            largest = at.scaledScore(i);
            first = i;
        }
    }
    // The threshold follows from any position whose weight is not zero; the largest score always has one.
    const double kept = at.head.normalised[static_cast<std::size_t>(first)];
    switch (spec.normaliser) {
        case Normaliser::Softmax:
            formula.numbers[QStringLiteral("sum")] = term(sum);
            break;
        case Normaliser::Sparsemax:
            formula.numbers[QStringLiteral("threshold")] = term(largest - kept);
            break;
        case Normaliser::Entmax15:
            formula.numbers[QStringLiteral("threshold")] = term(largest / 2 - std::sqrt(kept));
            break;
        case Normaliser::Hard:
            formula.numbers[QStringLiteral("largest")] = term(largest);
            break;
        case Normaliser::Sigmoid:
            if (chooses) formula.numbers[QStringLiteral("offset")] = number(*at.head.offset, 2);
            break;
    }
    card.formulas.push_back(formula);
    return card;
}

StepCard factorsCard(const At& at) {
    StepCard card = cardFor(Stage::Factors, StepCardsText::tr("Factors"));
    double factor = 1;
    const bool chooses = !at.head.monotonic.empty();
    if (chooses) {
        const double p = at.head.normalised[at.at()];
        card.formulas.push_back(
            {QStringLiteral("monotonic_weight"),
             QStringLiteral("monotonic_weight.numbers"),
             {{QStringLiteral("probability"), share(p)},
              {QStringLiteral("relation"), p > 0.5 ? QStringLiteral(">") : QString(QChar(0x2264))},
              {QStringLiteral("weight"), share(at.head.monotonic[at.at()])}}});
    }
    if (!at.head.gaussian.empty()) {
        const double value = at.head.gaussian[at.at()];
        factor *= value;
        card.formulas.push_back({QStringLiteral("gaussian"),
                                 QStringLiteral("gaussian.numbers"),
                                 {{QStringLiteral("j"), count(at.j)},
                                  {QStringLiteral("position"), term(at.head.position.value_or(0))},
                                  {QStringLiteral("sigma"), number(at.spec().window / 2.0, 2)},
                                  {QStringLiteral("factor"), share(value)}}});
    }
    if (!at.head.relevance.empty()) {
        const double relevance = at.head.relevance[at.at()], value = std::max(0.0, relevance);
        factor *= value;
        card.formulas.push_back(
            {QStringLiteral("relevance"),
             QStringLiteral("relevance.numbers"),
             {{QStringLiteral("relevance"), term(relevance)}, {QStringLiteral("factor"), share(value)}}});
    }
    card.trivial = card.formulas.empty();
    if (card.trivial) {
        card.result = QStringLiteral("1");
        card.remark = StepCardsText::tr("None: the weights stay as they are.");
    } else {
        card.result =
            chooses ? weightText(at.head.weights[at.at()]) : QStringLiteral("× ") + weightText(factor);
        card.remark =
            StepCardsText::tr("Weight after the factors: %1").arg(weightText(at.head.weights[at.at()]));
    }
    return card;
}

StepCard mixCard(const At& at) {
    StepCard card = cardFor(Stage::Mix, StepCardsText::tr("Context · weighted sum"));
    std::vector<int> order(static_cast<std::size_t>(at.size));
    std::iota(order.begin(), order.end(), 0);
    const auto& weights = at.head.weights;
    const auto weight = [&](int i) { return weights[static_cast<std::size_t>(i)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return weight(a) > weight(b); });
    FormulaText formula{QStringLiteral("mix"), QStringLiteral("mix.numbers"), {}};
    double total = 0, listed = 0;
    for (float w : weights) total += w;
    for (int i = 0; i < 3; ++i) {
        const bool there = i < at.size;
        if (there) listed += weight(order[static_cast<std::size_t>(i)]);
        formula.numbers[QStringLiteral("weight%1").arg(i + 1)] =
            there ? share(weight(order[static_cast<std::size_t>(i)])) : QStringLiteral("0");
        formula.numbers[QStringLiteral("j%1").arg(i + 1)] =
            there ? count(order[static_cast<std::size_t>(i)]) : QStringLiteral("–");
    }
    formula.numbers[QStringLiteral("rest")] =
        at.size <= 3 ? QStringLiteral("0") : share(std::max(0.0, total - listed));
    card.formulas.push_back(formula);
    card.result = QStringLiteral("Σ %1").arg(number(total, 3));
    card.stripName = StepCardsText::tr("context");
    card.strip = at.head.context;
    if (at.spec().coverage && at.before != nullptr && !at.head.coverage.empty()) {
        const double previous = at.before->coverage.empty() ? 0 : at.before->coverage[at.at()];
        card.formulas.push_back({QStringLiteral("coverage"),
                                 QStringLiteral("coverage.numbers"),
                                 {{QStringLiteral("previous"), share(previous)},
                                  {QStringLiteral("weight"), share(at.before->weights[at.at()])},
                                  {QStringLiteral("coverage"), share(at.head.coverage[at.at()])}}});
    }
    return card;
}

/// Without attention one vector is all there is of the source.
StepCard summaryCard(const StepTrace& step) {
    StepCard card = cardFor(Stage::Mix, StepCardsText::tr("Context · no attention"));
    double squares = 0;
    // A gate scales what the encoder left; undone, the norm would not be recorded any more.
    for (const float x : step.context) squares += static_cast<double>(x) * static_cast<double>(x);
    card.result = QStringLiteral("–");
    card.remark = StepCardsText::tr("One vector, the encoder's last states, is the context of every step.");
    card.formulas.push_back({QStringLiteral("none"), {}, {}});
    if (step.gate.empty()) {
        card.formulas.back().numbersName = QStringLiteral("none.numbers");
        card.formulas.back().numbers[QStringLiteral("norm")] = term(std::sqrt(squares));
    }
    card.stripName = StepCardsText::tr("context");
    card.strip = step.context;
    return card;
}

StepCard gateCard(const StepTrace& step) {
    StepCard card = cardFor(Stage::Gate, StepCardsText::tr("Gate"));
    const std::vector<float>& gate = step.gate;
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
                                 {{QStringLiteral("gate"), share(mean)}}});
    } else {
        const auto [smallest, largest] = std::minmax_element(gate.begin(), gate.end());
        card.formulas.push_back({QStringLiteral("gate_elementwise"),
                                 QStringLiteral("gate_elementwise.numbers"),
                                 {{QStringLiteral("smallest"), share(*smallest)},
                                  {QStringLiteral("largest"), share(*largest)},
                                  {QStringLiteral("gate"), share(mean)}}});
        card.stripName = StepCardsText::tr("gate");
        card.strip = gate;
    }
    return card;
}
} // namespace

int explainedSource(const HeadTrace& head, int source) {
    if (source >= 0 && source < static_cast<int>(head.weights.size())) return source;
    if (head.weights.empty()) return -1;
    return static_cast<int>(std::max_element(head.weights.begin(), head.weights.end()) -
                            head.weights.begin());
}

std::vector<ScoreTerm> sortedTerms(const HeadTrace& head, int source) {
    std::vector<ScoreTerm> terms;
    if (source < 0 || source >= head.scoreTerms.rows()) return terms;
    for (int unit = 0; unit < head.scoreTerms.cols(); ++unit)
        terms.push_back({unit, head.scoreTerms(source, unit)});
    std::stable_sort(terms.begin(), terms.end(), [](const ScoreTerm& a, const ScoreTerm& b) {
        return std::abs(a.value) > std::abs(b.value);
    });
    return terms;
}

std::vector<StepCard> stepCards(const Trace& trace, const std::vector<int>& path, int step, int source,
                                int head) {
    if (step < 0 || step >= static_cast<int>(path.size())) return {};
    const auto stepAt = [&](int t) -> const StepTrace& {
        return trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])];
    };
    if (trace.attention.maps() == 0) return {summaryCard(stepAt(step)), gateCard(stepAt(step))};
    const auto h = static_cast<std::size_t>(std::max(head, 0));
    if (h >= stepAt(step).heads.size()) return {};
    const HeadTrace& now = stepAt(step).heads[h];
    const int j = explainedSource(now, source);
    if (j < 0) return {};
    const At at{trace,
                stepAt(step),
                now,
                step > 0 ? &stepAt(step - 1).heads[h] : nullptr,
                step,
                j,
                static_cast<int>(now.weights.size()),
                axisText(trace.source[static_cast<std::size_t>(j)])};
    return {scoreCard(at),   scopeCard(at), normaliserCard(at),
            factorsCard(at), mixCard(at),   gateCard(at.step)};
}

} // namespace attn::ui
