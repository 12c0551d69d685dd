// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QStringList>

#include "ui/widgets/cell_map_geometry.h"

class QFontMetricsF;
class QPainter;

namespace attn::ui {

/// Width of the widest label. Of very many labels only those with most characters are measured.
double widestLabel(const QStringList& labels, const QFontMetricsF& metrics);

/// Height of the band above the map so that each label fits: lying if the cell is wide enough, else upright
/// character by character (Chinese, Japanese, Korean) or turned.
double columnHeaderHeight(const QStringList& labels, const QFontMetricsF& metrics, double cellWidth);

/// Every how many rows (columns) a label fits without touching the next.
int rowLabelStride(const CellMapGeometry& geometry);
int columnLabelStride(const CellMapGeometry& geometry);

/// How one label stands out.
struct LabelStyle {
    QColor text;
    QColor ground; ///< behind the text; invalid: nothing
    QColor frame;  ///< invalid: none
    QColor clear;  ///< valid: labels that this one covers in part are painted over in this colour
};

/// Nothing is painted if too little of the row (column) is in view. Returns the label's box.
QRectF paintRowLabel(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                     int row, const LabelStyle& style);
QRectF paintColumnLabel(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                        int col, const LabelStyle& style);

/// All labels in view that fit. Rows not decoded yet have none.
void paintLabels(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                 const Theme& theme);

} // namespace attn::ui
