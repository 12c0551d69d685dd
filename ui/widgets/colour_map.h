// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <array>
#include <utility>

#include "core/base/enum_text.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

/// Perceptual, colour-blind safe colour maps.
enum class MapName {
    Ink,       ///< from the panel's background to ink: zero is not seen; the default for attention
    Viridis,   ///< van der Walt and Smith 2015 (CC0)
    Cividis,   ///< Nunez, Anderton and Renslow 2018 (CC0)
    Greys,     ///< even steps of lightness, white to black (black to white in the dark theme)
    Diverging, ///< blue, panel, orange: for signed values, zero in the middle
};

/// How a value's place between min and max becomes a place in the table.
enum class Scale {
    Linear,
    SquareRoot, ///< lifts small values
    Log,        ///< four decades below the maximum; what lies under them is drawn as zero
};

/// A colour for a value. Plain value; cheap to make (one table of 256 colours).
class ColourMap {
public:
    /// Values from `min` to `max` span the table; those outside take its ends. For the diverging map the span
    /// is symmetric about zero, as far as the larger of |min| and |max|. A span of no length draws everything
    /// as its low end.
    ColourMap(MapName name, Scale scale, float min, float max, const Theme& theme);

    /// The colour of `value`, opaque; missingColour() for NaN.
    QRgb colour(float value) const;
    QRgb missingColour() const { return m_missing; }
    /// Place in the table, 0 .. 1, of a value that is not NaN.
    float position(float value) const;
    /// The colour at place 0 .. 1 of the table, whatever the scale: for a legend.
    QRgb at(float position) const;
    /// The value whose place is `position`: for a legend's ticks.
    float valueAt(float position) const;

    bool isSigned() const { return m_name == MapName::Diverging; }
    MapName name() const { return m_name; }
    Scale scale() const { return m_scale; }
    float min() const { return m_min; }
    float max() const { return m_max; }
    const std::array<QRgb, 256>& table() const { return m_table; }

private:
    MapName m_name;
    Scale m_scale;
    float m_min;
    float m_max;
    QRgb m_missing;
    std::array<QRgb, 256> m_table;
};

/// CIE 1976 lightness of an sRGB colour, 0 (black) .. 100 (white).
double lightness(QRgb colour);

} // namespace attn::ui

template <>
struct attn::EnumNames<attn::ui::MapName> {
    static constexpr std::array names{std::pair{attn::ui::MapName::Ink, std::string_view("ink")},
                                      std::pair{attn::ui::MapName::Viridis, std::string_view("viridis")},
                                      std::pair{attn::ui::MapName::Cividis, std::string_view("cividis")},
                                      std::pair{attn::ui::MapName::Greys, std::string_view("greys")},
                                      std::pair{attn::ui::MapName::Diverging, std::string_view("diverging")}};
};
template <>
struct attn::EnumNames<attn::ui::Scale> {
    static constexpr std::array names{std::pair{attn::ui::Scale::Linear, std::string_view("linear")},
                                      std::pair{attn::ui::Scale::SquareRoot, std::string_view("sqrt")},
                                      std::pair{attn::ui::Scale::Log, std::string_view("log")}};
};
