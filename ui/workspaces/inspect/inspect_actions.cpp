// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspaces/inspect/inspect_actions.h"

#include <QAction>
#include <QDockWidget>
#include <QLineEdit>

#include "ui/panels/source_panel.h"
#include "ui/session/session.h"
#include "ui/views/alignment_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/command.h"
#include "ui/widgets/transport.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

InspectActions::InspectActions(InspectWorkspace& workspace, Session& session)
    : QObject(&workspace), m_workspace(workspace), m_session(session) {
    build();
    buildSteps();
}

QAction* InspectActions::separator() {
    auto* action = new QAction(this);
    action->setSeparator(true);
    return action;
}

void InspectActions::build() {
    m_editSentence = addCommand(this, &m_workspace,
                                {tr("Edit &sentence"),
                                 {QKeySequence(QStringLiteral("Ctrl+L"))},
                                 tr("Puts the cursor into the sentence"),
                                 {}},
                                [this] {
                                    QLineEdit* source = m_workspace.sourcePanel()->source();
                                    source->setFocus(Qt::ShortcutFocusReason);
                                    source->selectAll();
                                });
    for (QDockWidget* dock : m_workspace.docks()) {
        QAction* toggle = dock->toggleViewAction();
        toggle->setToolTip(tr("Shows or hides this panel"));
        m_panels << toggle;
    }
    CellMap* map = m_workspace.alignmentView()->map();
    m_display = m_workspace.alignmentView()->displayActions();
    m_display << separator()
              << addCommand(this, &m_workspace,
                            {tr("Zoom &in"),
                             {QKeySequence(QStringLiteral("Ctrl++")), QKeySequence(QStringLiteral("Ctrl+="))},
                             tr("Enlarges the alignment"),
                             {}},
                            [map] { map->zoomIn(); })
              << addCommand(this, &m_workspace,
                            {tr("Zoom &out"),
                             {QKeySequence(QStringLiteral("Ctrl+-"))},
                             tr("Makes the alignment smaller"),
                             {}},
                            [map] { map->zoomOut(); })
              << addCommand(this, &m_workspace,
                            {tr("&Fit"),
                             {QKeySequence(QStringLiteral("Ctrl+0"))},
                             tr("Shows the whole alignment"),
                             QStringLiteral("zoom-fit")},
                            [map] { map->fitToView(); });
}

void InspectActions::buildSteps() {
    Selection& selection = m_workspace.selection();
    const auto step = [&](const CommandText& text, std::function<void()> go) {
        QAction* action = addCommand(this, &m_workspace, text, std::move(go));
        m_stepActions << action;
        m_run << action;
        return action;
    };
    step({tr("&First step"),
          {QKeySequence(Qt::Key_Home)},
          tr("Goes to the first step"),
          QStringLiteral("first")},
         [&selection] { selection.setStep(0); });
    step({tr("Step &back"), {QKeySequence(Qt::Key_Left)}, tr("Goes one step back"), QStringLiteral("back")},
         [&selection] { selection.stepBy(-1); });
    m_play = step({tr("&Play"),
                   {QKeySequence(Qt::Key_Space)},
                   tr("Plays the steps, or pauses"),
                   QStringLiteral("play")},
                  [this] { m_workspace.transport()->playPause(); });
    step({tr("Step f&orward"),
          {QKeySequence(Qt::Key_Right)},
          tr("Goes one step forward"),
          QStringLiteral("forward")},
         [&selection] { selection.stepBy(1); });
    step({tr("&Last step"), {QKeySequence(Qt::Key_End)}, tr("Goes to the last step"), QStringLiteral("last")},
         [&selection] { selection.setStep(selection.bounds().steps() - 1); });
    m_run << separator();
    for (const int by : {-1, 1}) {
        QAction* action = addCommand(this, &m_workspace,
                                     {by < 0 ? tr("P&revious source position") : tr("&Next source position"),
                                      {QKeySequence(by < 0 ? Qt::Key_Up : Qt::Key_Down)},
                                      tr("Moves the pinned source position"),
                                      {}},
                                     [&selection, by] { selection.moveKey(by); });
        m_sourceActions << action;
        m_run << action;
    }
    m_nextHead = addCommand(this, &m_workspace,
                            {tr("Next &head"),
                             {QKeySequence(Qt::Key_H)},
                             tr("Goes through the mean and the heads; needs a model with several"),
                             {}},
                            [&selection] { selection.cycleHead(); });
    QAction* letGo = addCommand(
        this, &m_workspace,
        {tr("Le&t go"), {QKeySequence(Qt::Key_Escape)}, tr("Lets go of what is pinned"), {}}, [this] {
            if (m_session.work().slow) m_session.cancel();
            m_workspace.selection().letGo();
        });
    m_run << m_nextHead << letGo;
}

QList<QAction*> InspectActions::in(MenuPlace place) const {
    switch (place) {
        case MenuPlace::Edit:
            return {m_editSentence};
        case MenuPlace::Panels:
            return m_panels;
        case MenuPlace::Display:
            return m_display;
        case MenuPlace::Run:
            return m_run;
    }
    return {};
}

void InspectActions::refresh() {
    const Selection& selection = m_workspace.selection();
    const PointingBounds& bounds = selection.bounds();
    for (QAction* action : m_stepActions) action->setEnabled(bounds.steps() > 0);
    for (QAction* action : m_sourceActions) action->setEnabled(bounds.length(selection.keyAxis()) > 0);
    m_nextHead->setEnabled(selection.heads() > 1);
    m_play->setText(m_workspace.transport()->isPlaying() ? tr("&Pause") : tr("&Play"));
}

} // namespace attn::ui
