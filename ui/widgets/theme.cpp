// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QVariant>
#include <QWidget>
#include <algorithm>
#include <cmath>

#include "ui/widgets/control_style.h"

namespace attn::ui {

namespace {

constexpr const char* textScaleProperty = "textScale";

double linearPart(int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& c) {
    return 0.2126 * linearPart(c.red()) + 0.7152 * linearPart(c.green()) + 0.0722 * linearPart(c.blue());
}

bool isDark(const QColor& window) {
    return luminance(window) < 0.18;
}

QPalette paletteOf(const Theme& t) {
    const QColor button = blend(t.window, t.text, t.dark ? 0.10 : 0.04);
    QPalette p(button, t.window);
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.panel);
    p.setColor(QPalette::AlternateBase, blend(t.panel, t.text, 0.04));
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.dimText);
    p.setColor(QPalette::Button, button);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.error);
    p.setColor(QPalette::Link, t.hover);
    p.setColor(QPalette::LinkVisited, t.hover);
    p.setColor(QPalette::ToolTipBase, blend(t.panel, t.text, t.dark ? 0.12 : 0.03));
    p.setColor(QPalette::ToolTipText, t.text);
    const QColor selection = t.dark ? QColor(0x1f, 0x5f, 0x7a) : QColor(0x1d, 0x6f, 0x8f);
    p.setColor(QPalette::Highlight, selection);
    p.setColor(QPalette::HighlightedText, readableOn(selection));
    // Bevels of native controls.
    p.setColor(QPalette::Light, blend(button, Qt::white, t.dark ? 0.10 : 0.8));
    p.setColor(QPalette::Midlight, blend(button, Qt::white, t.dark ? 0.05 : 0.4));
    p.setColor(QPalette::Mid, blend(button, Qt::black, t.dark ? 0.25 : 0.2));
    p.setColor(QPalette::Dark, blend(button, Qt::black, t.dark ? 0.45 : 0.35));
    p.setColor(QPalette::Shadow, blend(button, Qt::black, 0.7));
    const QColor disabled = blend(t.window, t.text, 0.45);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, blend(t.window, t.text, 0.2));
    return p;
}

QFont fontOf(double pixels, QFont::Weight weight = QFont::Normal) {
    QFont font;
    font.setFamilies({"Noto Sans", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "DejaVu Sans"});
    font.setPixelSize(scaled(pixels));
    font.setWeight(weight);
    return font;
}

} // namespace

Theme lightTheme() {
    Theme t;
    t.dark = false;
    t.window = QColor(0xf3, 0xf4, 0xf6);
    t.panel = QColor(0xff, 0xff, 0xff);
    t.text = QColor(0x1b, 0x1f, 0x26);
    t.dimText = QColor(0x58, 0x62, 0x70);
    t.outline = QColor(0x80, 0x89, 0x95);
    t.grid = QColor(0xe4, 0xe7, 0xeb);
    t.accent = QColor(0xc2, 0x18, 0x5b);
    t.hover = QColor(0x0c, 0x7c, 0x86);
    t.gold = QColor(0xa8, 0x6f, 0x00);
    t.warning = QColor(0x9a, 0x5b, 0x00);
    t.error = QColor(0xb4, 0x23, 0x18);
    t.missing = QColor(0xdd, 0xd3, 0xc6);
    return t;
}

Theme darkTheme() {
    Theme t;
    t.dark = true;
    t.window = QColor(0x14, 0x17, 0x1c);
    t.panel = QColor(0x1c, 0x20, 0x27);
    t.text = QColor(0xe6, 0xe9, 0xee);
    t.dimText = QColor(0x9b, 0xa6, 0xb4);
    t.outline = QColor(0x74, 0x7f, 0x8e);
    t.grid = QColor(0x2c, 0x32, 0x3b);
    t.accent = QColor(0xff, 0x6f, 0xa5);
    t.hover = QColor(0x4f, 0xc3, 0xc7);
    t.gold = QColor(0xf0, 0xc0, 0x4a);
    t.warning = QColor(0xf0, 0xb4, 0x29);
    t.error = QColor(0xff, 0x7b, 0x72);
    t.missing = QColor(0x4b, 0x42, 0x38);
    return t;
}

Theme currentTheme(const QWidget* widget) {
    const QPalette palette = widget ? widget->palette() : QApplication::palette();
    const QColor window = palette.color(QPalette::Active, QPalette::Window);
    Theme t = isDark(window) ? darkTheme() : lightTheme();
    t.window = window;
    t.panel = palette.color(QPalette::Active, QPalette::Base);
    t.text = palette.color(QPalette::Active, QPalette::Text);
    return t;
}

void applyTheme(ThemeChoice choice) {
    const QString name = QApplication::style()->name();
    if (name == QLatin1String("windows") || name == QLatin1String("fusion"))
        QApplication::setStyle(new ControlStyle);
    const bool ownStyle = qobject_cast<const ControlStyle*>(QApplication::style()) != nullptr;
    // An empty palette brings the desktop's own back.
    QApplication::setPalette(QPalette());
    const bool dark =
        choice == ThemeChoice::Dark ||
        (choice == ThemeChoice::System && isDark(QApplication::palette().color(QPalette::Window)));
    if (choice != ThemeChoice::System || ownStyle)
        QApplication::setPalette(paletteOf(dark ? darkTheme() : lightTheme()));
    QApplication::setFont(uiFont());
}

void setTextScale(double scale) {
    qApp->setProperty(textScaleProperty, std::clamp(scale, 0.5, 4.0));
    QApplication::setFont(uiFont());
}

double textScale() {
    const QVariant scale = qApp ? qApp->property(textScaleProperty) : QVariant();
    return scale.isValid() ? scale.toDouble() : 1.0;
}

int scaled(double length) {
    return static_cast<int>(std::lround(length * textScale()));
}

QFont uiFont() {
    return fontOf(13);
}
QFont headingFont() {
    return fontOf(13, QFont::DemiBold);
}
QFont tokensFont() {
    return fontOf(14);
}
QFont numbersFont() {
    return fontOf(12);
}

double contrastRatio(const QColor& a, const QColor& b) {
    const double la = luminance(a) + 0.05;
    const double lb = luminance(b) + 0.05;
    return std::max(la, lb) / std::min(la, lb);
}

QColor blend(const QColor& under, const QColor& over, double opacity) {
    const auto mix = [opacity](int u, int o) { return static_cast<int>(std::lround(u + (o - u) * opacity)); };
    return {mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue())};
}

QColor readableOn(const QColor& background) {
    return contrastRatio(background, Qt::black) >= contrastRatio(background, Qt::white) ? Qt::black
                                                                                        : Qt::white;
}

} // namespace attn::ui
