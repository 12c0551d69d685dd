// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/panels/dump_bar.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/source_panel.h"
#include "ui/present/candidates.h"
#include "ui/views/alignment_view.h"
#include "ui/views/candidates_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_view.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/transport.h"

namespace attn::ui {

namespace {
QSettings openStore() {
    return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                     QStringLiteral("attentoscope"));
}

/// Whether a key without modifiers is this widget's own: text, a choice, a place in a list.
bool takesPlainKeys(const QWidget* widget) {
    return widget->inherits("QLineEdit") || widget->inherits("QComboBox") ||
           widget->inherits("QAbstractSlider") || widget->inherits("QAbstractItemView") ||
           widget->inherits("QAbstractSpinBox") || widget->inherits("QTextEdit");
}
} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent) {
    setObjectName(QStringLiteral("MainWindow"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    QSettings store = openStore();
    m_settings = loadSettings(store);
    applyLanguage(m_settings.language);
    applyTheme(m_settings.theme);
    setTextScale(m_settings.textScale);
    build();
    resize(QSize(1440, 900).boundedTo(screen()->availableSize() * 0.95));
    resetLayout();
    m_firstLayout = m_dockArea->saveState();
    if (!m_settings.geometry.isEmpty()) restoreGeometry(m_settings.geometry);
    applySettings();
    showModels();
    showQuestion();
    showTrace();
    showWork();
    qApp->installEventFilter(this);
    m_source->source()->setFocus();
}

MainWindow::~MainWindow() {
    qApp->removeEventFilter(this);
    // The views point at the selection, a member, so they go first.
    takeDown();
}

void MainWindow::build() {
    m_shownLanguage = currentLanguage();
    buildActions();
    buildWidgets();
    buildMenus();
    connectParts();
}

void MainWindow::takeDown() {
    m_session.disconnect(this);
    m_selection.disconnect(this);
    qApp->disconnect(this);
    for (QDockWidget* dock : m_docks) dock->disconnect(this);
    delete takeCentralWidget();
    delete menuBar();
    delete statusBar();
    qDeleteAll(findChildren<QAction*>(QString(), Qt::FindDirectChildrenOnly));
    qDeleteAll(findChildren<QActionGroup*>(QString(), Qt::FindDirectChildrenOnly));
    m_views.clear();
    m_docks.clear();
    m_stepActions.clear();
    m_sourceActions.clear();
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* widget,
                                 Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title);
    dock->setObjectName(name);
    dock->setWidget(widget);
    m_dockArea->addDockWidget(area, dock);
    m_docks.push_back(dock);
    return dock;
}

void MainWindow::buildWidgets() {
    m_alignment = new AlignmentView(&m_selection);
    m_step = new StepView(&m_selection);
    m_states = new StatesView(&m_selection);
    m_heads = new HeadsView(&m_selection);
    m_candidates = new CandidatesView(&m_selection);
    m_views = {m_alignment, m_step, m_states, m_heads, m_candidates};
    m_activeView = m_alignment;
    m_source = new SourcePanel(&m_selection, m_run);
    m_models = new ModelPanel(m_open);
    m_transport = new Transport;

    auto* central = new QWidget;
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 8, 8, 8);
    top->setSpacing(16);
    top->addWidget(m_models, 0, Qt::AlignTop);
    top->addWidget(m_source, 1);
    column->addLayout(top);
    m_dockArea = new QMainWindow(central);
    m_dockArea->setWindowFlags(Qt::Widget);
    m_dockArea->setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks |
                               QMainWindow::AnimatedDocks);
    m_dockArea->setContextMenuPolicy(Qt::NoContextMenu);
    column->addWidget(m_dockArea, 1);
    auto* hero = new QWidget;
    auto* heroColumn = new QVBoxLayout(hero);
    heroColumn->setContentsMargins(0, 0, 0, 4);
    heroColumn->setSpacing(4);
    heroColumn->addWidget(m_alignment, 1);
    heroColumn->addWidget(m_transport);
    m_dockArea->setCentralWidget(hero);
    setCentralWidget(central);

    addDock(QStringLiteral("step"), tr("Step"), m_step, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("states"), tr("Hidden states"), m_states, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("candidates"), tr("Candidates"), m_candidates, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("heads"), tr("Heads"), m_heads, Qt::RightDockWidgetArea);

    m_status = new QLabel;
    m_message = new QLabel;
    m_message->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_message->setAccessibleName(tr("Last message"));
    m_cancel = new QToolButton;
    m_cancel->setDefaultAction(m_stop);
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_cancel->hide();
    m_status->setContentsMargins(8, 0, 8, 0);
    statusBar()->addWidget(m_status, 1);
    statusBar()->addPermanentWidget(m_message);
    statusBar()->addPermanentWidget(m_cancel);
}

