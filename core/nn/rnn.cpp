// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/rnn.h"

#include <algorithm>

namespace attn {

Findings RnnSpec::validate(const std::string& where) const {
    Findings faults = cell.validate(where + ".cell");
    if (layers < 1)
        faults.push_back(
            {Severity::Fault, where + ".layers", "is " + std::to_string(layers) + "; expected at least 1"});
    return faults;
}

Schema rnnSchema(const RnnSpec& spec, int inputWidth, const std::string& prefix) {
    Schema p;
    for (int i = 0; i < spec.layers; ++i)
        for (const char* way : {"forward", "backward"}) {
            if (!spec.bidirectional && way[0] == 'b') continue;
            const Schema cell = cellSchema(spec.cell, i == 0 ? inputWidth : spec.outputWidth(),
                                           prefix + "layer" + std::to_string(i) + "." + way + ".");
            p.insert(p.end(), cell.begin(), cell.end());
        }
    return p;
}

template <typename T>
RnnStack<T>::RnnStack(const RnnSpec& spec, const Parameters<T>& parameters, const std::string& prefix) {
    for (int i = 0; i < spec.layers; ++i) {
        const std::string at = prefix + "layer" + std::to_string(i) + ".";
        m_forward.emplace_back(spec.cell, parameters, at + "forward.");
        if (spec.bidirectional) m_backward.emplace_back(spec.cell, parameters, at + "backward.");
    }
}

template <typename T>
SequenceLayer<T> RnnStack<T>::direction(Tape<T>* tape, const Cell<T>& cell, const Var<T>& x,
                                        const std::vector<int>& lengths, bool backward) const {
    const int batch = static_cast<int>(lengths.size()), positions = x.rows() / batch;
    const Var<T> projected = cell.project(tape, x);
    SequenceLayer<T> r;
    r.backward = backward;
    r.steps.resize(static_cast<std::size_t>(positions));
    CellState<T> state = cell.zeroState(batch);
    std::vector<std::uint8_t> inside(lengths.size());
    for (int i = 0; i < positions; ++i) {
        const int s = backward ? positions - 1 - i : i;
        CellResult<T> step = cell.step(tape, sliceRows(tape, projected, s * batch, batch), state,
                                       i % 2 == 0 ? Sweep::Down : Sweep::Up);
        for (std::size_t b = 0; b < lengths.size(); ++b) inside[b] = s < lengths[b];
        if (std::find(inside.begin(), inside.end(), 0) != inside.end()) {
            step.state.hidden = whereRows(tape, inside, step.state.hidden, state.hidden);
            if (step.state.cell.defined())
                step.state.cell = whereRows(tape, inside, step.state.cell, state.cell);
        }
        state = step.state;
        r.steps[static_cast<std::size_t>(s)] = std::move(step);
    }
    r.final = state;
    return r;
}

template <typename T>
SequenceResult<T> RnnStack<T>::run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                                   const Noise& noise) const {
    SequenceResult<T> r;
    r.outputs = x;
    for (std::size_t i = 0; i < m_forward.size(); ++i) {
        const Var<T> in = i == 0 ? x : noise.apply(tape, r.outputs);
        List<Var<T>> joined;
        for (const auto* cells : {&m_forward, &m_backward}) {
            if (i >= cells->size()) continue;
            SequenceLayer<T> layer = direction(tape, (*cells)[i], in, lengths, cells == &m_backward);
            layer.layer = static_cast<int>(i);
            List<Var<T>> hidden;
            for (const CellResult<T>& step : layer.steps) hidden.push_back(step.state.hidden);
            joined.push_back(concatRows(tape, hidden));
            r.layers.push_back(std::move(layer));
        }
        r.outputs = concatCols(tape, joined);
    }
    return r;
}

template class RnnStack<float>;
template class RnnStack<double>;

} // namespace attn
