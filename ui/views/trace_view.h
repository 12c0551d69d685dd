// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "core/trace/trace.h"
#include "ui/present/number_table.h"
#include "ui/selection/selection.h"

class QAction;
class QLabel;
class QPainter;
class QStackedLayout;

namespace attn::ui {

struct Theme;

/// A view of one trace. It draws only from the trace and the selection it was given; what a person does in it
/// goes to the selection or out as a signal. Changes that come while it is hidden are merged and applied when
/// it is shown.
class TraceView : public QWidget {
    Q_OBJECT
public:
    explicit TraceView(Selection* selection, QWidget* parent = nullptr);

    /// The path's steps are indices into the trace. A null trace shows the notice.
    void setTrace(TracePtr trace, std::vector<int> path);
    /// Why this view has nothing to show of a trace, and what the person can do; empty if it has something. A
    /// view with nothing to show gets no trace and shows this text.
    virtual QString reasonForNothing(const Trace&) const { return {}; }
    /// What to say while there is no trace: nothing yet, working, or failed and why. Rich text; its links
    /// come out of noticeLink.
    void setNotice(const QString& text);
    QString notice() const;
    bool showsNotice() const;

    const TracePtr& trace() const { return m_trace; }
    const std::vector<int>& path() const { return m_path; }

    /// Which model, site, head and rule the picture shows; stands in the figure and in the exported numbers.
    virtual QString caption() const = 0;
    /// The numbers that are drawn now; empty if there is nothing to export.
    virtual NumberTable numbers() const = 0;
    /// What is at a place of the view, in words and with its number, to be copied; empty if nothing is.
    virtual QString textAt(const QPoint& position) const;
    /// What can be done with the view: its own entries and those that the window adds.
    const QList<QAction*>& menuActions() const { return m_menuActions; }
    virtual void addToMenu(const QList<QAction*>& actions);
    /// Draws the picture as shapes and text into (0, 0, size), logical pixels.
    virtual void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) = 0;

signals:
    void noticeLink(const QString& link);

protected:
    /// The widget that shows the trace; called once by the view's constructor.
    void setContent(QWidget* content);
    Selection& selection() const { return *m_selection; }
    const StepTrace* stepAt(int step) const;
    /// What can be pointed at in this trace.
    const PointingBounds& bounds() const { return m_bounds; }
    /// The site of the main map in this trace; -1 if it has none.
    int shownSite() const;
    /// Heads and axes of that site; no heads and no axes without one.
    PointingBounds::SiteBounds shownPlace() const;
    /// The trace is another one, or there is none any more.
    virtual void traceChanged() = 0;
    /// Called after traceChanged() too, with everything set.
    virtual void selectionChanged(Selection::Aspects what) = 0;

    void showEvent(QShowEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void refresh();

    Selection* m_selection;
    TracePtr m_trace;
    std::vector<int> m_path;
    PointingBounds m_bounds; ///< the selection's may still be those of the trace before
    QStackedLayout* m_pages;
    QLabel* m_notice;
    QList<QAction*> m_menuActions;
    bool m_traceDirty = false;
    Selection::Aspects m_dirty;
};

} // namespace attn::ui
