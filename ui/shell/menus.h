// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

#include "ui/workspaces/workspace.h"

class QAction;
class QActionGroup;
class QMenu;

namespace attn::ui {

class MainWindow;
struct WindowSettings;

/// The window's menus and the actions that belong to it whatever the workspace. They are rebuilt with the
/// window; nothing else keeps a pointer to one of them.
class Menus : public QObject {
    Q_OBJECT
public:
    /// Makes the actions. The window owns the menus.
    explicit Menus(MainWindow& window);
    ~Menus() override;

    /// What a workspace is given of the actions.
    ShellActions shared() const;
    QAction* stopAction() const { return m_stop; }
    /// Fills the menu bar, with the workspace's actions in their places.
    void build(const Workspace& workspace);
    /// Every command of the menus, for the list of shortcuts and the search.
    QList<QAction*> commands() const;
    /// Enables what has something to act on, names the view used last, and ticks what is chosen.
    void refresh();

private:
    QAction* add(const QString& text, const QList<QKeySequence>& keys, const QString& tip,
                 std::function<void()> run, const QString& icon = {});
    QActionGroup* choices(QMenu* menu, const QString& title, const QList<QPair<QString, double>>& entries);
    void buildFile(QMenu* menu);
    void buildEdit(QMenu* menu, const Workspace& workspace);
    void buildView(QMenu* menu, const Workspace& workspace);
    void buildHelp(QMenu* menu);

    MainWindow& m_window;
    QAction* m_open = nullptr;
    QAction* m_details = nullptr;
    QAction* m_close = nullptr;
    QAction* m_run = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_exportFigure = nullptr;
    QAction* m_exportNumbers = nullptr;
    QAction* m_copyFigure = nullptr;
    QAction* m_copyNumbers = nullptr;
    QAction* m_fullScreen = nullptr;
    QActionGroup* m_themes = nullptr;
    QActionGroup* m_textSizes = nullptr;
    QActionGroup* m_languages = nullptr;
};

} // namespace attn::ui
