// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSizeF>
#include <QString>
#include <functional>

#include "ui/present/number_table.h"

class QMimeData;
class QPainter;

namespace attn::ui {

/// Something that draws itself into (0, 0, size), logical pixels of 1/96 inch.
using FigurePainter = std::function<void(QPainter&, const QSizeF&)>;

/// How large a PNG is.
struct PngSize {
    int width;       ///< pixels; the height follows
    int dotsPerInch; ///< for its size on paper
};

/// Writes a figure as PNG (of `png`'s width), SVG or PDF, by the path's suffix, on white.
/// The file is replaced only when the new one is whole. Throws attn::Error(Output) naming path and reason,
/// attn::Error(Argument) for another suffix.
void writeFigure(const QString& path, const QSizeF& size, const PngSize& png, const FigurePainter& paint);

/// Writes numbers as CSV, JSON or NPY (the array alone), by the path's suffix. Throws as writeFigure.
void writeNumbers(const QString& path, const NumberTable& table);

/// A figure for the clipboard: a picture and SVG in one.
QMimeData* figureMime(const QSizeF& size, double scale, const FigurePainter& paint);

} // namespace attn::ui
