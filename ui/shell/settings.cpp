// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/settings.h"

#include <QCoreApplication>
#include <QSettings>

namespace attn::ui {

namespace {

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString problem(const SettingInfo& info, const QVariant& found, const QString& expected,
                const QString& instead) {
    return QCoreApplication::translate("Settings", "%1: “%2” is stored, expected %3; %4 is used.")
        .arg(QCoreApplication::translate("Settings", info.text), found.toString(), expected, instead);
}

template <typename Field>
void load(const SettingInfo& info, const QVariant& found, Field& field, QStringList& problems) {
    if constexpr (NamedEnum<Field>) {
        if (const auto value = fromText<Field>(found.toString().toStdString())) {
            field = *value;
        } else {
            QStringList names;
            for (const auto& [unused, name] : EnumNames<Field>::names) names << fromView(name);
            problems << problem(info, found, names.join(QStringLiteral(", ")), fromView(toText(field)));
        }
    } else if constexpr (std::is_same_v<Field, double>) {
        bool isNumber = false;
        const double value = found.toDouble(&isNumber);
        if (isNumber && value >= info.least && value <= info.most)
            field = value;
        else
            problems << problem(info, found, QStringLiteral("%1 … %2").arg(info.least).arg(info.most),
                                QString::number(field));
    } else if constexpr (std::is_same_v<Field, bool>) {
        const QString text = found.toString();
        if (text == QLatin1String("true") || text == QLatin1String("false"))
            field = found.toBool();
        else
            problems << problem(info, found, QStringLiteral("true, false"), QVariant(field).toString());
    } else {
        field = found.toByteArray();
    }
}

} // namespace

LoadedSettings loadSettings(QSettings& store) {
    LoadedSettings loaded;
    visitSettings(loaded.settings, [&](const SettingInfo& info, auto& field) {
        const QVariant found = store.value(QLatin1String(info.key));
        if (found.isValid()) load(info, found, field, loaded.problems);
    });
    return loaded;
}

void saveSettings(QSettings& store, const WindowSettings& settings) {
    visitSettings(settings, [&](const SettingInfo& info, const auto& field) {
        using Field = std::remove_cvref_t<decltype(field)>;
        if constexpr (NamedEnum<Field>)
            store.setValue(QLatin1String(info.key), fromView(toText(field)));
        else
            store.setValue(QLatin1String(info.key), field);
    });
}

} // namespace attn::ui
