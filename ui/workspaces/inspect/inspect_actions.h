// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

#include "ui/workspaces/workspace.h"

namespace attn::ui {

class InspectWorkspace;
class Session;

/// The actions of the Inspect workspace: what it adds to the window's menus.
class InspectActions : public QObject {
    Q_OBJECT
public:
    /// Both outlive the actions; the workspace has its widgets already.
    InspectActions(InspectWorkspace& workspace, Session& session);

    QList<QAction*> in(MenuPlace place) const;
    /// Enables what has something to act on, and names it.
    void refresh();

private:
    void build();
    void buildSteps();
    QAction* separator();

    InspectWorkspace& m_workspace;
    Session& m_session;
    QAction* m_editSentence = nullptr;
    QAction* m_play = nullptr;
    QAction* m_nextHead = nullptr;
    QList<QAction*> m_panels;
    QList<QAction*> m_display;
    QList<QAction*> m_run;
    QList<QAction*> m_stepActions;   ///< need a step
    QList<QAction*> m_sourceActions; ///< need a source position
};

} // namespace attn::ui
