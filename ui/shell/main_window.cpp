// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QLayout>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QTimer>
#include <QToolButton>

#include "ui/shell/command_search.h"
#include "ui/shell/exporter.h"
#include "ui/shell/importer.h"
#include "ui/shell/menus.h"
#include "ui/shell/status_line.h"
#include "ui/widgets/icon.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

namespace {
constexpr int busyHandsMs = 50; ///< until a mouse button or a popup is looked at again

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
    const LoadedSettings loaded = loadSettings(store);
    m_settings = loaded.settings;
    m_settings.inspect.cursors.focus = TextCursors::Focus::Source;
    applyLanguage(m_settings.language);
    applyTheme(m_settings.theme);
    setTextScale(m_settings.textScale);
    m_exporter = new Exporter([this] { return workspace().activeExport(); }, this);
    m_importer = new Importer(m_session, this);
    connect(m_exporter, &Exporter::message, this,
            [this](const QString& text) { m_status->setMessage(text); });
    connect(m_importer, &Importer::link, this,
            [this](const QString& text, const QString& tip) { m_status->setLink(text, tip); });
    connect(&m_session, &Session::changed, this, &MainWindow::refresh);
    build();
    resize(QSize(1440, 900).boundedTo(screen()->availableSize() * 0.95));
    resetLayout();
    if (!m_settings.geometry.isEmpty()) restoreGeometry(m_settings.geometry);
    m_inspect->restore(m_settings.inspect);
    refresh();
    if (!loaded.problems.isEmpty()) m_status->setMessage(loaded.problems.join(QLatin1Char(' ')));
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow() {
    qApp->removeEventFilter(this);
    m_session.disconnect(this);
    // They point at the session, a member, so they go first.
    takeDown();
    delete m_importer;
    delete m_exporter;
}

Workspace& MainWindow::workspace() const {
    return *m_inspect;
}

QString MainWindow::statusText() const {
    return m_status->text();
}

// ---- building and rebuilding

void MainWindow::build() {
    m_shownLanguage = currentLanguage();
    m_shownTextScale = textScale();
    m_menus = new Menus(*this);
    m_inspect = new InspectWorkspace(m_session, m_menus->shared());
    setCentralWidget(m_inspect);
    m_menus->build(*m_inspect);
    m_status = new StatusLine(m_session, m_menus->stopAction());
    setStatusBar(m_status);
    connect(m_status, &StatusLine::linkActivated, m_importer, &Importer::showDetails);
    connect(m_inspect, &Workspace::exportChanged, m_menus, &Menus::refresh);
    connect(m_inspect, &Workspace::openRequested, m_importer, &Importer::chooseModel);
    connect(m_inspect, &Workspace::modelChosen, m_importer, &Importer::openPlace);
    connect(m_inspect, &Workspace::dumpOptionsRequested, m_importer, &Importer::reviseAttention);
    for (QToolButton* button : findChildren<QToolButton*>())
        button->setIconSize(QSize(scaled(16), scaled(16)));
}

void MainWindow::takeDown() {
    // Each uses the actions of the one behind it.
    m_inspect->disconnect();
    delete m_status;
    delete takeCentralWidget();
    delete m_menus;
    m_status = nullptr;
    m_inspect = nullptr;
    m_menus = nullptr;
}

void MainWindow::rebuildSoon() {
    if (std::exchange(m_rebuilds, true)) return;
    QMetaObject::invokeMethod(this, &MainWindow::rebuild, Qt::QueuedConnection);
}

void MainWindow::rebuild() {
    // A dock that is dragged and a menu that is open belong to what goes; they are waited for.
    if (QApplication::mouseButtons() != Qt::NoButton || QApplication::activePopupWidget()) {
        QTimer::singleShot(busyHandsMs, this, &MainWindow::rebuild);
        return;
    }
    m_rebuilds = false;
    const bool otherSizes = m_shownTextScale != textScale();
    setUpdatesEnabled(false);
    const ViewState state = m_inspect->viewState();
    takeDown();
    build();
    m_inspect->restore(state);
    m_inspect->show(); // by itself a child of a window that is shown would appear only later
    layout()->activate();
    m_inspect->restoreLayout(state.layout);
    if (otherSizes) m_inspect->sizePanels();
    refresh();
    for (auto* search : findChildren<CommandSearch*>()) search->refill();
    setUpdatesEnabled(true);
}

void MainWindow::refresh() {
    const QString name = m_session.dump()    ? QString::fromStdString(m_session.trace()->modelName)
                         : m_session.model() ? QString::fromStdString(m_session.model()->name())
                                             : QString();
    setWindowTitle(name.isEmpty() ? tr("Attentoscope") : tr("%1 – Attentoscope").arg(name));
    m_status->refresh();
    m_menus->refresh();
}

void MainWindow::resetLayout() {
    m_inspect->resetLayout();
}

void MainWindow::findCommand() {
    CommandSearch dialog([this] { return m_menus->commands(); }, this);
    dialog.exec();
    if (QAction* chosen = dialog.chosen()) chosen->trigger();
}

// ---- settings

void MainWindow::setTheme(ThemeChoice choice) {
    m_settings.theme = choice;
    applyTheme(choice);
    m_menus->refresh();
}

void MainWindow::setTextSize(double scale) {
    m_settings.textScale = scale;
    setTextScale(scale);
    m_menus->refresh();
    // Fonts and lengths that were derived from the scale are derived anew.
    if (m_shownTextScale != textScale()) rebuildSoon();
}

void MainWindow::setLanguage(Language choice) {
    m_settings.language = choice;
    applyLanguage(choice);
    m_menus->refresh();
}

void MainWindow::rememberSettings() {
    m_settings.inspect = m_inspect->viewState();
    if (!isFullScreen()) m_settings.geometry = saveGeometry();
    QSettings store = openStore();
    saveSettings(store, m_settings);
}

// ---- files

void MainWindow::openModel(const QString& nameOrPath) {
    m_importer->open(nameOrPath);
}

void MainWindow::openDump(const QString& path) {
    m_importer->openAttention(path);
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

// ---- events

void MainWindow::closeEvent(QCloseEvent* event) {
    rememberSettings();
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange && m_menus) m_menus->refresh();
    if (event->type() == QEvent::LanguageChange && m_shownLanguage != currentLanguage()) rebuildSoon();
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
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace attn::ui
