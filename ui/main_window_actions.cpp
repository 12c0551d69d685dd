// SPDX-License-Identifier: GPL-3.0-or-later
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenuBar>
#include <QRegularExpression>

#include "ui/main_window.h"
#include "ui/panels/source_panel.h"
#include "ui/views/alignment_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/transport.h"

namespace attn::ui {

QString MainWindow::plainText(const QAction* action) {
    // "Open (&O)" is how a Chinese text carries its letter.
    static const QRegularExpression letter(QStringLiteral("\\s*\\(&.\\)"));
    return action->text().remove(letter).remove(QLatin1Char('&'));
}

QAction* MainWindow::command(const QString& text, const QList<QKeySequence>& keys, const QString& tip,
                             std::function<void()> run, const QString& icon) {
    auto* action = new QAction(text, this);
    action->setIconText(plainText(action));
    action->setShortcuts(keys);
    if (!icon.isEmpty()) action->setIcon(themedIcon(icon, this));
    action->setStatusTip(tip);
    const QString shortcut = keys.isEmpty() ? QString() : keys.first().toString(QKeySequence::NativeText);
    action->setToolTip(shortcut.isEmpty() ? tip : tr("%1 (%2)").arg(tip, shortcut));
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    addAction(action);
    return action;
}

void MainWindow::buildActions() {
    m_open = command(
        tr("&Open model…"), {QKeySequence::Open}, tr("Opens a model file or a checkpoint of another toolkit"),
        [this] { chooseModelFile(); }, QStringLiteral("open"));
    m_importDetails = command(
        tr("Import &details…"), {QKeySequence(QStringLiteral("Ctrl+I"))},
        tr("Shows what this checkpoint was taken for, and names other files for it"), [this] {
            showImportDetails(m_session.models()[static_cast<std::size_t>(m_session.modelIndex())].place);
        });
    m_run = command(
        tr("&Run"), {QKeySequence(QStringLiteral("Ctrl+Return")), QKeySequence(QStringLiteral("F5"))},
        tr("Runs the sentence now"), [this] { m_session.run(); }, QStringLiteral("play"));
    m_stop = command(tr("&Stop"), {QKeySequence(QStringLiteral("Ctrl+."))},
                     tr("Stops the engine; the last result stays"), [this] { m_session.cancel(); });
    m_exportFigure = command(
        tr("Export &figure…"), {QKeySequence(QStringLiteral("Ctrl+E"))},
        tr("Writes the picture of the view used last as PNG, SVG or PDF"), [this] { exportFigure(); },
        QStringLiteral("export"));
    m_exportNumbers = command(tr("Export &numbers…"), {QKeySequence(QStringLiteral("Ctrl+Shift+E"))},
                              tr("Writes the numbers of the view used last as CSV, JSON or NPY"),
                              [this] { exportNumbers(); });
    m_copyFigure = command(
        tr("Copy &figure"), {QKeySequence(QStringLiteral("Ctrl+Shift+C"))},
        tr("Puts the picture of the view used last on the clipboard"), [this] { copyFigure(); },
        QStringLiteral("copy"));
    m_copyNumbers =
        command(tr("Copy &numbers"), {QKeySequence(QStringLiteral("Ctrl+Alt+C"))},
                tr("Puts the numbers of the view used last on the clipboard"), [this] { copyNumbers(); });
}

void MainWindow::buildMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_open);
    file->addAction(m_importDetails);
    file->addAction(command(
        tr("Open &attention from a file…"), {QKeySequence(QStringLiteral("Ctrl+Shift+O"))},
        tr("Opens attention or a word alignment that another program wrote"), [this] { chooseDumpFile(); }));
    file->addSeparator();
    file->addAction(m_exportFigure);
    file->addAction(m_exportNumbers);
    file->addSeparator();
    QAction* quit = command(tr("&Quit"), {QKeySequence(QStringLiteral("Ctrl+Q"))}, tr("Leaves Attentoscope"),
                            [this] { close(); });
    quit->setMenuRole(QAction::QuitRole);
    file->addAction(quit);

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_session.undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setShortcuts(QKeySequence::Undo);
    undo->setIcon(themedIcon(QStringLiteral("undo"), this));
    QAction* redo = m_session.undoStack()->createRedoAction(this, tr("&Redo"));
    redo->setShortcuts(
        {QKeySequence(QStringLiteral("Ctrl+Shift+Z")), QKeySequence(QStringLiteral("Ctrl+Y"))});
    redo->setIcon(themedIcon(QStringLiteral("redo"), this));
    edit->addActions({undo, redo});
    edit->addSeparator();
    edit->addActions({m_copyFigure, m_copyNumbers});
    edit->addSeparator();
    edit->addAction(command(tr("Edit &sentence"), {QKeySequence(QStringLiteral("Ctrl+L"))},
                            tr("Puts the cursor into the sentence"), [this] {
                                m_source->source()->setFocus(Qt::ShortcutFocusReason);
                                m_source->source()->selectAll();
                            }));

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (QDockWidget* dock : m_docks) {
        QAction* toggle = dock->toggleViewAction();
        toggle->setToolTip(tr("Shows or hides this panel"));
        view->addAction(toggle);
    }
    view->addAction(command(tr("&Reset layout"), {}, tr("Puts the panels where they were at first"),
                            [this] { resetLayout(); }));
    view->addSeparator();
    view->addActions(m_alignment->displayActions());
    view->addSeparator();
    CellMap* map = m_alignment->map();
    view->addAction(command(tr("Zoom &in"),
                            {QKeySequence(QStringLiteral("Ctrl++")), QKeySequence(QStringLiteral("Ctrl+="))},
                            tr("Enlarges the alignment"), [map] { map->zoomIn(); }));
    view->addAction(command(tr("Zoom &out"), {QKeySequence(QStringLiteral("Ctrl+-"))},
                            tr("Makes the alignment smaller"), [map] { map->zoomOut(); }));
    view->addAction(command(
        tr("&Fit"), {QKeySequence(QStringLiteral("Ctrl+0"))}, tr("Shows the whole alignment"),
        [map] { map->fitToView(); }, QStringLiteral("zoom-fit")));
    view->addSeparator();
    const auto choices = [&](const QString& title, const QList<QPair<QString, double>>& entries) {
        QMenu* menu = view->addMenu(title);
        auto* group = new QActionGroup(this);
        for (const auto& [text, value] : entries) {
            QAction* action = menu->addAction(text);
            action->setCheckable(true);
            action->setData(value);
            group->addAction(action);
        }
        return group;
    };
    m_themes = choices(tr("&Theme"), {{tr("&System"), double(ThemeChoice::System)},
                                      {tr("&Light"), double(ThemeChoice::Light)},
                                      {tr("&Dark"), double(ThemeChoice::Dark)}});
    connect(m_themes, &QActionGroup::triggered, this,
            [this](QAction* action) { setTheme(static_cast<ThemeChoice>(action->data().toInt())); });
    m_textSizes =
        choices(tr("Te&xt size"), {{tr("&Normal"), 1.0}, {tr("&Large"), 1.5}, {tr("&Projector"), 2.0}});
    connect(m_textSizes, &QActionGroup::triggered, this,
            [this](QAction* action) { setTextSize(action->data().toDouble()); });
    m_languages = choices(tr("Lan&guage"), {{tr("&System"), double(Language::System)},
                                            {QStringLiteral("&English"), double(Language::English)},
                                            {QStringLiteral("简体中文(&Z)"), double(Language::Chinese)}});
    connect(m_languages, &QActionGroup::triggered, this,
            [this](QAction* action) { setLanguage(static_cast<Language>(action->data().toInt())); });
    m_fullScreen = command(tr("F&ull screen"), {QKeySequence(QStringLiteral("F11"))},
                           tr("Fills the screen, for a class"),
                           [this] { isFullScreen() ? showNormal() : showFullScreen(); });
    m_fullScreen->setCheckable(true);
    m_fullScreen->setChecked(isFullScreen());
    view->addAction(m_fullScreen);

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({m_run, m_stop});
    run->addSeparator();
    const auto step = [&](const QString& text, const QList<QKeySequence>& keys, const QString& tip,
                          std::function<void()> go, const QString& icon) {
        QAction* action = command(text, keys, tip, std::move(go), icon);
        m_stepActions.push_back(action);
        run->addAction(action);
        return action;
    };
    step(
        tr("&First step"), {QKeySequence(Qt::Key_Home)}, tr("Goes to the first step"),
        [this] { m_selection.setStep(0); }, QStringLiteral("first"));
    step(
        tr("Step &back"), {QKeySequence(Qt::Key_Left)}, tr("Goes one step back"),
        [this] { m_selection.stepBy(-1); }, QStringLiteral("back"));
    m_play = step(
        tr("&Play"), {QKeySequence(Qt::Key_Space)}, tr("Plays the steps, or pauses"),
        [this] { m_transport->playPause(); }, QStringLiteral("play"));
    step(
        tr("Step f&orward"), {QKeySequence(Qt::Key_Right)}, tr("Goes one step forward"),
        [this] { m_selection.stepBy(1); }, QStringLiteral("forward"));
    step(
        tr("&Last step"), {QKeySequence(Qt::Key_End)}, tr("Goes to the last step"),
        [this] { m_selection.setStep(m_selection.bounds().steps() - 1); }, QStringLiteral("last"));
    run->addSeparator();
    for (const int by : {-1, 1}) {
        QAction* action =
            command(by < 0 ? tr("P&revious source position") : tr("&Next source position"),
                    {QKeySequence(by < 0 ? Qt::Key_Up : Qt::Key_Down)},
                    tr("Moves the pinned source position"), [this, by] { m_selection.moveKey(by); });
        m_sourceActions.push_back(action);
        run->addAction(action);
    }
    m_nextHead = command(tr("Next &head"), {QKeySequence(Qt::Key_H)},
                         tr("Goes through the mean and the heads; needs a model with several"),
                         [this] { m_selection.cycleHead(); });
    m_letGo = command(tr("Le&t go"), {QKeySequence(Qt::Key_Escape)}, tr("Lets go of what is pinned"), [this] {
        if (m_session.work().slow) m_session.cancel();
        m_selection.letGo();
    });
    run->addActions({m_nextHead, m_letGo});

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(command(
        tr("&Keyboard shortcuts"), {QKeySequence(QStringLiteral("F1"))},
        tr("Lists every command with its keys"), [this] { showShortcuts(); }, QStringLiteral("help")));
    help->addAction(command(
        tr("&Find a command…"), {QKeySequence(QStringLiteral("Ctrl+K"))}, tr("Finds any command by its name"),
        [this] { findCommand(); }, QStringLiteral("search")));
    help->addSeparator();
    QAction* about =
        command(tr("&About Attentoscope"), {}, tr("What this program is"), [this] { showAbout(); });
    about->setMenuRole(QAction::AboutRole);
    QAction* aboutQt =
        command(tr("About &Qt"), {}, tr("The library that draws the window"), [] { qApp->aboutQt(); });
    aboutQt->setMenuRole(QAction::AboutQtRole);
    help->addActions({about, aboutQt});
    for (QMenu* menu : {file, edit, view, run, help}) menu->setToolTipsVisible(true);
    for (TraceView* traceView : m_views)
        traceView->addToMenu({m_copyFigure, m_copyNumbers, m_exportFigure, m_exportNumbers});
}

