// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <functional>
#include <vector>

#include "ui/main_window_settings.h"
#include "ui/selection/selection.h"
#include "ui/session/session.h"

class QAction;
class QActionGroup;
class QDockWidget;
class QLabel;
class QMenu;
class QToolButton;

namespace attn::ui {

class AlignmentView;
class CandidatesView;
class HeadsView;
class ImportDialog;
class ModelPanel;
class SourcePanel;
class StatesView;
class StepView;
class TraceView;
class Transport;

/// The window: the question at the top, the alignment in the middle, docks around it, the transport below.
/// It hands the session's answers to the views and the views' requests to the session.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() { return m_session; }
    Selection& selection() { return m_selection; }
    AlignmentView* alignmentView() const { return m_alignment; }
    StepView* stepView() const { return m_step; }
    StatesView* statesView() const { return m_states; }
    HeadsView* headsView() const { return m_heads; }
    CandidatesView* candidatesView() const { return m_candidates; }
    SourcePanel* sourcePanel() const { return m_source; }
    ModelPanel* modelPanel() const { return m_models; }
    Transport* transport() const { return m_transport; }
    QString statusText() const;

    /// Opens a bundled name or a path; a failure is told beside the question and leaves the work as it is. A
    /// checkpoint of another toolkit opens by itself if nothing is missing, else a dialog asks; what is a
    /// dump of attention is opened as that.
    void openModel(const QString& nameOrPath);
    /// Asks how a dump of attention is to be read, shows what the file tells, and opens it if that is
    /// accepted.
    void openDump(const QString& path) { askAboutDump(path, {}); }
    void setTheme(ThemeChoice choice);
    void setTextSize(double scale);
    /// The texts follow as soon as events are handled. Model, sentence, answer, selection and layout stay.
    void setLanguage(Language choice);

public slots:
    void resetLayout();
    /// A dialog for the path; the view is the one used last.
    void exportFigure();
    void exportNumbers();
    void copyFigure();
    void copyNumbers();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    /// Builds everything that has texts anew, for QEvent::LanguageChange.
    void rebuild();
    void takeDown();
    void buildWidgets();
    void buildActions();
    void buildMenus();
    void connectParts();
    QAction* command(const QString& text, const QList<QKeySequence>& keys, const QString& tip,
                     std::function<void()> run, const QString& icon = {});
    /// An action's text without the letter that the keyboard finds it by.
    static QString plainText(const QAction* action);
    /// Every command of the menus, for the list of shortcuts and the search.
    QList<QAction*> commands() const;
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* widget, Qt::DockWidgetArea area);

    void sizeDocks();
    void showModels();
    void showQuestion();
    void showTrace();
    void showWork();
    void showFault();
    void showSelection(Selection::Aspects what);
    void refreshActions();
    void setActiveView(TraceView* view);
    QString nameOf(const TraceView* view) const;
    void warn(const QString& text);

    /// The dialog that is open for a checkpoint; nullptr if none is.
    ImportDialog* importDialog(const QString& place) const;
    void showImport(const Import& import);
    void showImportDetails(const QString& place);
    void openImportDialog(const QString& place, const ImportReportPtr& report, const ImportOptions& options);
    void saveImport(ImportDialog* dialog);
    void saveMapping(ImportDialog* dialog);

    void chooseModelFile();
    void chooseDumpFile();
    void askAboutDump(const QString& path, const DumpOptions& options);
    void openPlace(const QString& place);
    void followNotice(const QString& link);
    void showShortcuts();
    void showAbout();
    void findCommand();
    void applySettings();
    void collectSettings();
    void rememberSettings();

    Session m_session;
    Selection m_selection;
    WindowSettings m_settings;
    DumpOptions m_dumpOptions;                    ///< of the dump opened last
    Language m_shownLanguage = Language::English; ///< of the texts in the window

    QMainWindow* m_dockArea = nullptr;
    AlignmentView* m_alignment = nullptr;
    StepView* m_step = nullptr;
    StatesView* m_states = nullptr;
    HeadsView* m_heads = nullptr;
    CandidatesView* m_candidates = nullptr;
    SourcePanel* m_source = nullptr;
    ModelPanel* m_models = nullptr;
    Transport* m_transport = nullptr;
    std::vector<TraceView*> m_views;
    std::vector<QDockWidget*> m_docks;
    TraceView* m_activeView = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_message = nullptr;
    QToolButton* m_cancel = nullptr;
    QByteArray m_firstLayout;

    QAction* m_open = nullptr;
    QAction* m_importDetails = nullptr;
    QAction* m_run = nullptr;
    QAction* m_stop = nullptr;
    QAction* m_exportFigure = nullptr;
    QAction* m_exportNumbers = nullptr;
    QAction* m_copyFigure = nullptr;
    QAction* m_copyNumbers = nullptr;
    QAction* m_play = nullptr;
    QAction* m_nextHead = nullptr;
    QAction* m_letGo = nullptr;
    QAction* m_fullScreen = nullptr;
    QActionGroup* m_themes = nullptr;
    QActionGroup* m_textSizes = nullptr;
    QActionGroup* m_languages = nullptr;
    std::vector<QAction*> m_stepActions;   ///< need a step
    std::vector<QAction*> m_sourceActions; ///< need a source position
};

} // namespace attn::ui
