// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPointer>
#include <functional>

class QAction;
class QLineEdit;
class QListWidget;

namespace attn::ui {

/// Finds any command by a part of its name. The window may be rebuilt while it is open: it asks for the
/// commands again then, and never keeps one that is gone.
class CommandSearch : public QDialog {
    Q_OBJECT
public:
    using Commands = std::function<QList<QAction*>()>;
    explicit CommandSearch(Commands commands, QWidget* parent = nullptr);

    /// Asks for the commands again; what was typed stays.
    void refill();
    /// The command that was accepted; nullptr if none was, or if it is gone.
    QAction* chosen() const { return m_chosen; }

private:
    void choose();

    Commands m_commands;
    QLineEdit* m_text;
    QListWidget* m_list;
    QList<QPointer<QAction>> m_shown; ///< a row each
    QPointer<QAction> m_chosen;
};

} // namespace attn::ui
