// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme_text.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QTextBoundaryFinder>
#include <cmath>

namespace attn::ui {

QStringList graphemes(const QString& text) {
    QStringList parts;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    qsizetype start = 0;
    for (qsizetype end = finder.toNextBoundary(); end >= 0; end = finder.toNextBoundary()) {
        parts << text.mid(start, end - start);
        start = end;
    }
    return parts;
}

QString elideByGrapheme(const QFontMetricsF& metrics, const QString& text, double width) {
    if (metrics.horizontalAdvance(text) <= width) return text;
    const QString ellipsis(QChar(0x2026));
    QString best = ellipsis;
    QString kept;
    for (const QString& part : graphemes(text)) {
        kept += part;
        if (metrics.horizontalAdvance(kept + ellipsis) > width) break;
        best = kept + ellipsis;
    }
    return best;
}

bool isCjk(const QString& text) {
    bool any = false;
    for (const uint c : text.toUcs4()) {
        switch (QChar::script(c)) {
            case QChar::Script_Han:
            case QChar::Script_Hiragana:
            case QChar::Script_Katakana:
            case QChar::Script_Hangul:
            case QChar::Script_Bopomofo:
                any = true;
                break;
            case QChar::Script_Common:
            case QChar::Script_Inherited:
                break;
            default:
                return false;
        }
    }
    return any;
}

QString shortNumber(double value, int digits) {
    if (std::isnan(value)) return QStringLiteral("nan");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
    const double size = std::abs(value);
    if (size == 0) return QStringLiteral("0");
    if (size < 0.005) return value > 0 ? QStringLiteral("<.01") : QStringLiteral(">-.01");
    const QLocale c = QLocale::c();
    return size < 10 ? c.toString(value, 'f', 2) : c.toString(value, 'g', digits);
}

} // namespace attn::ui
