// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of the stages that make weights: score, scope, normaliser.
#include "ui/present/stage_cards.h"

#include <cmath>

#include "ui/present/numbers.h"
#include "ui/present/rule_text.h"

namespace attn::ui {

namespace {
/// Formulas have the names that files give the rules.
QString nameOf(auto choice) {
    return QString::fromUtf8(toText(choice).data());
}

/// The formula of a score with the recorded terms; the first three by themselves, the others as one sum.
FormulaText scoreFormula(const StageRecord& at, const std::vector<ScoreTerm>& terms, const QString& score) {
    const AttentionSpec& rule = at.rule;
    const bool hears = rule.coverage && rule.score == Score::Additive;
    FormulaText formula{hears ? QStringLiteral("additive_coverage") : nameOf(rule.score), {}, {}};
    if (terms.empty()) return formula;
    const bool scaled = rule.score == Score::ScaledDot;
    const int width = rule.heads > 0 ? rule.headWidth : rule.keyWidth;
    const double unscale = scaled ? std::sqrt(static_cast<double>(width)) : 1;
    const auto sumFrom = [&](std::size_t from) {
        double sum = 0;
        for (std::size_t i = from; i < terms.size(); ++i) sum += static_cast<double>(terms[i].value);
        return sum * unscale;
    };
    for (std::size_t i = 0; i < 3; ++i)
        formula.numbers[QStringLiteral("term%1").arg(i + 1)] =
            termText(i < terms.size() ? static_cast<double>(terms[i].value) * unscale : 0.0);
    formula.numbers[QStringLiteral("rest")] = termText(sumFrom(3));
    formula.numbers[QStringLiteral("score")] = score;
    formula.numbersName = formula.name + QStringLiteral(".numbers");
    if (scaled) {
        formula.numbers[QStringLiteral("dot")] = termText(sumFrom(0));
        formula.numbers[QStringLiteral("d_k")] = count(width);
    } else if (rule.score == Score::Cosine || rule.score == Score::LocationKey) {
        formula.numbersName = QStringLiteral("general.numbers"); // the plain sum of the recorded terms
    } else if (hears) {
        formula.numbers[QStringLiteral("coverage")] =
            shareText(at.head.coverage.empty() ? 0 : at.of(at.head.coverage));
    }
    return formula;
}

QString takesPart(const StageRecord& at) {
    return (at.allowed(at.key) ? StepCardsText::tr("“%1” takes part.")
                               : StepCardsText::tr("“%1” does not take part."))
        .arg(at.word);
}

/// Monotonic: reading continues from the position that the previous query chose.
void explainMonotonic(const StageRecord& at, StepCard& card) {
    int from = 0;
    while (from < at.keys && !at.allowed(from)) ++from;
    const bool open = at.allowed(at.key), over = from == at.keys;
    card.remark = !open && over ? StepCardsText::tr("An earlier step chose nothing, so reading is over.")
                                : takesPart(at);
    card.formulas.push_back(
        {nameOf(at.rule.scope),
         nameOf(at.rule.scope) + QStringLiteral(".numbers"),
         {{QStringLiteral("j"), count(at.key)},
          {QStringLiteral("relation"), open ? QString(QChar(0x2265)) : QStringLiteral("<")},
          {QStringLiteral("from"), over ? QStringLiteral("–") : count(from)}}});
}

/// The slots are those of the scope's formula and no others.
QMap<QString, QString> scopeNumbers(const StageRecord& at, bool limited) {
    const QString j = count(at.key), t = count(at.query), window = count(at.rule.window);
    if (limited)
        return {{QStringLiteral("t"), t},
                {QStringLiteral("j"), j},
                {QStringLiteral("distance"), count(at.query - at.key)},
                {QStringLiteral("D"), window}};
    const bool strict = at.rule.scope == Scope::Past; // j < t, where others say "at most"
    const QString relation = strict ? (at.allowed(at.key) ? QStringLiteral("<") : QString(QChar(0x2265)))
                                    : (at.allowed(at.key) ? QString(QChar(0x2264)) : QStringLiteral(">"));
    QMap<QString, QString> numbers{{QStringLiteral("j"), j}, {QStringLiteral("relation"), relation}};
    if (at.rule.scope != Scope::LocalP) numbers[QStringLiteral("t")] = t;
    if (at.rule.scope != Scope::Causal && at.rule.scope != Scope::Past) numbers[QStringLiteral("D")] = window;
    if (at.rule.scope == Scope::LocalM) {
        numbers[QStringLiteral("position")] = number(static_cast<double>(*at.head.position), 0);
        numbers[QStringLiteral("last")] = count(at.keys - 1);
    } else if (at.rule.scope == Scope::LocalP) {
        numbers[QStringLiteral("position")] = termText(static_cast<double>(*at.head.position));
        numbers[QStringLiteral("S")] = count(at.keys);
        numbers[QStringLiteral("logit")] = termText(static_cast<double>(*at.head.positionLogit));
    }
    return numbers;
}

FormulaText scopeFormula(const StageRecord& at) {
    const Scope scope = at.rule.scope;
    const bool limited = at.rule.window > 0 && (scope == Scope::Causal || scope == Scope::Past);
    const QString name = limited ? nameOf(scope) + QStringLiteral("_window") : nameOf(scope);
    const bool recorded = (at.head.position || (scope != Scope::LocalM && scope != Scope::LocalP)) &&
                          (at.head.positionLogit || scope != Scope::LocalP);
    if (!recorded) return {name, {}, {}};
    return {name, name + QStringLiteral(".numbers"), scopeNumbers(at, limited)};
}
} // namespace

StepCard cardFor(Stage stage, const QString& title) {
    StepCard card;
    card.stage = stage;
    card.title = title;
    return card;
}

QString termText(double value) {
    return number(value, std::abs(value) < 10 ? 3 : 2);
}

QString shareText(double value) {
    return value > 0 && value < 0.0005 ? QStringLiteral("<0.001") : number(value, 3);
}

StepCard scoreCard(const StageRecord& at) {
    const Score score = at.rule.score;
    StepCard card = cardFor(Stage::Score, StepCardsText::tr("Score · %1").arg(ruleText(score)));
    if (!at.allowed(at.key) && at.of(at.head.scores) == 0) {
        card.result = QStringLiteral("–");
        card.remark =
            StepCardsText::tr("“%1” is out of scope at this step, so it has no score.").arg(at.word);
        card.formulas.push_back({nameOf(score), {}, {}});
        return card;
    }
    card.result = termText(at.of(at.head.scores));
    card.terms = sortedTerms(at.head, at.key);
    if (card.terms.empty())
        card.remark =
            StepCardsText::tr("This score is not a sum of recorded terms; its value for “%1” is %2.")
                .arg(at.word, card.result);
    card.formulas.push_back(scoreFormula(at, card.terms, card.result));
    return card;
}

StepCard scopeCard(const StageRecord& at) {
    StepCard card = cardFor(Stage::Scope, StepCardsText::tr("Scope · %1").arg(ruleText(at.rule.scope)));
    int allowed = 0;
    for (int i = 0; i < at.keys; ++i) allowed += at.allowed(i);
    card.result = StepCardsText::tr("%1 of %2").arg(allowed).arg(at.keys);
    if (at.rule.scope == Scope::Global) {
        card.trivial = true;
        card.remark = StepCardsText::tr("All %1 positions take part.").arg(at.keys);
    } else if (at.rule.scope == Scope::Monotonic) {
        explainMonotonic(at, card);
    } else {
        card.remark = takesPart(at);
        card.formulas.push_back(scopeFormula(at));
    }
    return card;
}

StepCard normaliserCard(const StageRecord& at) {
    const AttentionSpec& rule = at.rule;
    const bool chooses = at.head.offset.has_value(); // monotonic: a probability, not yet a weight
    const QString name = chooses ? QStringLiteral("monotonic_probability") : nameOf(rule.normaliser);
    StepCard card = cardFor(Stage::Normaliser, (chooses ? StepCardsText::tr("Probability · %1")
                                                        : StepCardsText::tr("Weights · %1"))
                                                   .arg(ruleText(rule.normaliser)));
    card.result = weightText(at.of(at.head.normalised));
    if (!at.allowed(at.key)) {
        card.remark = StepCardsText::tr("“%1” is out of scope, so its weight is 0.").arg(at.word);
        card.formulas.push_back({name, {}, {}});
        return card;
    }
    FormulaText formula{name,
                        name + QStringLiteral(".numbers"),
                        {{QStringLiteral("score"), termText(at.of(at.head.scores))},
                         {QStringLiteral("temperature"), number(rule.temperature, 2)},
                         {QStringLiteral("weight"), shareText(at.of(at.head.normalised))}}};
    if (chooses) {
        formula.numbers[QStringLiteral("offset")] = number(static_cast<double>(*at.head.offset), 2);
    } else if (rule.normaliser != Normaliser::Sigmoid) {
        const char* slot = rule.normaliser == Normaliser::Softmax ? "sum"
                           : rule.normaliser == Normaliser::Hard  ? "largest"
                                                                  : "threshold";
        if (at.head.constant)
            formula.numbers[QLatin1String(slot)] = termText(*at.head.constant);
        else
            formula.numbersName.clear();
    }
    card.formulas.push_back(formula);
    return card;
}

} // namespace attn::ui
