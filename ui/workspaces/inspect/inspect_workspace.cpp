// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspaces/inspect/inspect_workspace.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QVBoxLayout>
#include <algorithm>

#include "core/run/forced_target.h"
#include "core/run/typed_text.h"
#include "ui/panels/dump_bar.h"
#include "ui/panels/hypotheses_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/search_options.h"
#include "ui/panels/source_panel.h"
#include "ui/present/candidates.h"
#include "ui/views/alignment_view.h"
#include "ui/views/candidates_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_view.h"
#include "ui/widgets/transport.h"
#include "ui/workspaces/inspect/inspect_actions.h"

namespace attn::ui {

InspectWorkspace::InspectWorkspace(Session& session, const ShellActions& shell, QWidget* parent)
    : Workspace(parent), m_session(session) {
    setObjectName(QStringLiteral("inspect"));
    buildWidgets(shell);
    m_firstLayout = m_dockArea->saveState();
    m_actions = new InspectActions(*this, session);
    for (TraceView* view : m_views) view->addToMenu(shell.exports);
    connectSession();
    connectQuestion();
    connectViews();
    qApp->installEventFilter(this);
    showModels();
    showQuestion();
    showTrace();
    showFault();
    showNotices();
    m_actions->refresh();
}

InspectWorkspace::~InspectWorkspace() {
    // The views point at the selection, a member, so they go first.
    qApp->disconnect(this);
    for (QDockWidget* dock : m_docks) dock->disconnect(this);
    m_session.disconnect(this);
    m_selection.disconnect(this);
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

QString InspectWorkspace::name() const {
    return tr("Inspect");
}

QList<QAction*> InspectWorkspace::menuActions(MenuPlace place) const {
    return m_actions->in(place);
}

QDockWidget* InspectWorkspace::addDock(const QString& name, const QString& title, QWidget* widget,
                                       Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title);
    dock->setObjectName(name);
    dock->setWidget(widget);
    m_dockArea->addDockWidget(area, dock);
    m_docks.push_back(dock);
    return dock;
}

void InspectWorkspace::buildWidgets(const ShellActions& shell) {
    m_alignment = new AlignmentView(&m_selection);
    m_step = new StepView(&m_selection);
    m_states = new StatesView(&m_selection);
    m_heads = new HeadsView(&m_selection);
    m_candidates = new CandidatesView(&m_selection);
    m_views = {m_alignment, m_step, m_states, m_heads, m_candidates};
    m_activeView = m_alignment;
    m_source = new SourcePanel(&m_selection, shell.run);
    m_models = new ModelPanel(shell.open);
    m_hypotheses = new HypothesesPanel;
    m_transport = new Transport;

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 8, 8, 8);
    top->setSpacing(16);
    top->addWidget(m_models, 0, Qt::AlignTop);
    top->addWidget(m_source, 1);
    column->addLayout(top);
    m_dockArea = new QMainWindow(this);
    m_dockArea->setWindowFlags(Qt::Widget);
    // Not animated: while Qt moves a dropped dock, it must not be taken away or put elsewhere, and resetting
    // the layout and building the workspace anew do both.
    m_dockArea->setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
    m_dockArea->setContextMenuPolicy(Qt::NoContextMenu);
    column->addWidget(m_dockArea, 1);
    auto* hero = new QWidget;
    auto* heroColumn = new QVBoxLayout(hero);
    heroColumn->setContentsMargins(0, 0, 0, 4);
    heroColumn->setSpacing(4);
    heroColumn->addWidget(m_alignment, 1);
    heroColumn->addWidget(m_hypotheses);
    heroColumn->addWidget(m_transport);
    m_dockArea->setCentralWidget(hero);

    addDock(QStringLiteral("step"), tr("Step"), m_step, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("states"), tr("Hidden states"), m_states, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("candidates"), tr("Candidates"), m_candidates, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("heads"), tr("Heads"), m_heads, Qt::RightDockWidgetArea);
    m_dockArea->tabifyDockWidget(m_docks[2], m_docks[3]);
    m_docks[2]->raise();
}

void InspectWorkspace::connectSession() {
    connect(&m_session, &Session::changed, this, [this](Session::Changes what, int column) {
        if (column > 0) return;
        if (what & (Session::ModelList | Session::QuestionChange | Session::DumpChange)) showModels();
        if (what & (Session::QuestionChange | Session::DumpChange)) showQuestion();
        if (what & Session::TraceChange) showTrace();
        if (what & Session::FaultChange) showFault();
        showNotices();
        m_actions->refresh();
    });
    connect(m_models, &ModelPanel::modelChosen, this, &InspectWorkspace::modelChosen);
    connect(m_source->dumpBar(), &DumpBar::sentenceChosen, &m_session, &Session::chooseSentence);
    connect(m_source->dumpBar(), &DumpBar::optionsRequested, this, &InspectWorkspace::dumpOptionsRequested);
    connect(m_source->dumpBar(), &DumpBar::closeRequested, &m_session, &Session::closeDump);
}

void InspectWorkspace::edit(Edit kind, auto&& change) {
    Recipe recipe = m_session.recipe();
    change(recipe);
    m_session.setRecipe(recipe, kind);
}

