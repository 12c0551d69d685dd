// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QRectF>
#include <QSizeF>
#include <optional>
#include <utility>

#include "ui/widgets/cell_map_content.h"

namespace attn::ui {

/// A cell; -1 leaves the row or the column open.
struct CellIndex {
    int row = -1;
    int col = -1;
    bool isCell() const { return row >= 0 && col >= 0; }
    bool operator==(const CellIndex&) const = default;
};

/// Which part of the map is looked at.
struct CellMapView {
    double zoom = 1; ///< 1: all cells fit
    QPointF offset;  ///< logical pixels of map hidden at the left and the top
};

/// The same without regard to the widget's size.
struct CellMapFrame {
    double zoom = 1; ///< 1: all cells fit
    QPointF corner;  ///< top left of what is seen, 0 .. 1 of the map's width and height
    bool operator==(const CellMapFrame&) const = default;
};

/// Where everything of a map lies, in logical pixels. One layout for screen and figure.
struct CellMapGeometry {
    QRectF map;     ///< the visible part of the map
    QPointF origin; ///< top left of cell (0, 0); left of or above `map` when panned
    double cellWidth = 0;
    double cellHeight = 0;
    QRectF rowLabels;    ///< left of the map
    QRectF columnLabels; ///< above
    QRectF rowMargin;    ///< right
    QRectF columnMargin; ///< underneath
    QRectF caption;      ///< at the foot
    QRectF legend;       ///< at the foot, right; empty if none
    QFont labelFont;

    QRectF cellRect(int row, int col) const {
        return {origin.x() + col * cellWidth, origin.y() + row * cellHeight, cellWidth, cellHeight};
    }
    /// The height at which a row's label and margin are written: the middle of what is seen of the row, or
    /// nothing if too little is seen. Likewise for a column.
    std::optional<double> rowMiddle(int row) const;
    std::optional<double> columnMiddle(int col) const;
    /// The row at a height, -1 outside `map`; likewise the column.
    int rowAt(double y) const;
    int columnAt(double x) const;
    /// The range of rows (columns) that `map` touches: first, and one past the last.
    std::pair<int, int> visibleRows() const;
    std::pair<int, int> visibleColumns() const;

    int rows = 0;
    int cols = 0;
};

/// Whether the numbers under the columns have room.
bool columnNumbersFit(double cellWidth);

/// Lays `content` out in (0, 0, size). `view` is clamped to what is possible and written back.
/// `pixelRatio` is device pixels per logical pixel: square cells of four pixels and more get whole device
/// pixels.
/// A `figure` has caption and legend at its foot; on the screen the panel's heading says the same.
CellMapGeometry layOut(const CellMapContent& content, const QSizeF& size, CellMapView& view,
                       double pixelRatio, bool figure);

} // namespace attn::ui
