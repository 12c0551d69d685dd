// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/colour_map.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/colour_map_tables.h"

namespace attn::ui {

namespace {

/// CIE 1976 L*a*b* under D65.
struct Lab {
    double l, a, b;
};

constexpr double whiteX = 0.95047, whiteZ = 1.08883;
constexpr double logDecades = 4;

double toLinear(int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

int fromLinear(double c) {
    c = std::clamp(c, 0.0, 1.0);
    const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
    return static_cast<int>(std::lround(255 * s));
}

double cube(double t) {
    return t > 6.0 / 29 ? t * t * t : 3 * (6.0 / 29) * (6.0 / 29) * (t - 4.0 / 29);
}
double root(double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : t * (841.0 / 108) + 4.0 / 29;
}

Lab toLab(QRgb c) {
    const double r = toLinear(qRed(c)), g = toLinear(qGreen(c)), b = toLinear(qBlue(c));
    const double x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / whiteX);
    const double y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    const double z = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / whiteZ);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

QRgb toRgb(const Lab& c) {
    const double fy = (c.l + 16) / 116;
    const double x = whiteX * cube(fy + c.a / 500), y = cube(fy), z = whiteZ * cube(fy - c.b / 200);
    return qRgb(fromLinear(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
                fromLinear(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
                fromLinear(0.0556434 * x - 0.2040259 * y + 1.0572252 * z));
}

/// Lightness even from end to end, hue by way of `middle`'s a and b.
QRgb ramp(const Lab& from, const Lab& middle, const Lab& to, double t) {
    const auto bend = [t](double a, double m, double b) {
        return t < 0.5 ? a + (m - a) * 2 * t : m + (b - m) * (2 * t - 1);
    };
    return toRgb({from.l + (to.l - from.l) * t, bend(from.a, middle.a, to.a), bend(from.b, middle.b, to.b)});
}

std::array<QRgb, 256> inkTable(const Theme& theme) {
    const Lab panel = toLab(theme.panel.rgb());
    const Lab middle = theme.dark ? Lab{0, -6, -38} : Lab{0, -5, -38};
    const Lab end = theme.dark ? Lab{94, -4, -6} : Lab{15, 5, -27};
    std::array<QRgb, 256> table;
    for (int i = 0; i < 256; ++i) table[i] = ramp(panel, middle, end, i / 255.0);
    table[0] = theme.panel.rgb();
    return table;
}

std::array<QRgb, 256> divergingTable(const Theme& theme) {
    const Lab panel = toLab(theme.panel.rgb());
    const double end = theme.dark ? 82 : 36;
    const Lab blueMiddle{0, -3, -34}, blue = theme.dark ? Lab{end, -12, -28} : Lab{end, 6, -46};
    const Lab orangeMiddle{0, 28, 44}, orange = theme.dark ? Lab{end, 12, 42} : Lab{end, 36, 46};
    std::array<QRgb, 256> table;
    // Zero falls between entries 127 and 128: both are the panel.
    for (int i = 0; i < 128; ++i) {
        table[127 - i] = ramp(panel, blueMiddle, blue, i / 127.0);
        table[128 + i] = ramp(panel, orangeMiddle, orange, i / 127.0);
    }
    table[127] = table[128] = theme.panel.rgb();
    return table;
}

std::array<QRgb, 256> greyTable(bool dark) {
    std::array<QRgb, 256> table;
    for (int i = 0; i < 256; ++i) table[i] = toRgb({100.0 * (dark ? i : 255 - i) / 255.0, 0, 0});
    return table;
}

std::array<QRgb, 256> tableOf(MapName name, const Theme& theme) {
    switch (name) {
        case MapName::Ink:
            return inkTable(theme);
        case MapName::Viridis:
            return viridisTable();
        case MapName::Cividis:
            return cividisTable();
        case MapName::Greys:
            return greyTable(theme.dark);
        case MapName::Diverging:
            return divergingTable(theme);
    }
    return greyTable(theme.dark);
}

/// A share 0 .. 1 of the span, as the scale sees it.
float shaped(Scale scale, float share) {
    switch (scale) {
        case Scale::Linear:
            return share;
        case Scale::SquareRoot:
            return std::sqrt(share);
        case Scale::Log:
            return share <= 0 ? 0 : std::max(0.0F, 1 + std::log10(share) / static_cast<float>(logDecades));
    }
    return share;
}

float unshaped(Scale scale, float place) {
    switch (scale) {
        case Scale::Linear:
            return place;
        case Scale::SquareRoot:
            return place * place;
        case Scale::Log:
            return place <= 0 ? 0 : static_cast<float>(std::pow(10.0, (place - 1) * logDecades));
    }
    return place;
}

} // namespace

ColourMap::ColourMap(MapName name, Scale scale, float min, float max, const Theme& theme)
    : m_name(name),
      m_scale(scale),
      m_min(min),
      m_max(max),
      m_missing(theme.missing.rgb()),
      m_table(tableOf(name, theme)) {
    if (isSigned()) {
        m_max = std::max(std::abs(min), std::abs(max));
        m_min = -m_max;
    }
}

float ColourMap::position(float value) const {
    if (isSigned()) {
        const float share = m_max > 0 ? std::min(std::abs(value) / m_max, 1.0F) : 0;
        const float place = 0.5F * shaped(m_scale, share);
        return value < 0 ? 0.5F - place : 0.5F + place;
    }
    if (!(m_max > m_min)) return 0;
    return shaped(m_scale, std::clamp((value - m_min) / (m_max - m_min), 0.0F, 1.0F));
}

float ColourMap::valueAt(float position) const {
    if (isSigned()) {
        const float place = 2 * position - 1;
        const float size = unshaped(m_scale, std::abs(place)) * m_max;
        return place < 0 ? -size : size;
    }
    return m_min + (m_max - m_min) * unshaped(m_scale, position);
}

QRgb ColourMap::at(float position) const {
    return m_table[static_cast<int>(std::clamp(position, 0.0F, 1.0F) * 255 + 0.5F)];
}

QRgb ColourMap::colour(float value) const {
    return std::isnan(value) ? m_missing : at(position(value));
}

double lightness(QRgb colour) {
    return toLab(colour).l;
}

} // namespace attn::ui