void MainWindow::connectParts() {
    connect(&m_session, &Session::changed, this, [this](Session::Changes what) {
        if (what & (Session::ModelList | Session::QuestionChange | Session::DumpChange)) showModels();
        if (what & (Session::QuestionChange | Session::DumpChange)) showQuestion();
        if (what & Session::TraceChange) showTrace();
        if (what & Session::FaultChange) showFault();
        showWork();
        refreshActions();
    });
    connect(&m_session, &Session::imported, this, &MainWindow::showImport);
    connect(m_message, &QLabel::linkActivated, this, &MainWindow::showImportDetails);
    connect(&m_selection, &Selection::changed, this, &MainWindow::showSelection);
    connect(m_models, &ModelPanel::modelChosen, this, &MainWindow::openPlace);

    const auto edit = [this](Session::Edit kind, auto change) {
        Recipe recipe = m_session.recipe();
        change(recipe);
        m_session.setRecipe(recipe, kind);
    };
    connect(m_source, &SourcePanel::sourceEdited, this, [=](const QString& text) {
        edit(Session::Edit::Typing, [&](Recipe& recipe) {
            recipe.source = text.toStdString();
            recipe.prefix.clear();
        });
    });
    connect(m_source, &SourcePanel::exampleChosen, this, [=](const QString& text) {
        edit(Session::Edit::Choice, [&](Recipe& recipe) {
            recipe.source = text.toStdString();
            recipe.prefix.clear();
        });
    });
    connect(m_source, &SourcePanel::targetEdited, this, [=](const QString& text) {
        edit(Session::Edit::Typing, [&](Recipe& recipe) { recipe.target = text.toStdString(); });
    });
    connect(m_source, &SourcePanel::searchChosen, this, [=, this](SearchKind kind) {
        edit(Session::Edit::Choice, [&](Recipe& recipe) {
            recipe.search = kind;
            recipe.prefix.clear();
            // What the model said is a target to begin with.
            if (kind == SearchKind::Forced && recipe.target.empty() && m_session.trace()) {
                const Trace& trace = *m_session.trace();
                for (int index : trace.bestPath()) {
                    const StepTrace& step = trace.steps[static_cast<std::size_t>(index)];
                    if (!step.isEnd()) recipe.target += (recipe.target.empty() ? "" : " ") + step.wordText;
                }
            }
        });
    });
    connect(m_source, &SourcePanel::prefixCleared, this,
            [=] { edit(Session::Edit::Choice, [](Recipe& recipe) { recipe.prefix.clear(); }); });
    connect(m_source, &SourcePanel::runRequested, m_run, &QAction::trigger);
    connect(m_source->dumpBar(), &DumpBar::sentenceChosen, &m_session, &Session::chooseSentence);
    connect(m_source->dumpBar(), &DumpBar::optionsRequested, this, [this] {
        if (m_session.dump()) askAboutDump(QString::fromStdString(m_session.dump()->path), m_dumpOptions);
    });
    connect(m_source->dumpBar(), &DumpBar::closeRequested, &m_session, &Session::closeDump);
    connect(m_candidates, &CandidatesView::wordForced, this, [=, this](int step, const std::string& token) {
        if (!m_session.trace() || !m_session.isUpToDate()) return;
        edit(Session::Edit::Choice, [&](Recipe& recipe) {
            recipe.search = SearchKind::Greedy;
            recipe.prefix = forcedPrefix(*m_session.trace(), m_session.trace()->bestPath(), step, token);
        });
    });

    connect(m_transport, &Transport::stepChosen, &m_selection, &Selection::setStep);
    connect(m_transport, &Transport::playingChanged, this, [this](bool playing) {
        m_alignment->setGrowing(playing);
        refreshActions();
    });
    connect(m_alignment, &AlignmentView::displayChanged, this,
            [this] { m_heads->setColours(m_alignment->mapName(), m_alignment->scale()); });
    for (TraceView* view : m_views) connect(view, &TraceView::noticeLink, this, &MainWindow::followNotice);
    for (QDockWidget* dock : m_docks)
        connect(dock, &QDockWidget::visibilityChanged, this, &MainWindow::refreshActions);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        for (QWidget* widget = now; widget; widget = widget->parentWidget())
            if (auto* view = qobject_cast<TraceView*>(widget)) setActiveView(view);
    });
}