QList<QAction*> MainWindow::commands() const {
    QList<QAction*> all;
    const std::function<void(const QMenu*)> collect = [&](const QMenu* menu) {
        for (QAction* action : menu->actions()) {
            if (const QMenu* sub = action->menu())
                collect(sub);
            else if (!action->isSeparator())
                all << action;
        }
    };
    for (QAction* top : menuBar()->actions()) collect(top->menu());
    return all;
}

void MainWindow::refreshActions() {
    const bool answer = m_session.trace() != nullptr;
    const PointingBounds& bounds = m_selection.bounds();
    for (QAction* action : m_stepActions) action->setEnabled(bounds.steps() > 0);
    for (QAction* action : m_sourceActions) action->setEnabled(bounds.length(m_selection.keyAxis()) > 0);
    m_nextHead->setEnabled(m_selection.heads() > 1);
    m_letGo->setEnabled(true);
    m_play->setText(m_transport->isPlaying() ? tr("&Pause") : tr("&Play"));
    const bool asked =
        m_session.model() && !m_session.dump() && !m_source->source()->text().trimmed().isEmpty();
    m_run->setEnabled(asked);
    m_stop->setEnabled(m_session.work().state != Work::State::Idle);
    const int index = m_session.modelIndex();
    m_importDetails->setEnabled(index >= 0 && m_session.models()[static_cast<std::size_t>(index)].report);
    const QString name = nameOf(m_activeView);
    m_exportFigure->setText(tr("Export &figure: %1…").arg(name));
    m_exportNumbers->setText(tr("Export &numbers: %1…").arg(name));
    m_copyFigure->setText(tr("Copy &figure: %1").arg(name));
    m_copyNumbers->setText(tr("Copy &numbers: %1").arg(name));
    for (QAction* action : {m_exportFigure, m_exportNumbers, m_copyFigure, m_copyNumbers})
        action->setEnabled(answer && !m_activeView->showsNotice());
}

} // namespace attn::ui
