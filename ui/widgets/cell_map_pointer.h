// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/cell_map_geometry.h"

class QPainter;

namespace attn::ui {

/// What is pointed at.
struct CellMapPointer {
    CellIndex hovered;
    CellIndex pinned;
    int currentRow = -1;
    int currentColumn = -1;
};

/// Draws the current row or column (outline and marker in the accent colour), the pin and the hover
/// (crosshair, frame, lit labels) over a finished picture. Data colours are never tinted.
void paintPointer(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                  const Theme& theme, const CellMapPointer& pointer);

/// `rect` at least `least` high and wide, about the same middle.
QRectF grown(const QRectF& rect, double least);

/// An outline that is seen on every colour: over a wider one in the panel's colour.
void strokeWithHalo(QPainter& painter, const QRectF& rect, const QColor& colour, const Theme& theme,
                    Qt::PenStyle style = Qt::SolidLine);

} // namespace attn::ui
