// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/heads_view.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <cmath>

#include "ui/present/hypotheses.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/widgets/cell_map.h"

namespace attn::ui {

namespace {
constexpr int tileWidth = 128;
}

HeadsView::HeadsView(Selection* selection, QWidget* parent)
    : TraceView(selection, parent), m_scroll(new QScrollArea), m_grid(new QGridLayout), m_remark(new QLabel) {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(8, 8, 8, 8);
    m_remark->setWordWrap(true);
    m_grid->setSpacing(8);
    column->addLayout(m_grid);
    column->addWidget(m_remark);
    column->addStretch(1);
    m_scroll->setWidget(inside);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    setContent(m_scroll);
}

void HeadsView::addTile() {
    const int head = static_cast<int>(m_tiles.size()) - 1;
    Tile tile{new QWidget(m_scroll->widget()), new QLabel, new CellMap};
    auto* column = new QVBoxLayout(tile.frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(tile.title);
    column->addWidget(tile.map, 1);
    tile.map->setCompact(true);
    tile.map->setFit(CellFit::Stretch);
    tile.map->setValueName(tr("weight"));
    tile.map->setColours(m_map, m_scale);
    tile.map->setFixedHeight(scaled(112));
    const QString name = head < 0 ? tr("Mean of all heads") : tr("Head %1").arg(head + 1);
    tile.map->setAccessibleName(name);
    tile.map->setToolTipHint(tr("Click to make it the main map"));
    tile.title->setToolTip(tr("Click the map to make it the main one (H goes through them)"));
    connect(tile.map, &CellMap::cellHovered, this, [this, head](int row, int col) {
        Pointing at;
        at.at = shownPlace().at(row, col);
        if (row >= 0 || col >= 0) at.head = head;
        selection().hover(at);
    });
    connect(tile.map, &CellMap::cellClicked, this, [this, head] { selection().promoteHead(head); });
    connect(tile.map, &CellMap::cellActivated, this, [this, head] { selection().promoteHead(head); });
    m_tiles.push_back(tile);
}

QString HeadsView::caption() const {
    if (!trace()) return {};
    const QString name = pathTitle(*trace(), path());
    return trace()->sites.size() > 1 ? tr("%1 · %2 · all heads").arg(name, siteText(*trace(), m_site))
                                     : tr("%1 · all heads").arg(name);
}

void HeadsView::traceChanged() {
    m_summaries.clear();
    m_shown = 0;
    if (trace()) showMaps();
}

void HeadsView::showMaps() {
    m_site = shownSite();
    const int heads = shownPlace().heads;
    m_summaries = headSummaries(*trace(), m_site, path());
    // With one head the mean is that head: one map says it all.
    if (heads == 1 && !m_summaries.empty()) m_summaries.pop_back();
    m_shown = static_cast<int>(m_summaries.size());
    while (m_tiles.size() < m_summaries.size()) addTile();
    for (std::size_t i = 0; i < m_summaries.size(); ++i) {
        const AttentionMap& map = m_summaries[i].map;
        m_tiles[i].map->setData(map.rows, map.cols, map.weights);
        m_tiles[i].map->setRowLabels(map.rowLabels);
        m_tiles[i].map->setColumnLabels(map.columnLabels);
        m_tiles[i].map->setCaption(tr("%1 bits").arg(number(m_summaries[i].meanEntropy, 2)));
    }
    m_remark->setVisible(heads <= 1);
    m_remark->setText(remark(heads));
    m_columns = 0;
    layOutTiles();
}

QString HeadsView::remark(int heads) const {
    if (heads == 0) return noAttentionText(*trace());
    if (holdsWeightsOnly(*trace()))
        return tr("This file holds a single map for each sentence, so the main map shows all there is.");
    if (trace()->sites.size() > 1)
        return tr(
            "This attention has a single head, so the main map shows all there is. Choose another one above "
            "the main map, or open a model with several heads, to compare them here.");
    return tr(
        "This model attends with a single head, so the main map shows all there is. Open a "
        "model with several heads to compare them here.");
}

void HeadsView::layOutTiles() {
    const int columns = std::max(1, m_scroll->viewport()->width() / scaled(tileWidth));
    if (columns == m_columns) return;
    m_columns = columns;
    for (Tile& tile : m_tiles) m_grid->removeWidget(tile.frame);
    for (int i = 0; i < static_cast<int>(m_tiles.size()); ++i) {
        Tile& tile = m_tiles[static_cast<std::size_t>(i)];
        if (i < m_shown) m_grid->addWidget(tile.frame, i / columns, i % columns);
        tile.frame->setVisible(i < m_shown);
    }
}

void HeadsView::resizeEvent(QResizeEvent* event) {
    TraceView::resizeEvent(event);
    if (m_shown > 0) layOutTiles();
}

void HeadsView::selectionChanged(Selection::Aspects what) {
    if (what & Selection::Place && shownSite() != m_site) showMaps();
    const AxisPositions& hovered = selection().hovered().at;
    const PointingBounds::SiteBounds place = shownPlace();
    const bool steps = place.queryAxis == bounds().stepAxis;
    for (int i = 0; i < m_shown; ++i) {
        const Tile& tile = m_tiles[static_cast<std::size_t>(i)];
        const int head = i - 1;
        const bool promoted = m_shown > 1 && head == selection().promotedHead();
        const QString name = m_shown == 1 ? tr("Single head")
                             : head < 0   ? tr("Mean")
                                          : tr("Head %1").arg(head + 1);
        tile.title->setText(promoted ? tr("%1 · main map").arg(name) : name);
        tile.title->setFont(promoted ? headingFont() : uiFont());
        tile.map->setHoveredCell(hovered[place.queryAxis], hovered[place.keyAxis]);
        tile.map->setCurrentRow(steps ? selection().currentStep() : -1);
    }
}

void HeadsView::setColours(MapName map, Scale scale) {
    m_map = map;
    m_scale = scale;
    for (Tile& tile : m_tiles) tile.map->setColours(map, scale);
}

NumberTable HeadsView::numbers() const {
    NumberTable table;
    table.caption = caption();
    table.columns = QStringList{tr("mean entropy, bits"), tr("mean largest weight")};
    for (const HeadSummary& summary : m_summaries) {
        table.rows << mapTitle(*trace(), m_site, summary.map.head);
        table.values.push_back({summary.meanEntropy, summary.meanMaximum});
    }
    return table;
}

void HeadsView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    const int columns = std::max(1, static_cast<int>(std::ceil(std::sqrt(m_shown))));
    const int rows = (m_shown + columns - 1) / columns;
    const QSizeF tile(size.width() / columns, size.height() / std::max(rows, 1));
    for (int i = 0; i < m_shown; ++i) {
        const CellMap* map = mapAt(i);
        painter.save();
        painter.translate((i % columns) * tile.width(), (i / columns) * tile.height());
        painter.setFont(uiFont());
        painter.setPen(theme.text);
        painter.drawText(QRectF(4, 0, tile.width() - 8, 20), Qt::AlignLeft | Qt::AlignVCenter,
                         mapTitle(*trace(), m_site, m_summaries[static_cast<std::size_t>(i)].map.head));
        painter.translate(4, 22);
        map->paintFigure(painter, QSizeF(tile.width() - 8, tile.height() - 26), theme);
        painter.restore();
    }
}

} // namespace attn::ui
