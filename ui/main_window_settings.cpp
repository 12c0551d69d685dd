// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window_settings.h"

#include <QSettings>

namespace attn::ui {

WindowSettings loadSettings(QSettings& store) {
    WindowSettings settings;
    visitSettings(settings, [&](const char* key, auto& field) {
        using Field = std::remove_reference_t<decltype(field)>;
        const QVariant found = store.value(QLatin1String(key));
        if (!found.isValid()) return;
        if constexpr (NamedEnum<Field>) {
            if (const auto value = fromText<Field>(found.toString().toStdString())) field = *value;
        } else if constexpr (std::is_same_v<Field, double>) {
            bool ok = false;
            if (const double value = found.toDouble(&ok); ok) field = value;
        } else if constexpr (std::is_same_v<Field, bool>) {
            field = found.toBool();
        } else {
            field = found.toByteArray();
        }
    });
    if (!(settings.textScale >= 0.5 && settings.textScale <= 4))
        settings.textScale = WindowSettings().textScale;
    if (!(settings.stepsPerSecond >= 0.5 && settings.stepsPerSecond <= 20))
        settings.stepsPerSecond = WindowSettings().stepsPerSecond;
    return settings;
}

void saveSettings(QSettings& store, const WindowSettings& settings) {
    visitSettings(settings, [&](const char* key, const auto& field) {
        using Field = std::remove_cvref_t<decltype(field)>;
        if constexpr (NamedEnum<Field>)
            store.setValue(QLatin1String(key), QString::fromUtf8(toText(field).data()));
        else
            store.setValue(QLatin1String(key), field);
    });
}

} // namespace attn::ui
