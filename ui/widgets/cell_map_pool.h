// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QRectF>
#include <QSize>

#include "ui/widgets/cell_map_content.h"

namespace attn::ui {

/// The colour of a cell that attention may not look at.
QRgb forbiddenColour(const Theme& theme);

/// Draws the part `cells` of the map (in cells: x columns, y rows; may be fractional) into an image of
/// `pixels`. Where several cells fall on a pixel, the largest value is drawn (by absolute value on a signed
/// map); a NaN among them is drawn as missing, so that it is never hidden. Each cell falls on exactly one
/// pixel, so no peak is lost. A pixel is forbidden only if all its cells are. Rows not decoded yet are the
/// panel's colour. Time: one look at each cell of the part, one colour per pixel.
QImage poolCells(const CellMapContent& content, const ColourMap& colours, const Theme& theme,
                 const QRectF& cells, const QSize& pixels);

} // namespace attn::ui
