// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>
#include <functional>

class QAction;
class QObject;
class QWidget;

namespace attn::ui {

/// What a person reads of a command, and its keys.
struct CommandText {
    QString text; ///< with its letter: "&Open"
    QList<QKeySequence> keys;
    QString tip;
    QString icon; ///< a name of themedIcon(); empty: none
};

/// An action that `owner` owns and whose keys hold in the window of `where`. The tooltip gives the first
/// keys.
QAction* addCommand(QObject* owner, QWidget* where, const CommandText& text, std::function<void()> run);

/// An action's text without the letter that the keyboard finds it by.
QString plainText(const QAction* action);

} // namespace attn::ui
