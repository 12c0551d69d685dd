// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "ui/widgets/colour_map.h"

namespace attn::ui {

/// One number per row or per column, drawn as bars beside or under the map.
struct CellMargin {
    QString title;             ///< what the numbers are, with unit: "entropy, bits"
    std::vector<float> values; ///< one per row (column); NaN draws nothing; empty: no margin
    float max = 1; ///< the value of a full bar, fixed so that steps compare; larger values fill it
};

/// A cell that a reference alignment names.
struct GoldLink {
    int row = 0;
    int col = 0;
    bool sure = true; ///< sure: solid outline; possible: dashed
};

/// How cells use the room.
enum class CellFit {
    Square,  ///< nearly square, at most 64 px: attention
    Stretch, ///< fill the room whatever the shape: states
};

/// All that a map of cells shows, except where the pointer is. A plain value that the widget, the figure and
/// the table twin share.
struct CellMapContent {
    int rows = 0;
    int cols = 0;
    std::shared_ptr<const std::vector<float>> values; ///< row-major, rows * cols; NaN is shown as missing
    QStringList rowLabels;                            ///< empty, or one per row
    QStringList columnLabels;                         ///< empty, or one per column
    CellMargin rowMargin;                             ///< at the right
    CellMargin columnMargin;                          ///< underneath
    std::vector<unsigned char> allowed;               ///< empty, or rows * cols; 0 is hatched
    std::vector<GoldLink> gold;
    int validRows = -1; ///< rows drawn so far; -1: all
    bool showValues = false;
    bool showRowMaxima = false;
    bool showLegend = false; ///< the colour map with its ends, at the foot; figures always have it
    bool compact = false;    ///< no labels, no margins, only a caption
    QString caption;         ///< which layer, head and rule this picture shows
    CellFit fit = CellFit::Square;
    MapName map = MapName::Ink;
    Scale scale = Scale::Linear;
    float min = 0; ///< NaN: the smallest value present
    float max = 1; ///< NaN: the largest value present

    bool isEmpty() const { return rows <= 0 || cols <= 0; }
    /// The number in a cell; NaN outside.
    float value(int row, int col) const {
        if (row < 0 || col < 0 || row >= rows || col >= cols) return std::numeric_limits<float>::quiet_NaN();
        return (*values)[static_cast<std::size_t>(row) * cols + col];
    }
    bool isAllowed(int row, int col) const {
        return allowed.empty() || allowed[static_cast<std::size_t>(row) * cols + col] != 0;
    }
    /// Rows to draw.
    int shownRows() const { return validRows < 0 || validRows > rows ? rows : validRows; }
    /// Label of a row or column, or its number counted from 1 where there are no labels.
    QString rowName(int row) const {
        return row < rowLabels.size() ? rowLabels[row] : QString::number(row + 1);
    }
    QString columnName(int col) const {
        return col < columnLabels.size() ? columnLabels[col] : QString::number(col + 1);
    }
    /// The colour map over the range asked for, or found in the finite values.
    ColourMap colours(const Theme& theme) const;
};

/// Tab-separated: column names, then each row's name, its numbers and its margin; the column margin last.
QString tableText(const CellMapContent& content);

} // namespace attn::ui
