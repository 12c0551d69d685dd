// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/attention.h"
#include "core/nn/deep_cell.h"

namespace attn {

/// What a layer carries from step to step; batch row b is row b.
template <typename T>
struct LayerState {
    CellState<T> cell; ///< h_(t-1), c_(t-1)
    // lstmn only
    Var<T> mixed;              ///< h~_(t-1), n x width
    AttentionMemory<T> memory; ///< keys h_j, values [h_j; c_j] of the steps so far
    AttentionState<T> attention;
};

/// Calls f(array, rows a batch row) on every array of the state, for picking, repeating or dropping batch
/// rows.
template <typename T, typename Visitor>
void visitRows(LayerState<T>& state, Visitor&& f) {
    f(state.cell.hidden, 1);
    if (state.cell.cell.defined()) f(state.cell.cell, 1);
    if (!state.mixed.defined()) return;
    f(state.mixed, 1);
    visitRows(state.memory, f);
    visitRows(state.attention, f);
}

/// Callbacks through which interventions reach one step of one layer. Empty callbacks change nothing.
template <typename T>
struct LayerTap {
    /// Replaces the state that a cell has reached: (cell, state) -> state.
    std::function<CellState<T>(int cell, const CellState<T>& state)> state = {};
    Tap<T> attention = {}; ///< lstmn
};

/// Padding of one step in a batch of texts of different lengths. Empty lists: no padding.
struct StepPadding {
    std::vector<std::uint8_t> inside; ///< which rows have a word here; the others keep their state
    std::vector<int> attendable;      ///< lstmn: which rows' state here later steps may attend to
};

/// One step of one layer.
template <typename T>
struct LayerStep {
    List<CellResult<T>> cells;                   ///< the cell with an input, then its transitions
    std::optional<AttentionResult<T>> attention; ///< lstmn: what it made of its past
    AttentionMemory<T> attended;                 ///< lstmn: the memory that it attended to
    LayerState<T> state;
};

/// One cell of a layer and direction over a whole sequence.
template <typename T>
struct SequenceLayer {
    int layer = 0;
    int cell = 0;                     ///< 0: the one with an input; above: its transitions
    bool backward = false;            ///< of the stack's two columns of layers
    bool reversed = false;            ///< reads from the last position to the first
    std::vector<CellResult<T>> steps; ///< by position; rows are the batch's sentences
    CellState<T> final; ///< after the direction's last word: position length-1, or 0 if reversed
    /// lstmn: by position, one query a sentence; keys in reading order, see textPosition().
    std::vector<AttentionResult<T>> attention = {};
    bool startSlot = false; ///< lstmn: the first key is the start slot

    /// Where key `key` of `attention` stands in the text; -1: the start slot.
    /// (In a padded batch that is read backward, padding comes first, and its last key is the start slot.)
    int textPosition(int key) const {
        const int read = key - (startSlot ? 1 : 0);
        if (read < 0) return -1;
        return reversed ? static_cast<int>(steps.size()) - 1 - read : read;
    }
};

/// One layer of a recurrent stack in one direction: its cells, and of an lstmn the attention over its past.
template <typename T>
class RecurrentLayer {
public:
    RecurrentLayer(const CellSpec& spec, int transitions, const Parameters<T>& parameters,
                   const std::string& prefix);

    /// The state before the first step: zeros. `attendable`: for which rows the start slot stands here;
    /// empty: all.
    LayerState<T> start(Tape<T>* tape, int rows, const std::vector<int>& attendable = {}) const;
    /// x W_input' + b_input, the part of a step that does not wait for the state: a whole sequence at once.
    Var<T> project(Tape<T>* tape, const Var<T>& x) const { return m_cell.first().project(tape, x); }
    /// One step on x (rows x in), of which `projected` is the projection.
    LayerStep<T> step(Tape<T>* tape, const Var<T>& x, const Var<T>& projected, const LayerState<T>& state,
                      const Noise& noise = {}, const LayerTap<T>& tap = {}, const StepPadding& padding = {},
                      Sweep sweep = Sweep::Down) const;
    /// A whole sequence from the state of zeros. x: S*B x in, row s*B + b; lengths: B numbers from 1 to S.
    /// Positions from a sentence's length on are padding: the state passes them unchanged (read in reverse it
    /// stays zero until the last word). `taps`, where given, has the taps of the step at a position. Gives
    /// the layer's cells in turn; the last one's states are its output.
    std::vector<SequenceLayer<T>> run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                                      bool reversed, const Noise& noise = {},
                                      const std::function<LayerTap<T>(int position)>& taps = {}) const;

    /// nullptr unless this is an lstmn.
    const Attention<T>* attention() const { return m_attention ? &*m_attention : nullptr; }

private:
    CellSpec m_spec;
    DeepCell<T> m_cell;
    std::optional<Attention<T>> m_attention;
};

/// The attention of an lstmn that reads `inputWidth` columns.
AttentionSpec lstmnAttention(const CellSpec& spec, int inputWidth);

/// The outputs of a layer's last cell, S*B x width, row s*B + b.
template <typename T>
Var<T> outputsOf(Tape<T>* tape, const std::vector<SequenceLayer<T>>& cells);

} // namespace attn
