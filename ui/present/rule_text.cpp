// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/rule_text.h"

#include <QCoreApplication>

namespace attn::ui {

namespace {
// The names of core's enums, listed for the translators; a test holds the two lists together.
[[maybe_unused]] constexpr const char* ruleNames[] = {
    QT_TRANSLATE_NOOP("Rule", "dot"),       QT_TRANSLATE_NOOP("Rule", "scaled_dot"),
    QT_TRANSLATE_NOOP("Rule", "general"),   QT_TRANSLATE_NOOP("Rule", "additive"),
    QT_TRANSLATE_NOOP("Rule", "concat"),    QT_TRANSLATE_NOOP("Rule", "location"),
    QT_TRANSLATE_NOOP("Rule", "cosine"),    QT_TRANSLATE_NOOP("Rule", "location_key"),
    QT_TRANSLATE_NOOP("Rule", "global"),    QT_TRANSLATE_NOOP("Rule", "causal"),
    QT_TRANSLATE_NOOP("Rule", "window"),    QT_TRANSLATE_NOOP("Rule", "local_m"),
    QT_TRANSLATE_NOOP("Rule", "local_p"),   QT_TRANSLATE_NOOP("Rule", "softmax"),
    QT_TRANSLATE_NOOP("Rule", "sparsemax"), QT_TRANSLATE_NOOP("Rule", "entmax15"),
    QT_TRANSLATE_NOOP("Rule", "sigmoid"),   QT_TRANSLATE_NOOP("Rule", "hard"),
    QT_TRANSLATE_NOOP("Rule", "none"),      QT_TRANSLATE_NOOP("Rule", "monotonic")};

QString translated(auto rule) {
    return QCoreApplication::translate("Rule", toText(rule).data());
}
} // namespace

QString ruleText(Score score) {
    return translated(score);
}
QString ruleText(Scope scope) {
    return translated(scope);
}
QString ruleText(Normaliser normaliser) {
    return translated(normaliser);
}

} // namespace attn::ui
