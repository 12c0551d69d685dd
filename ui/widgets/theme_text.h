// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

class QFontMetricsF;

namespace attn::ui {

/// What a reader sees as single characters: "👩‍👩‍👧" and "é" (e + accent) are one each.
QStringList graphemes(const QString& text);

/// `text` cut to at most `width` pixels, never inside a grapheme, ending in "…" if something was cut.
QString elideByGrapheme(const QFontMetricsF& metrics, const QString& text, double width);

/// Whether the text is written in Chinese, Japanese or Korean characters, which stand upright in a column.
bool isCjk(const QString& text);

/// A value for people: two decimals below 10 ("0.93", "-0.52"), "<.01" for what would print as zero but is
/// not, "0" for zero, at most `digits` significant figures above, "nan" and "inf" as they are. C locale.
QString shortNumber(double value, int digits = 3);

} // namespace attn::ui
