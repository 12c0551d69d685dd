// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>
#include <QtGlobal>
#include <type_traits>

#include "ui/shell/language.h"
#include "ui/widgets/theme.h"
#include "ui/workspaces/view_state.h"

class QSettings;

namespace attn::ui {

/// What the window remembers from one start to the next. Of the workspace's view it is what outlasts the
/// sentence.
struct WindowSettings {
    ThemeChoice theme = ThemeChoice::System;
    Language language = Language::System;
    double textScale = 1; ///< 1 at a desk, 2 at a projector
    ViewState inspect;
    QByteArray geometry; ///< of the window

    bool operator==(const WindowSettings&) const = default;
};

/// How a setting is stored and named. Its default is the field's own.
struct SettingInfo {
    const char* key;
    const char* text; ///< as a person reads it, in English; translated in the context "Settings"
    double least = 0; ///< bounds of a number, both included
    double most = 0;
};

/// Declares every setting once: calls visit(SettingInfo, field). Loading, saving and their test derive from
/// it.
template <typename Visitor>
void visitSettings(auto& settings, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(settings)>, WindowSettings> {
    using Info = SettingInfo;
    auto& display = settings.inspect.display;
    visit(Info{"view/theme", QT_TRANSLATE_NOOP("Settings", "Theme")}, settings.theme);
    visit(Info{"view/language", QT_TRANSLATE_NOOP("Settings", "Language")}, settings.language);
    visit(Info{"view/text_scale", QT_TRANSLATE_NOOP("Settings", "Text size"), 0.5, 4}, settings.textScale);
    visit(Info{"alignment/colour_map", QT_TRANSLATE_NOOP("Settings", "Colour map")}, display.map);
    visit(Info{"alignment/scale", QT_TRANSLATE_NOOP("Settings", "Colour scale")}, display.scale);
    visit(Info{"alignment/values", QT_TRANSLATE_NOOP("Settings", "Values in cells")}, display.showValues);
    visit(Info{"alignment/row_maxima", QT_TRANSLATE_NOOP("Settings", "Largest of each row")},
          display.showRowMaxima);
    visit(Info{"alignment/out_of_scope", QT_TRANSLATE_NOOP("Settings", "Positions out of scope")},
          display.showOutOfScope);
    visit(Info{"alignment/gold", QT_TRANSLATE_NOOP("Settings", "Reference alignment")}, display.showGold);
    visit(Info{"transport/steps_per_second", QT_TRANSLATE_NOOP("Settings", "Steps per second"), 0.5, 20},
          settings.inspect.stepsPerSecond);
    visit(Info{"window/geometry", QT_TRANSLATE_NOOP("Settings", "Place of the window")}, settings.geometry);
    visit(Info{"window/layout", QT_TRANSLATE_NOOP("Settings", "Layout of the panels")},
          settings.inspect.layout);
}

/// Settings as they were stored, and a line for each that was malformed or out of bounds; it and what is
/// missing has its default.
struct LoadedSettings {
    WindowSettings settings;
    QStringList problems;
};
LoadedSettings loadSettings(QSettings& store);
void saveSettings(QSettings& store, const WindowSettings& settings);

} // namespace attn::ui