void MainWindow::resetLayout() {
    if (!m_firstLayout.isEmpty()) {
        m_dockArea->restoreState(m_firstLayout);
    } else {
        m_dockArea->tabifyDockWidget(m_docks[2], m_docks[3]);
        m_docks[2]->raise();
    }
    sizeDocks();
}

void MainWindow::sizeDocks() {
    // The alignment keeps half of the window, and something of it at a projector's text size.
    const auto side = [this](double share, int least) {
        const int wanted = std::clamp(static_cast<int>(width() * share), scaled(least), scaled(420));
        return std::min(wanted, std::max(least, width() / 4));
    };
    m_dockArea->resizeDocks({m_docks[0], m_docks[1]}, {side(0.175, 252), side(0.185, 266)}, Qt::Horizontal);
    m_dockArea->resizeDocks({m_docks[1], m_docks[2]}, {2, 1}, Qt::Vertical);
}

void MainWindow::applySettings() {
    if (!m_settings.layout.isEmpty()) m_dockArea->restoreState(m_settings.layout);
    m_alignment->setColours(m_settings.map, m_settings.scale);
    m_alignment->setOverlays(m_settings.showValues, m_settings.showRowMaxima, m_settings.showOutOfScope,
                             m_settings.showGold);
    m_heads->setColours(m_settings.map, m_settings.scale);
    m_transport->setSpeed(m_settings.stepsPerSecond);
    setTheme(m_settings.theme);
    setTextSize(m_settings.textScale);
    setLanguage(m_settings.language);
}

void MainWindow::collectSettings() {
    m_settings.map = m_alignment->mapName();
    m_settings.scale = m_alignment->scale();
    m_settings.showValues = m_alignment->showsValues();
    m_settings.showRowMaxima = m_alignment->showsRowMaxima();
    m_settings.showOutOfScope = m_alignment->showsAllowed();
    m_settings.showGold = m_alignment->showsGold();
    m_settings.stepsPerSecond = m_transport->speed();
    if (!isFullScreen()) m_settings.geometry = saveGeometry();
    m_settings.layout = m_dockArea->saveState();
}

void MainWindow::rememberSettings() {
    collectSettings();
    QSettings store = openStore();
    saveSettings(store, m_settings);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    rememberSettings();
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange && m_fullScreen) m_fullScreen->setChecked(isFullScreen());
    if (event->type() == QEvent::LanguageChange && m_shownLanguage != currentLanguage()) rebuild();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) return event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) openModel(url.toLocalFile());
    event->acceptProposedAction();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        auto* widget = qobject_cast<QWidget*>(watched);
        const bool plain = (key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == 0;
        // Esc lets go wherever the focus is; function keys are never text.
        const bool free =
            key->key() == Qt::Key_Escape || (key->key() >= Qt::Key_F1 && key->key() <= Qt::Key_F35);
        const bool press = key->key() == Qt::Key_Space && widget && widget->inherits("QAbstractButton");
        if (widget && plain && !free && widget->window() == this && (press || takesPlainKeys(widget))) {
            event->accept();
            return true;
        }
    } else if (event->type() == QEvent::MouseButtonPress) {
        for (auto* widget = qobject_cast<QWidget*>(watched); widget; widget = widget->parentWidget())
            if (auto* view = qobject_cast<TraceView*>(widget)) setActiveView(view);
    }
    return QMainWindow::eventFilter(watched, event);
}

QString MainWindow::statusText() const {
    return m_status->text();
}

} // namespace attn::ui
