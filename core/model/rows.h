// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "core/attention/attention.h"
#include "core/autograd/ops.h"
#include "core/nn/cell.h"

namespace attn {

/// visitRows(thing, f) shows f everything in `thing` that belongs to single rows of a batch:
///   f(Var<T>& x, int rowsPer)             batch row b owns rows [b*rowsPer, (b+1)*rowsPer) of x; x may be
///   undefined f(std::vector<int>& values, int per)  the same for plain numbers; the list may be empty
/// Each family defines it for its encoding and its state from those of their parts: attention's memory and
/// state, a layer's, a cell's. A number of rows that a thing keeps is brought up to date afterwards.
template <typename T, typename F>
void visitRows(CellState<T>& state, F&& f) {
    f(state.hidden, 1);
    f(state.cell, 1);
}

/// The visitor of pickRows(). A variable that several places share is gathered once and stays shared.
template <typename T>
class RowPicker {
public:
    explicit RowPicker(const std::vector<int>& rows) : m_rows(rows) {}

    void operator()(Var<T>& x, int rowsPer) {
        if (!x.defined()) return;
        for (const Picked& done : m_picked)
            if (done.from == x) {
                x = done.to;
                return;
            }
        Var<T> to = gatherRows<T>(nullptr, x, rowsPer == 1 ? m_rows : spread(rowsPer));
        m_picked.push_back({x, to});
        x = std::move(to);
    }
    void operator()(std::vector<int>& values, int per) const {
        if (values.empty()) return;
        std::vector<int> kept;
        for (const int at : spread(per)) kept.push_back(values[static_cast<std::size_t>(at)]);
        values = std::move(kept);
    }

private:
    struct Picked {
        Var<T> from, to;
    };
    std::vector<int> spread(int per) const {
        std::vector<int> all;
        all.reserve(m_rows.size() * static_cast<std::size_t>(per));
        for (const int row : m_rows)
            for (int i = 0; i < per; ++i) all.push_back(row * per + i);
        return all;
    }

    const std::vector<int>& m_rows;
    List<Picked> m_picked;
};

/// Batch row i becomes what row rows[i] was: this drops, repeats and reorders the hypotheses of a search.
/// For inference: the result is cut off from any tape.
template <typename T, template <typename> class Thing>
void pickRows(Thing<T>& thing, const std::vector<int>& rows) {
    visitRows(thing, RowPicker<T>(rows));
}

} // namespace attn
