// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/nn/cell.h"

namespace attn {

/// The cells that one step of a layer runs: one with an input and those that follow without
/// (RnnSpec::transitions).
template <typename T>
class DeepCell {
public:
    DeepCell(const CellSpec& spec, int transitions, const Parameters<T>& parameters,
             const std::string& prefix);

    const Cell<T>& first() const { return m_first; }
    int transitions() const { return static_cast<int>(m_transitions.size()); }
    /// Goes on from what a cell of this step gave: the results of the transitions in turn, as `add(result)`
    /// gets them. Gives the last state, which is `state` itself where there are none.
    template <typename Add>
    CellState<T> follow(Tape<T>* tape, CellState<T> state, Add&& add) const {
        for (const Cell<T>& cell : m_transitions) {
            CellResult<T> next = cell.step(tape, cell.projectNothing(tape, state.hidden.rows()), state);
            state = next.state;
            add(std::move(next));
        }
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
