// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

class QWidget;

namespace attn::ui {

/// The action icons of resources/icons, without the application's own.
QStringList iconNames();

/// The icon `name` in the colour of `owner`'s button text: dimmed when disabled, in the highlighted text's
/// colour when selected. The colour is looked up whenever the icon is painted, so a change of theme needs
/// nothing done. Sharp at every size and pixel ratio. Without an owner, or after its end, the application's
/// palette holds. Throws Error(Bug) if there is no such icon.
QIcon themedIcon(const QString& name, const QWidget* owner);

/// The application's icon, which keeps its own colours.
QIcon applicationIcon();

} // namespace attn::ui
