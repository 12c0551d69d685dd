// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSizeF>
#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/panels/figure_file.h"
#include "ui/workspaces/view_state.h"

class QAction;

namespace attn::ui {

/// Where a workspace's actions stand among the window's menus.
enum class MenuPlace {
    Edit,    ///< at the end of Edit
    Panels,  ///< at the head of View
    Display, ///< in View, how things are drawn
    Run,     ///< in Run, after running and stopping
};

/// A picture that can be exported or copied, with the numbers behind it. It is asked of the workspace each
/// time it is needed and not kept.
struct Exportable {
    QString name;        ///< as a person reads it: "Alignment"
    QSizeF size;         ///< logical pixels
    bool isEmpty = true; ///< there is nothing to export now
    FigurePainter paint; ///< on white
    std::function<NumberTable()> numbers;
};

/// Actions of the window that a workspace also offers in its own places. They outlive the workspace.
struct ShellActions {
    QAction* open = nullptr;
    QAction* run = nullptr;
    QList<QAction*> exports; ///< copy and export of the view used last
};

/// One way of working in the window. It builds its views, docks and actions, hands them the session's answers
/// and the session their requests. The window rebuilds it when texts or sizes change, and takes it from
/// one to the next by its ViewState.
class Workspace : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// As a person reads it.
    virtual QString name() const = 0;
    /// The columns of the session that it shows.
    virtual std::vector<int> columns() const = 0;
    /// Its actions for a menu, with separators; it owns them.
    virtual QList<QAction*> menuActions(MenuPlace place) const = 0;
    /// The views that can be exported, and the one used last.
    virtual std::vector<Exportable> exports() const = 0;
    virtual Exportable activeExport() const = 0;

    virtual ViewState viewState() const = 0;
    virtual void restore(const ViewState& state) = 0;
    /// Puts the panels where ViewState::layout says; empty: leaves them. Their sizes hold only if the
    /// workspace has its own: restore() before it is shown needs this call afterwards.
    virtual void restoreLayout(const QByteArray& layout) = 0;
    /// Puts the panels where they are at first.
    virtual void resetLayout() = 0;
    /// Gives the panels the widths that suit the window and the size of text.
    virtual void sizePanels() = 0;

signals:
    /// The view used last, or what there is to export, is another.
    void exportChanged();
    /// The user asks to choose a model file.
    void openRequested();
    /// The user asks for this model, by its place.
    void modelChosen(const QString& place);
    /// The user asks to state how the attention shown is to be read.
    void dumpOptionsRequested();
};

} // namespace attn::ui
