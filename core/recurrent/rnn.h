// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/nn/rnn_spec.h"
#include "core/recurrent/recurrent_layer.h"

namespace attn {

template <typename T>
struct SequenceResult {
    Var<T> outputs;                       ///< S*B x outputWidth, row s*B + b
    std::vector<SequenceLayer<T>> layers; ///< bottom layer first, forward before backward, cells in turn

    /// The state in which a layer and direction ends: that of its last cell.
    const CellState<T>& final(int layer, bool backward) const;
};

/// The taps of a layer and direction at a position of the sequence. Empty: nothing is tapped.
template <typename T>
using StackTap = std::function<LayerTap<T>(int layer, bool backward, int position)>;

/// A stack of recurrent layers over a known sequence, in one direction or both.
template <typename T>
class RnnStack {
public:
    RnnStack(const RnnSpec& spec, const Parameters<T>& parameters, const std::string& prefix);

    /// x: S*B x in, row s*B + b; lengths: B numbers from 1 to S. Positions from a sentence's length on are
    /// padding: the state passes them unchanged (read backward it stays zero until the last word).
    SequenceResult<T> run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                          const Noise& noise = {}, const StackTap<T>& taps = {}) const;

private:
    /// Runs one layer and direction, adds its cells to `all`, and gives its output, S*B x width.
    Var<T> direction(Tape<T>* tape, int layer, bool backward, const Var<T>& x,
                     const std::vector<int>& lengths, const Noise& noise, const StackTap<T>& taps,
                     SequenceResult<T>& all) const;

    RnnSpec m_spec;
    std::vector<RecurrentLayer<T>> m_forward, m_backward;
};

} // namespace attn
