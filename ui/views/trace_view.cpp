// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_view.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QStackedLayout>
#include <algorithm>

#include "ui/widgets/cell_map.h"

namespace attn::ui {

TraceView::TraceView(Selection* selection, QWidget* parent)
    : QWidget(parent), m_selection(selection), m_pages(new QStackedLayout(this)), m_notice(new QLabel) {
    m_notice->setWordWrap(true);
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setMargin(16);
    m_notice->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_notice->setMinimumSize(1, 1);
    m_pages->addWidget(m_notice);
    connect(m_notice, &QLabel::linkActivated, this, &TraceView::noticeLink);
    connect(selection, &Selection::changed, this, [this](Selection::Aspects what) {
        m_dirty |= what;
        refresh();
    });
}

void TraceView::setContent(QWidget* content) {
    m_pages->addWidget(content);
}

void TraceView::setTrace(TracePtr trace, std::vector<int> path) {
    m_trace = std::move(trace);
    m_path = std::move(path);
    if (m_trace) {
        if (const QString reason = reasonForNothing(*m_trace); !reason.isEmpty()) {
            m_trace.reset();
            m_path.clear();
            setNotice(reason);
        }
    }
    m_bounds = m_trace ? pointingBounds(*m_trace, m_path) : PointingBounds();
    m_traceDirty = true;
    m_pages->setCurrentIndex(m_trace ? 1 : 0);
    refresh();
}

void TraceView::setNotice(const QString& text) {
    if (m_notice->text() != text) m_notice->setText(text);
}

QString TraceView::notice() const {
    return m_notice->text();
}

bool TraceView::showsNotice() const {
    return m_pages->currentIndex() == 0;
}

const StepTrace* TraceView::stepAt(int step) const {
    if (!m_trace || step < 0 || step >= static_cast<int>(m_path.size())) return nullptr;
    return &m_trace->steps[static_cast<std::size_t>(m_path[static_cast<std::size_t>(step)])];
}

int TraceView::shownSite() const {
    const int sites = static_cast<int>(m_bounds.sites.size());
    return std::clamp(selection().site(), std::min(0, sites - 1), sites - 1);
}

PointingBounds::SiteBounds TraceView::shownPlace() const {
    const int site = shownSite();
    return site < 0 ? PointingBounds::SiteBounds() : m_bounds.sites[static_cast<std::size_t>(site)];
}

QString TraceView::textAt(const QPoint& position) const {
    const auto* map = qobject_cast<const CellMap*>(childAt(position));
    return map ? map->textAt(map->mapFrom(this, position)) : QString();
}

void TraceView::addToMenu(const QList<QAction*>& actions) {
    m_menuActions << actions;
}

void TraceView::contextMenuEvent(QContextMenuEvent* event) {
    if (!m_trace) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString text = textAt(event->pos()).replace(QLatin1Char('\n'), QLatin1Char(' '));
    if (!text.isEmpty()) {
        QString shown = text;
        menu->addAction(tr("Copy &value: %1").arg(shown.replace(QLatin1Char('&'), QStringLiteral("&&"))),
                        this, [text] { QApplication::clipboard()->setText(text); });
        menu->addSeparator();
    }
    menu->addActions(m_menuActions);
    menu->popup(event->globalPos());
}

void TraceView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void TraceView::refresh() {
    if (!isVisible()) return;
    if (m_traceDirty) {
        m_traceDirty = false;
        traceChanged();
        m_dirty =
            Selection::Step | Selection::Pointed | Selection::Pinned | Selection::Head | Selection::Place;
    }
    if (!m_dirty || !m_trace) return;
    const Selection::Aspects what = m_dirty;
    m_dirty = {};
    selectionChanged(what);
}

} // namespace attn::ui
