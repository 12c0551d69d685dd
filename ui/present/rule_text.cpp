// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/rule_text.h"

#include <QCoreApplication>

#include "ui/present/numbers.h"

namespace attn::ui {

namespace {
struct RuleText {
    Q_DECLARE_TR_FUNCTIONS(Rule)
};
} // namespace

QString ruleText(Score score) {
    switch (score) {
        case Score::Dot:
            return RuleText::tr("dot product");
        case Score::ScaledDot:
            return RuleText::tr("scaled dot product");
        case Score::General:
            return RuleText::tr("general (bilinear)");
        case Score::Additive:
            return RuleText::tr("additive");
        case Score::Concat:
            return RuleText::tr("concatenation");
        case Score::Location:
            return RuleText::tr("location");
        case Score::Cosine:
            return RuleText::tr("cosine");
        case Score::LocationKey:
            return RuleText::tr("location and key");
    }
    return {};
}

QString ruleText(Scope scope) {
    switch (scope) {
        case Scope::Global:
            return RuleText::tr("global");
        case Scope::Causal:
            return RuleText::tr("causal");
        case Scope::Past:
            return RuleText::tr("past");
        case Scope::Window:
            return RuleText::tr("window");
        case Scope::LocalM:
            return RuleText::tr("local, monotonic");
        case Scope::LocalP:
            return RuleText::tr("local, predictive");
        case Scope::Monotonic:
            return RuleText::tr("hard monotonic");
    }
    return {};
}

QString ruleText(Normaliser normaliser) {
    switch (normaliser) {
        case Normaliser::Softmax:
            return RuleText::tr("softmax");
        case Normaliser::Sparsemax:
            return RuleText::tr("sparsemax");
        case Normaliser::Entmax15:
            return RuleText::tr("1.5-entmax");
        case Normaliser::Sigmoid:
            return RuleText::tr("sigmoid");
        case Normaliser::Hard:
            return RuleText::tr("hard");
    }
    return {};
}

QString scopeText(const AttentionSpec& rule) {
    const QString name = ruleText(rule.scope);
    return rule.window > 0 ? RuleText::tr("%1, D = %2").arg(name).arg(rule.window) : name;
}

QString normaliserText(const AttentionSpec& rule) {
    const QString name = ruleText(rule.normaliser);
    return rule.temperature == 1 ? name
                                 : RuleText::tr("%1, temperature %2").arg(name, number(rule.temperature, 2));
}

} // namespace attn::ui
