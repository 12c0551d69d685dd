// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace attn::ui {

/// `value` with `decimals` places, U+2212 as minus, never "−0.00"; "nan", "∞" and "−∞" as they are.
/// From a million on with an exponent: "1.2e+07".
QString number(double value, int decimals);
/// A probability or weight: four places; "<0.0001" is shown for what would read as zero but is not.
QString weightText(double value);
/// An index or count.
QString count(int value);

} // namespace attn::ui
