// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <type_traits>

#include "ui/language.h"
#include "ui/widgets/colour_map.h"
#include "ui/widgets/theme.h"

class QSettings;

namespace attn::ui {

/// What the window remembers from one start to the next.
struct WindowSettings {
    ThemeChoice theme = ThemeChoice::System;
    Language language = Language::System;
    double textScale = 1; ///< 1 at a desk, 2 at a projector; 0.5 .. 4
    MapName map = MapName::Ink;
    Scale scale = Scale::Linear;
    bool showValues = false;
    bool showRowMaxima = false;
    bool showOutOfScope = true;
    bool showGold = true;
    double stepsPerSecond = 2; ///< 0.5 .. 20
    QByteArray geometry;       ///< of the window
    QByteArray layout;         ///< of the docks

    bool operator==(const WindowSettings&) const = default;
};

/// Every setting once: key and field. Loading, saving and the test of both derive from it.
template <typename Visitor>
void visitSettings(auto& settings, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(settings)>, WindowSettings> {
    visit("view/theme", settings.theme);
    visit("view/language", settings.language);
    visit("view/text_scale", settings.textScale);
    visit("alignment/colour_map", settings.map);
    visit("alignment/scale", settings.scale);
    visit("alignment/values", settings.showValues);
    visit("alignment/row_maxima", settings.showRowMaxima);
    visit("alignment/out_of_scope", settings.showOutOfScope);
    visit("alignment/gold", settings.showGold);
    visit("transport/steps_per_second", settings.stepsPerSecond);
    visit("window/geometry", settings.geometry);
    visit("window/layout", settings.layout);
}

/// Settings that are missing, malformed or out of bounds keep their default.
WindowSettings loadSettings(QSettings& store);
void saveSettings(QSettings& store, const WindowSettings& settings);

} // namespace attn::ui
