// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "ui/present/heads.h"
#include "ui/views/trace_view.h"
#include "ui/widgets/colour_map.h"

class QGridLayout;
class QLabel;
class QScrollArea;

namespace attn::ui {

class CellMap;

/// One small map per head of the main map's site, the mean first. A click makes one the main map.
class HeadsView : public TraceView {
    Q_OBJECT
public:
    explicit HeadsView(Selection* selection, QWidget* parent = nullptr);

    QString caption() const override;
    /// Per head: mean entropy and mean largest weight.
    NumberTable numbers() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    void setColours(MapName map, Scale scale);

    /// Position 0 is the mean, position h + 1 is head h.
    CellMap* mapAt(int position) const { return m_tiles.at(static_cast<std::size_t>(position)).map; }
    int mapCount() const { return m_shown; }

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Tile {
        QWidget* frame;
        QLabel* title;
        CellMap* map;
    };
    void addTile();
    void showMaps();
    QString remark(int heads) const;
    void layOutTiles();

    QScrollArea* m_scroll;
    QGridLayout* m_grid;
    QLabel* m_remark;
    std::vector<Tile> m_tiles; ///< of head -1, 0, 1, ...; kept for the next trace
    std::vector<HeadSummary> m_summaries;
    int m_site = -1; ///< whose heads are shown
    int m_shown = 0;
    int m_columns = 0;
    MapName m_map = MapName::Ink;
    Scale m_scale = Scale::Linear;
};

} // namespace attn::ui
