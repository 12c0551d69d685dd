// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/nn/cell.h"
#include "core/nn/noise.h"
#include "core/nn/rnn_spec.h"

namespace attn {

/// One layer and direction over a whole sequence.
template <typename T>
struct SequenceLayer {
    int layer = 0;
    bool backward = false;
    std::vector<CellResult<T>> steps; ///< by position; rows are the batch's sentences
    CellState<T> final;               ///< after the direction's last word: position length-1, or 0 backward
};

template <typename T>
struct SequenceResult {
    Var<T> outputs; ///< S*B x outputWidth, row s*B + b, [forward, backward] joined
    std::vector<SequenceLayer<T>> layers;
};

/// A stack of recurrent layers over a known sequence, in one direction or both.
template <typename T>
class RnnStack {
public:
    RnnStack(const RnnSpec& spec, const Parameters<T>& parameters, const std::string& prefix);

    /// x: S*B x in, row s*B + b; lengths: B numbers from 1 to S. Positions from a sentence's length on are
    /// padding: the state passes them unchanged (backward it stays zero until the last word).
    SequenceResult<T> run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                          const Noise& noise = {}) const;

private:
    SequenceLayer<T> direction(Tape<T>* tape, const Cell<T>& cell, const Var<T>& x,
                               const std::vector<int>& lengths, bool backward) const;

    std::vector<Cell<T>> m_forward, m_backward;
};

} // namespace attn