void InspectWorkspace::connectQuestion() {
    const auto setSource = [this](Edit kind, const QString& text) {
        edit(kind, [&](Recipe& recipe) {
            recipe.source = text.toStdString();
            recipe.prefix.clear();
        });
    };
    connect(m_source, &SourcePanel::sourceEdited, this,
            [=](const QString& text) { setSource(Edit::Typing, text); });
    connect(m_source, &SourcePanel::exampleChosen, this,
            [=](const QString& text) { setSource(Edit::Choice, text); });
    connect(m_source, &SourcePanel::targetEdited, this, [this](const QString& text) {
        edit(Edit::Typing, [&](Recipe& recipe) {
            recipe.target = text.toStdString();
            recipe.prefix.clear();
        });
    });
    SearchOptions* options = m_source->options();
    connect(options, &SearchOptions::beamEdited, this, [this](const BeamOptions& beam) {
        edit(Edit::Typing, [&](Recipe& recipe) { recipe.beam = beam; });
    });
    connect(options, &SearchOptions::sampleEdited, this, [this](const SampleOptions& sample) {
        edit(Edit::Typing, [&](Recipe& recipe) { recipe.sample = sample; });
    });
    connect(options, &SearchOptions::drawAgain, this,
            [this] { edit(Edit::Choice, [](Recipe& recipe) { ++recipe.sample.seed; }); });
    connect(m_source, &SourcePanel::searchChosen, this, &InspectWorkspace::chooseSearch);
    connect(m_source, &SourcePanel::prefixCleared, this,
            [this] { edit(Edit::Choice, [](Recipe& recipe) { recipe.prefix.clear(); }); });
    connect(m_source, &SourcePanel::runRequested, &m_session, &Session::run);
}

void InspectWorkspace::chooseSearch(SearchKind kind) {
    if (kind == m_session.recipe().search) return;
    edit(Edit::Choice, [&](Recipe& recipe) {
        recipe.search = kind;
        recipe.prefix.clear();
        // A person who looks at a beam for the first time wants to see what is in it.
        if (kind == SearchKind::Beam && recipe.beam == BeamOptions()) recipe.beam.nBest = recipe.beam.width;
        // A target begins as what is shown, as a person would type it. While that is another sentence's, a
        // target that was typed before stays.
        const ModelPtr& model = m_session.answeredBy();
        if (kind != SearchKind::Forced || !m_trace || !model || m_session.dump()) return;
        if (recipe.target.empty() || m_trace->sourceText == recipe.source)
            forcedTarget(*model, *m_trace, shownPath()).applyTo(recipe);
    });
}

void InspectWorkspace::forceWord(int step, const std::string& token) {
    const TracePtr trace = m_trace;
    if (!trace || !m_session.isUpToDate()) return;
    const std::vector<int> path = shownPath();
    edit(Edit::Choice, [&](Recipe& recipe) {
        if (recipe.search == SearchKind::Forced) recipe.search = SearchKind::Greedy;
        recipe.prefix.clear();
        if (step < trace->prompt) { // another word in the text that was typed
            std::vector<std::string> words = trace->words(path);
            words.resize(static_cast<std::size_t>(step));
            words.push_back(token);
            recipe.source = targetText(*m_session.answeredBy(), words);
            return;
        }
        recipe.prefix = forcedPrefix(*trace, path, step, token);
    });
}

void InspectWorkspace::connectViews() {
    connect(&m_selection, &Selection::changed, this, &InspectWorkspace::showSelection);
    connect(m_candidates, &CandidatesView::wordForced, this, &InspectWorkspace::forceWord);
    connect(m_hypotheses, &HypothesesPanel::chosen, this, &InspectWorkspace::chooseHypothesis);
    connect(m_transport, &Transport::stepChosen, &m_selection, &Selection::setStep);
    connect(m_transport, &Transport::playingChanged, this, [this](bool playing) {
        m_alignment->setGrowing(playing);
        m_actions->refresh();
    });
    connect(m_alignment, &AlignmentView::displayChanged, this,
            [this] { m_heads->setColours(m_alignment->mapName(), m_alignment->scale()); });
    for (TraceView* view : m_views)
        connect(view, &TraceView::noticeLink, this, &InspectWorkspace::followNotice);
    for (QDockWidget* dock : m_docks)
        connect(dock, &QDockWidget::visibilityChanged, this, &InspectWorkspace::exportChanged);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        for (QWidget* widget = now; widget; widget = widget->parentWidget())
            if (auto* view = qobject_cast<TraceView*>(widget)) setActiveView(view);
    });
}

bool InspectWorkspace::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress)
        for (auto* widget = qobject_cast<QWidget*>(watched); widget; widget = widget->parentWidget())
            if (auto* view = qobject_cast<TraceView*>(widget)) setActiveView(view);
    return Workspace::eventFilter(watched, event);
}

void InspectWorkspace::setActiveView(TraceView* view) {
    if (m_activeView == view || std::find(m_views.begin(), m_views.end(), view) == m_views.end()) return;
    m_activeView = view;
    emit exportChanged();
}

QString InspectWorkspace::nameOf(const TraceView* view) const {
    for (const QDockWidget* dock : m_docks)
        if (dock->widget() == view) return dock->windowTitle();
    return tr("Alignment");
}

Exportable InspectWorkspace::exportable(TraceView* view) const {
    return {nameOf(view), view->size(), !m_session.trace() || view->showsNotice(),
            [view](QPainter& painter, const QSizeF& size) { view->paintFigure(painter, size, lightTheme()); },
            [view] { return view->numbers(); }};
}

std::vector<Exportable> InspectWorkspace::exports() const {
    std::vector<Exportable> all;
    for (TraceView* view : m_views) all.push_back(exportable(view));
    return all;
}

Exportable InspectWorkspace::activeExport() const {
    return exportable(m_activeView);
}

} // namespace attn::ui
