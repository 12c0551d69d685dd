// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/numbers.h"

#include <QLocale>
#include <cmath>

namespace attn::ui {

namespace {
constexpr QChar minusSign(0x2212);
}

QString number(double value, int decimals) {
    if (std::isnan(value)) return QStringLiteral("nan");
    const QString sign = value < 0 ? QString(minusSign) : QString();
    const double size = std::abs(value);
    if (std::isinf(value)) return sign + QChar(0x221E);
    QString text = size >= 1e6 ? QLocale::c().toString(size, 'e', 1) : QString::number(size, 'f', decimals);
    text.remove(QLatin1Char(','));
    if (value < 0 && text.toDouble() == 0) return text;
    return sign + text;
}

QString weightText(double value) {
    if (value > 0 && value < 0.00005) return QStringLiteral("<0.0001");
    return number(value, 4);
}

QString count(int value) {
    return number(value, 0);
}

} // namespace attn::ui
