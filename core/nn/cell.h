// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/nn/cell_spec.h"
#include "core/nn/layer_norm.h"
#include "core/nn/parameters.h"

namespace attn {

/// What a cell carries from step to step: n x width each; `cell` only with CellSpec::hasCellState().
template <typename T>
struct CellState {
    Var<T> hidden;
    Var<T> cell;
};

/// One step: the new state and its gates.
template <typename T>
struct CellResult {
    CellState<T> state;
    Var<T> gates; ///< n x (gates * width); gru: reset, update, candidate; lstm: input, forget, candidate,
                  ///< output; else undefined
};

/// The one recurrent cell; equations at CellSpec. Rows are sentences of a batch.
template <typename T>
class Cell {
public:
    /// Throws Error(Argument) for the kind lstmn, which needs its past: RecurrentLayer runs it.
    Cell(const CellSpec& spec, const Parameters<T>& parameters, const std::string& prefix);

    /// x W_input' + b_input, the part independent of the state, of one step.
    Var<T> project(Tape<T>* tape, const Var<T>& x) const;
    /// The same of a whole sequence at once.
    Var<T> projectSequence(Tape<T>* tape, const Var<T>& x) const;
    /// The same for a cell without an input: b_input in each of the rows.
    Var<T> projectNothing(Tape<T>* tape, int rows) const;
    /// One step from what project() made of this step's input.
    CellResult<T> step(Tape<T>* tape, const Var<T>& projected, const CellState<T>& state,
                       Sweep sweep = Sweep::Down) const;
    CellState<T> zeroState(int rows) const;
    const CellSpec& spec() const { return m_spec; }

private:
    int blockOf(char gate) const { return static_cast<int>(m_gates.find(gate)); }
    Var<T> block(Tape<T>* tape, const Var<T>& x, char gate) const;
    Var<T> hiddenBlock(Tape<T>* tape, const Var<T>& hidden, char gate) const;
    CellResult<T> gru(Tape<T>* tape, const Var<T>& a, const Var<T>& hidden, Sweep sweep) const;
    CellResult<T> lstm(Tape<T>* tape, const Var<T>& a, const CellState<T>& state, Sweep sweep) const;

    CellSpec m_spec;
    std::string m_gates;
    NormalisedLayer<T> m_input, m_hidden; ///< no W in m_input of a cell without an input
};

} // namespace attn
