// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/nn/cell.h"

namespace attn {

/// The cells that one step of a layer runs: one with an input, then those without one
/// (RnnSpec::transitions).
template <typename T>
class DeepCell {
public:
    DeepCell(const CellSpec& spec, int transitions, const Parameters<T>& parameters,
             const std::string& prefix);

    const Cell<T>& first() const { return m_first; }
    int transitions() const { return static_cast<int>(m_transitions.size()); }
    /// Runs the transitions in turn from the state of the cell before. `add(result)` takes each result and
    /// gives the state to go on from. Returns the last state: `state` itself without transitions.
    template <typename Add>
    CellState<T> follow(Tape<T>* tape, CellState<T> state, Add&& add) const {
        for (const Cell<T>& cell : m_transitions)
            state = add(cell.step(tape, cell.projectNothing(tape, state.hidden.rows()), state));
        return state;
    }

private:
    Cell<T> m_first;
    std::vector<Cell<T>> m_transitions;
};

template <typename T>
DeepCell<T>::DeepCell(const CellSpec& spec, int transitions, const Parameters<T>& parameters,
                      const std::string& prefix)
    : m_first(spec, parameters, prefix) {
    for (int k = 1; k <= transitions; ++k)
        m_transitions.emplace_back(spec, parameters, prefix + "transition" + std::to_string(k) + ".");
}

} // namespace attn
