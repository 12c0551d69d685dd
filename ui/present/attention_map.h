// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/trace/trace.h"
#include "ui/widgets/cell_map_content.h"

namespace attn::ui {

/// The weights of one site: a row for each query, a column for each key.
struct AttentionMap {
    int site = -1; ///< -1: the trace has no such site, and there is no map
    int rows = 0;
    int cols = 0;
    int head = -1; ///< -1: the arithmetic mean of all heads' weights
    int heads = 0;
    std::vector<float> weights; ///< rows * cols, what mixed the values; NaN in a row that was not recorded
    std::vector<float>
        entropy; ///< per row, bits, of the weights divided by their sum; 0 for an empty row, NaN as weights
    std::vector<float> coverage;        ///< per column, the sum of its weights over the rows
    std::vector<unsigned char> allowed; ///< rows * cols; empty if every position is allowed everywhere
    QStringList rowLabels;              ///< one label a query
    QStringList columnLabels;           ///< one label a key

    bool isEmpty() const { return site < 0; }
    float weight(int row, int col) const { return weights[static_cast<std::size_t>(row) * cols + col]; }
};

/// Reads a site's weights out of a trace, along `path` where an axis is decoded. `head` counts from 0; -1 is
/// the mean. Keys that a query did not have yet count as not allowed. A site of -1 gives an empty map; a site
/// or head out of range throws Error(Bug).
AttentionMap attentionMap(const Trace& trace, int site, int head, const std::vector<int>& path);

/// The trace's gold links as cells of a site's map; empty unless it is a map of target by source.
std::vector<GoldLink> goldCells(const Trace& trace, int site);

/// The map as lines of fixed-width text, ten shades from " " to "@", for a terminal.
QString mapText(const AttentionMap& map);

} // namespace attn::ui
