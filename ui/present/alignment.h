// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/trace/trace.h"
#include "ui/widgets/cell_map_content.h"

namespace attn::ui {

/// One map of attention: a row per step of a path, a column per source position.
struct Alignment {
    int rows = 0;
    int cols = 0;
    int head = -1; ///< -1: the arithmetic mean of all heads' weights
    int heads = 0;
    std::vector<float> weights;  ///< rows * cols, what mixed the values
    std::vector<float> entropy;  ///< per row, bits, of the weights divided by their sum; 0 for an empty row
    std::vector<float> coverage; ///< per column, the sum of its weights over the rows
    std::vector<unsigned char> allowed; ///< rows * cols; empty if every position is allowed everywhere
    QStringList targets;                ///< the words decoded, one per row
    QStringList sources;                ///< the tokens as typed or as the vocabulary has them

    float weight(int row, int col) const { return weights[static_cast<std::size_t>(row) * cols + col]; }
};

/// Reads a path's weights out of a trace. `head` counts from 0; -1 is the mean. A head out of range throws
/// Error(Bug). A model without attention has rows and no columns.
Alignment alignment(const Trace& trace, const std::vector<int>& path, int head);

/// Entropy in bits of weights divided by their sum; 0 if they sum to 0.
float entropyBits(const float* weights, int count);

/// Which layer, head and averaging rule and which normaliser a map shows:
/// "head 2 of 4 · softmax", "mean of 4 heads · softmax". A dump knows no normaliser: "weights from a file".
QString mapTitle(const Trace& trace, int head);

/// What to say where a map would stand, of a model that has none.
QString noAttentionText();

/// Words for people of a stage's choice: "local, predicted, D = 2", "softmax, temperature 0.5".
QString scopeText(const AttentionSpec& attention);
QString normaliserText(const AttentionSpec& attention);

/// A trace's gold links as cells of its map.
std::vector<GoldLink> goldCells(const Trace& trace);

/// A token for an axis: the end symbol as "⟨end⟩", an empty text as "⟨empty⟩", white space as "␣".
QString axisText(const SourceToken& token);
QString axisText(const StepTrace& step);

/// The map as lines of fixed-width text, ten shades from " " to "@", for a terminal.
QString alignmentText(const Alignment& map);

} // namespace attn::ui
