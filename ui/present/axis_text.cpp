// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/axis_text.h"

#include <QCoreApplication>

namespace attn::ui {

namespace {
struct AxisText {
    Q_DECLARE_TR_FUNCTIONS(Axis)
};
} // namespace

QString tokenText(const std::string& text, TokenRole role) {
    if (role == TokenRole::Start) return AxisText::tr("⟨start⟩");
    if (role == TokenRole::End) return AxisText::tr("⟨end⟩");
    if (text.empty()) return AxisText::tr("⟨empty⟩");
    const QString token = QString::fromStdString(text);
    return token.trimmed().isEmpty() ? QString(QChar(0x2423)) : token; // models of characters read blanks
}

QString axisText(const Position& position) {
    return tokenText(position.text, position.role);
}

QString axisText(const StepTrace& step) {
    return tokenText(step.wordText, step.role);
}

QStringList axisLabels(const Trace& trace, int axis, const std::vector<int>& path) {
    QStringList labels;
    const int length = trace.length(axis, path);
    for (int i = 0; i < length; ++i) labels << axisText(trace.position(axis, i, path));
    return labels;
}

QString axisName(const Axis& axis) {
    switch (axis.kind) {
        case AxisKind::Source:
            return AxisText::tr("source");
        case AxisKind::Target:
            return axis.read ? AxisText::tr("read target") : AxisText::tr("target");
        case AxisKind::Words:
            return AxisText::tr("words");
        case AxisKind::Sentences:
            return AxisText::tr("sentences");
        case AxisKind::Regions:
            return AxisText::tr("regions");
        case AxisKind::Slots:
            return AxisText::tr("memory slots");
        case AxisKind::Hops:
            return AxisText::tr("hops");
        case AxisKind::Text:
            return AxisText::tr("text");
    }
    return {};
}

} // namespace attn::ui
