// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <array>
#include <utility>

#include "core/base/enum_text.h"

class QWidget;

namespace attn::ui {

/// What a person may choose. System follows the desktop's palette.
enum class ThemeChoice { System, Light, Dark };

/// The colours of one theme. Text colours stand at 4.5:1 or better on `window` and `panel`, marks at 3:1 or
/// better (WCAG 1.4.3, 1.4.11); `grid` is decoration and may be fainter.
/// A plain value: ask for it anew on QEvent::PaletteChange.
struct Theme {
    bool dark = false;
    QColor window;  ///< behind and between panels
    QColor panel;   ///< behind data; the colour of zero in maps
    QColor text;    ///< words and numbers
    QColor dimText; ///< headings of margins, units, what is not in focus
    QColor outline; ///< borders that must be seen: chips, controls
    QColor grid;    ///< hair lines between cells, axis grids
    QColor accent;  ///< the current step, and nothing else
    QColor hover;   ///< what the pointer or keyboard is at; softer than the accent
    QColor gold;    ///< reference alignments
    QColor warning; ///< a finding that deserves a look
    QColor error;   ///< a failure
    QColor missing; ///< not a number, or not allowed: drawn with a hatch
};

/// The designed light and dark themes.
Theme lightTheme();
Theme darkTheme();

/// The theme `widget` stands in: dark if its window colour is dark. Window, panel and text are taken from the
/// widget's palette, so that a desktop's own palette is respected; the rest is designed. nullptr means the
/// application's palette.
Theme currentTheme(const QWidget* widget);

/// Gives the application the palette for `choice`. The desktop's style is kept where it has one; without
/// one it is Fusion. Every widget gets QEvent::PaletteChange. Needs a QApplication.
void applyTheme(ThemeChoice choice);

/// Scale of all text: 1 at a desk, 2 at a projector. Clamped to 0.5 .. 4. Sets the application's font, so
/// every widget gets QEvent::FontChange.
void setTextScale(double scale);
double textScale();

/// Fonts at the present text scale, families listed in order so that Latin and Chinese text agree:
/// Noto Sans, Noto Sans CJK SC, WenQuanYi Micro Hei, DejaVu Sans. Sizes are in logical pixels, never under 11
/// * scale.
QFont uiFont();      ///< 13 px: labels, buttons, text
QFont headingFont(); ///< 13 px semibold: one small heading per panel
QFont tokensFont();  ///< 14 px: the words and word pieces
QFont numbersFont(); ///< 12 px, figures of equal width

/// `length` logical pixels at the present text scale, whole pixels.
int scaled(double length);

/// WCAG 2 contrast ratio of two opaque colours, 1 .. 21.
double contrastRatio(const QColor& a, const QColor& b);

/// `over` laid on `under` with opacity 0 .. 1; opaque.
QColor blend(const QColor& under, const QColor& over, double opacity);

/// Black or white, whichever reads better on `background`.
QColor readableOn(const QColor& background);

} // namespace attn::ui

template <>
struct attn::EnumNames<attn::ui::ThemeChoice> {
    static constexpr std::array names{std::pair{attn::ui::ThemeChoice::System, std::string_view("system")},
                                      std::pair{attn::ui::ThemeChoice::Light, std::string_view("light")},
                                      std::pair{attn::ui::ThemeChoice::Dark, std::string_view("dark")}};
};
