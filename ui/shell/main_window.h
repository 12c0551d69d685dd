// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include "ui/session/session.h"
#include "ui/shell/settings.h"

namespace attn::ui {

class CommandSearch;
class Exporter;
class Importer;
class InspectWorkspace;
class Menus;
class StatusLine;
class Workspace;

/// The shell around the workspaces: menus, settings, language, theme, opening and exporting.
///
/// Session, settings, importer and exporter live as long as the window. Menus, workspace and status line hold
/// texts and sizes; the window builds the three anew when those change and brings the workspace back by its
/// ViewState. Nothing that outlives a rebuild keeps a pointer into them.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() { return m_session; }
    Exporter& exporter() { return *m_exporter; }
    Importer& importer() { return *m_importer; }
    const WindowSettings& settings() const { return m_settings; }
    /// The workspace that is shown; another object after a rebuild.
    Workspace& workspace() const;
    InspectWorkspace& inspect() const { return *m_inspect; }
    QString statusText() const;

    /// Opens a bundled name or a path as what its content is (Importer::open).
    void openModel(const QString& nameOrPath);
    /// Asks how to read a dump of attention, shows what the file determines, and opens it if that is
    /// accepted.
    void openDump(const QString& path);
    void setTheme(ThemeChoice choice);
    void setTextSize(double scale);
    /// The texts follow as soon as events are handled. Model, sentence, answer, selection and layout stay.
    void setLanguage(Language choice);

public slots:
    void resetLayout();
    void findCommand();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void takeDown();
    /// Rebuilds what has texts and sizes, once the events in progress are handled.
    void rebuildSoon();
    void rebuild();
    void refresh();
    void rememberSettings();

    Session m_session;
    WindowSettings m_settings;
    Exporter* m_exporter = nullptr;
    Importer* m_importer = nullptr;
    bool m_rebuilds = false;                      ///< rebuild() is on its way
    Language m_shownLanguage = Language::English; ///< of the texts in the window
    double m_shownTextScale = 1;                  ///< of the sizes in the window

    // Built anew by rebuild().
    Menus* m_menus = nullptr;
    InspectWorkspace* m_inspect = nullptr;
    StatusLine* m_status = nullptr;
};

} // namespace attn::ui
