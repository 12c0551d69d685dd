// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ui/selection/selection.h"
#include "ui/session/session.h"
#include "ui/workspaces/workspace.h"

class QDockWidget;
class QMainWindow;

namespace attn::ui {

class AlignmentView;
class CandidatesView;
class HeadsView;
class HypothesesPanel;
class InspectActions;
class ModelPanel;
class SourcePanel;
class StatesView;
class StepView;
class TraceView;
class Transport;

/// One sentence, one model, every number: the question at the top, the alignment in the middle, docks around
/// it, the transport below. It shows the session's first column.
class InspectWorkspace : public Workspace {
    Q_OBJECT
public:
    /// The session and the window's actions outlive the workspace.
    InspectWorkspace(Session& session, const ShellActions& shell, QWidget* parent = nullptr);
    ~InspectWorkspace() override;

    QString name() const override;
    std::vector<int> columns() const override { return {0}; }
    QList<QAction*> menuActions(MenuPlace place) const override;
    std::vector<Exportable> exports() const override;
    Exportable activeExport() const override;
    ViewState viewState() const override;
    void restore(const ViewState& state) override;
    void restoreLayout(const QByteArray& layout) override;
    void resetLayout() override;
    void sizePanels() override;

    Selection& selection() { return m_selection; }
    AlignmentView* alignmentView() const { return m_alignment; }
    StepView* stepView() const { return m_step; }
    StatesView* statesView() const { return m_states; }
    HeadsView* headsView() const { return m_heads; }
    CandidatesView* candidatesView() const { return m_candidates; }
    SourcePanel* sourcePanel() const { return m_source; }
    ModelPanel* modelPanel() const { return m_models; }
    HypothesesPanel* hypotheses() const { return m_hypotheses; }
    Transport* transport() const { return m_transport; }
    const std::vector<QDockWidget*>& docks() const { return m_docks; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildWidgets(const ShellActions& shell);
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* widget, Qt::DockWidgetArea area);
    void connectSession();
    void connectQuestion();
    void connectViews();
    /// Changes the question of this workspace's column.
    void edit(Edit kind, auto&& change);
    void chooseSearch(SearchKind kind);
    void chooseHypothesis(int rank);
    /// The steps of the hypothesis that every view shows; empty if there is none.
    std::vector<int> shownPath() const;
    void forceWord(int step, const std::string& token);

    void showModels();
    void showQuestion();
    void showTrace();
    void showPath();
    void showFault();
    void showNotices();
    void showSelection(Selection::Aspects what);
    void followNotice(const QString& link);
    void restoreCursors(const TextCursors& cursors);
    void restorePointing(const ViewState& state);
    void setActiveView(TraceView* view);
    QString nameOf(const TraceView* view) const;
    Exportable exportable(TraceView* view) const;

    Session& m_session;
    Selection m_selection;
    QMainWindow* m_dockArea = nullptr;
    AlignmentView* m_alignment = nullptr;
    StepView* m_step = nullptr;
    StatesView* m_states = nullptr;
    HeadsView* m_heads = nullptr;
    CandidatesView* m_candidates = nullptr;
    SourcePanel* m_source = nullptr;
    ModelPanel* m_models = nullptr;
    HypothesesPanel* m_hypotheses = nullptr;
    Transport* m_transport = nullptr;
    TracePtr m_trace;     ///< that the views show
    int m_hypothesis = 0; ///< which of its hypotheses, from 0
    std::vector<TraceView*> m_views;
    std::vector<QDockWidget*> m_docks;
    TraceView* m_activeView = nullptr;
    QByteArray m_firstLayout;
    std::optional<TextCursors> m_wantedCursors; ///< until the workspace is shown
    InspectActions* m_actions = nullptr;
};

} // namespace attn::ui
