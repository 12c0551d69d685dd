// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/cell_map_geometry.h"

class QPainter;

namespace attn::ui {

/// All that the painting of a map reads.
struct CellMapScene {
    const CellMapContent& content;
    const CellMapGeometry& geometry;
    const ColourMap& colours;
    const Theme& theme;
};

/// The cells in view as one image at `pixelRatio` device pixels per logical pixel.
void paintCellsAsImage(QPainter& painter, const CellMapScene& scene, double pixelRatio);
/// The cells as rectangles; neighbours of one colour are joined, cells of the panel's colour left out.
void paintCellsAsShapes(QPainter& painter, const CellMapScene& scene);
/// Lines between cells, hatches, values, row maxima, gold links: each where cells are large enough.
void paintMarks(QPainter& painter, const CellMapScene& scene);
/// Bars, numbers and titles at the right and underneath.
void paintMargins(QPainter& painter, const CellMapScene& scene);
void paintCaptionAndLegend(QPainter& painter, const CellMapScene& scene);

} // namespace attn::ui
