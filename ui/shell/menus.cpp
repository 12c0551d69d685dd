// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/menus.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenuBar>
#include <functional>

#include "ui/shell/exporter.h"
#include "ui/shell/help.h"
#include "ui/shell/importer.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/command.h"
#include "ui/widgets/icon.h"

namespace attn::ui {

Menus::Menus(MainWindow& window) : QObject(&window), m_window(window) {
    Session& session = window.session();
    Exporter& exporter = window.exporter();
    Importer& importer = window.importer();
    m_open = add(
        tr("&Open model…"), {QKeySequence::Open}, tr("Opens a model file or a checkpoint of another toolkit"),
        [&importer] { importer.chooseModel(); }, QStringLiteral("open"));
    m_details = add(tr("Import &details…"), {QKeySequence(QStringLiteral("Ctrl+I"))},
                    tr("Shows what this checkpoint was taken for, and names other files for it"), [&] {
                        const int index = session.modelIndex();
                        importer.showDetails(session.models()[static_cast<std::size_t>(index)].place);
                    });
    m_close = add(tr("&Close model"), {QKeySequence(QStringLiteral("Ctrl+W"))},
                  tr("Closes the model that is asked and frees its memory"),
                  [&session] { session.closeModel(session.modelIndex()); });
    m_run = add(
        tr("&Run"), {QKeySequence(QStringLiteral("Ctrl+Return")), QKeySequence(QStringLiteral("F5"))},
        tr("Runs the sentence now"), [&session] { session.run(); }, QStringLiteral("play"));
    m_stop = add(tr("&Stop"), {QKeySequence(QStringLiteral("Ctrl+."))},
                 tr("Stops the engine; the last result stays"), [&session] { session.cancel(); });
    m_exportFigure = add(
        tr("Export &figure…"), {QKeySequence(QStringLiteral("Ctrl+E"))},
        tr("Writes the picture of the view used last as PNG, SVG or PDF"),
        [&exporter] { exporter.exportFigure(); }, QStringLiteral("export"));
    m_exportNumbers = add(tr("Export &numbers…"), {QKeySequence(QStringLiteral("Ctrl+Shift+E"))},
                          tr("Writes the numbers of the view used last as CSV, JSON or NPY"),
                          [&exporter] { exporter.exportNumbers(); });
    m_copyFigure = add(
        tr("Copy &figure"), {QKeySequence(QStringLiteral("Ctrl+Shift+C"))},
        tr("Puts the picture of the view used last on the clipboard"), [&exporter] { exporter.copyFigure(); },
        QStringLiteral("copy"));
    m_copyNumbers = add(tr("Copy &numbers"), {QKeySequence(QStringLiteral("Ctrl+Alt+C"))},
                        tr("Puts the numbers of the view used last on the clipboard"),
                        [&exporter] { exporter.copyNumbers(); });
}

Menus::~Menus() {
    delete m_window.menuBar();
}

QAction* Menus::add(const QString& text, const QList<QKeySequence>& keys, const QString& tip,
                    std::function<void()> run, const QString& icon) {
    return addCommand(this, &m_window, {text, keys, tip, icon}, std::move(run));
}

ShellActions Menus::shared() const {
    return {m_open, m_run, {m_copyFigure, m_copyNumbers, m_exportFigure, m_exportNumbers}};
}

void Menus::build(const Workspace& workspace) {
    QMenuBar* bar = m_window.menuBar();
    QMenu* file = bar->addMenu(tr("&File"));
    QMenu* edit = bar->addMenu(tr("&Edit"));
    QMenu* view = bar->addMenu(tr("&View"));
    QMenu* run = bar->addMenu(tr("&Run"));
    QMenu* help = bar->addMenu(tr("&Help"));
    buildFile(file);
    buildEdit(edit, workspace);
    buildView(view, workspace);
    run->addActions({m_run, m_stop});
    run->addSeparator();
    run->addActions(workspace.menuActions(MenuPlace::Run));
    buildHelp(help);
    for (QMenu* menu : {file, edit, view, run, help}) menu->setToolTipsVisible(true);
}

void Menus::buildFile(QMenu* menu) {
    menu->addActions({m_open, m_details});
    menu->addAction(add(tr("Open &attention from a file…"), {QKeySequence(QStringLiteral("Ctrl+Shift+O"))},
                        tr("Opens attention or a word alignment that another program wrote"),
                        [this] { m_window.importer().chooseAttention(); }));
    menu->addAction(m_close);
    menu->addSeparator();
    menu->addActions({m_exportFigure, m_exportNumbers});
    menu->addSeparator();
    QAction* quit = add(tr("&Quit"), {QKeySequence(QStringLiteral("Ctrl+Q"))}, tr("Leaves Attentoscope"),
                        [this] { m_window.close(); });
    quit->setMenuRole(QAction::QuitRole);
    menu->addAction(quit);
}

void Menus::buildEdit(QMenu* menu, const Workspace& workspace) {
    QUndoStack* stack = m_window.session().undoStack();
    QAction* undo = stack->createUndoAction(this, tr("&Undo"));
    undo->setShortcuts(QKeySequence::Undo);
    undo->setIcon(themedIcon(QStringLiteral("undo"), &m_window));
    QAction* redo = stack->createRedoAction(this, tr("&Redo"));
    redo->setShortcuts(
        {QKeySequence(QStringLiteral("Ctrl+Shift+Z")), QKeySequence(QStringLiteral("Ctrl+Y"))});
    redo->setIcon(themedIcon(QStringLiteral("redo"), &m_window));
    menu->addActions({undo, redo});
    menu->addSeparator();
    menu->addActions({m_copyFigure, m_copyNumbers});
    menu->addSeparator();
    menu->addActions(workspace.menuActions(MenuPlace::Edit));
}

QActionGroup* Menus::choices(QMenu* menu, const QString& title,
                             const QList<QPair<QString, double>>& entries) {
    QMenu* sub = menu->addMenu(title);
    auto* group = new QActionGroup(this);
    for (const auto& [text, value] : entries) {
        QAction* action = sub->addAction(text);
        action->setCheckable(true);
        action->setData(value);
        group->addAction(action);
    }
    return group;
}

void Menus::buildView(QMenu* menu, const Workspace& workspace) {
    menu->addActions(workspace.menuActions(MenuPlace::Panels));
    menu->addAction(add(tr("&Reset layout"), {}, tr("Puts the panels where they were at first"),
                        [this] { m_window.resetLayout(); }));
    menu->addSeparator();
    menu->addActions(workspace.menuActions(MenuPlace::Display));
    menu->addSeparator();
    m_themes = choices(menu, tr("&Theme"),
                       {{tr("&System"), double(ThemeChoice::System)},
                        {tr("&Light"), double(ThemeChoice::Light)},
                        {tr("&Dark"), double(ThemeChoice::Dark)}});
    connect(m_themes, &QActionGroup::triggered, &m_window,
            [this](QAction* action) { m_window.setTheme(static_cast<ThemeChoice>(action->data().toInt())); });
    m_textSizes =
        choices(menu, tr("Te&xt size"), {{tr("&Normal"), 1.0}, {tr("&Large"), 1.5}, {tr("&Projector"), 2.0}});
    connect(m_textSizes, &QActionGroup::triggered, &m_window,
            [this](QAction* action) { m_window.setTextSize(action->data().toDouble()); });
    m_languages = choices(menu, tr("Lan&guage"),
                          {{tr("&System"), double(Language::System)},
                           {QStringLiteral("&English"), double(Language::English)},
                           {QStringLiteral("简体中文(&Z)"), double(Language::Chinese)}});
    connect(m_languages, &QActionGroup::triggered, &m_window,
            [this](QAction* action) { m_window.setLanguage(static_cast<Language>(action->data().toInt())); });
    m_fullScreen =
        add(tr("F&ull screen"), {QKeySequence(QStringLiteral("F11"))}, tr("Fills the screen, for a class"),
            [this] { m_window.isFullScreen() ? m_window.showNormal() : m_window.showFullScreen(); });
    m_fullScreen->setCheckable(true);
    menu->addAction(m_fullScreen);
}

void Menus::buildHelp(QMenu* menu) {
    menu->addAction(add(
        tr("&Keyboard shortcuts"), {QKeySequence(QStringLiteral("F1"))},
        tr("Lists every command with its keys"), [this] { showShortcuts(&m_window, commands()); },
        QStringLiteral("help")));
    menu->addAction(add(
        tr("&Find a command…"), {QKeySequence(QStringLiteral("Ctrl+K"))}, tr("Finds any command by its name"),
        [this] { m_window.findCommand(); }, QStringLiteral("search")));
    menu->addSeparator();
    QAction* about =
        add(tr("&About Attentoscope"), {}, tr("What this program is"), [this] { showAbout(&m_window); });
    about->setMenuRole(QAction::AboutRole);
    QAction* aboutQt =
        add(tr("About &Qt"), {}, tr("The library that draws the window"), [] { qApp->aboutQt(); });
    aboutQt->setMenuRole(QAction::AboutQtRole);
    menu->addActions({about, aboutQt});
}

QList<QAction*> Menus::commands() const {
    QList<QAction*> all;
    const std::function<void(const QMenu*)> collect = [&](const QMenu* menu) {
        for (QAction* action : menu->actions()) {
            if (const QMenu* sub = action->menu())
                collect(sub);
            else if (!action->isSeparator())
                all << action;
        }
    };
    for (QAction* top : m_window.menuBar()->actions()) collect(top->menu());
    return all;
}

void Menus::refresh() {
    const Session& session = m_window.session();
    const ModelPtr model = session.model();
    // A model that reads nothing can begin with nothing.
    const bool blank = QString::fromStdString(session.recipe().source).trimmed().isEmpty();
    m_run->setEnabled(model && !session.dump() && !(blank && model->source()));
    m_stop->setEnabled(session.work().state != Work::State::Idle);
    const int index = session.modelIndex();
    m_details->setEnabled(index >= 0 && session.models()[static_cast<std::size_t>(index)].report);
    m_close->setEnabled(index >= 0);
    const Exportable active = m_window.workspace().activeExport();
    m_exportFigure->setText(tr("Export &figure: %1…").arg(active.name));
    m_exportNumbers->setText(tr("Export &numbers: %1…").arg(active.name));
    m_copyFigure->setText(tr("Copy &figure: %1").arg(active.name));
    m_copyNumbers->setText(tr("Copy &numbers: %1").arg(active.name));
    for (QAction* action : {m_exportFigure, m_exportNumbers, m_copyFigure, m_copyNumbers})
        action->setEnabled(!active.isEmpty);
    const WindowSettings& settings = m_window.settings();
    const auto tick = [](const QActionGroup* group, double value) {
        for (QAction* action : group->actions()) action->setChecked(action->data().toDouble() == value);
    };
    tick(m_themes, double(settings.theme));
    tick(m_textSizes, settings.textScale);
    tick(m_languages, double(settings.language));
    m_fullScreen->setChecked(m_window.isFullScreen());
}

} // namespace attn::ui
