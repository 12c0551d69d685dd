// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

class QAction;
class QWidget;

namespace attn::ui {

/// Lists the commands that have keys, until it is closed.
void showShortcuts(QWidget* parent, const QList<QAction*>& commands);
/// Says what the program is.
void showAbout(QWidget* parent);

} // namespace attn::ui
