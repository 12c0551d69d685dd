// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/rnn.h"

#include <algorithm>

namespace attn {

namespace {

/// Rows of sentences that are past their end keep the state they had.
template <typename T>
void passPadding(Tape<T>* tape, const std::vector<std::uint8_t>& inside, const CellState<T>& before,
                 CellState<T>& state) {
    if (std::find(inside.begin(), inside.end(), 0) == inside.end()) return;
    state.hidden = whereRows(tape, inside, state.hidden, before.hidden);
    if (state.cell.defined()) state.cell = whereRows(tape, inside, state.cell, before.cell);
}

} // namespace

template <typename T>
const CellState<T>& SequenceResult<T>::final(int layer, bool backward) const {
    for (auto at = layers.rbegin(); at != layers.rend(); ++at)
        if (at->layer == layer && at->backward == backward) return at->final;
    throw Error(ErrorKind::Bug, "no such layer in the sequence");
}

template <typename T>
RnnStack<T>::RnnStack(const RnnSpec& spec, const Parameters<T>& parameters, const std::string& prefix)
    : m_spec(spec) {
    for (int i = 0; i < spec.layers; ++i) {
        const std::string at = prefix + "layer" + std::to_string(i) + ".";
        m_forward.emplace_back(spec.cell, spec.transitionsOf(i), parameters, at + "forward.");
        if (spec.hasBackward(i))
            m_backward.emplace_back(spec.cell, spec.transitionsOf(i), parameters, at + "backward.");
    }
}

template <typename T>
Var<T> RnnStack<T>::direction(Tape<T>* tape, int layer, bool backward, const Var<T>& x,
                              const std::vector<int>& lengths, SequenceResult<T>& all) const {
    const DeepCell<T>& cell = (backward ? m_backward : m_forward)[static_cast<std::size_t>(layer)];
    const bool reversed = backward != (m_spec.stacking == Stacking::Alternating && layer % 2 == 1);
    const int batch = static_cast<int>(lengths.size()), positions = x.rows() / batch;
    const Var<T> projected = cell.first().projectSequence(tape, x);
    const std::size_t at = all.layers.size();
    for (int k = 0; k <= cell.transitions(); ++k) {
        SequenceLayer<T>& r = all.layers.emplace_back();
        r.layer = layer;
        r.cell = k;
        r.backward = backward;
        r.reversed = reversed;
        r.steps.resize(static_cast<std::size_t>(positions));
    }
    CellState<T> state = cell.first().zeroState(batch);
    std::vector<std::uint8_t> inside(lengths.size());
    for (int i = 0; i < positions; ++i) {
        const int s = reversed ? positions - 1 - i : i;
        for (std::size_t b = 0; b < lengths.size(); ++b) inside[b] = s < lengths[b];
        std::size_t k = at;
        const CellState<T> before = state;
        const auto keep = [&](CellResult<T> step) {
            passPadding(tape, inside, before, step.state);
            state = all.layers[k].final = step.state;
            all.layers[k++].steps[static_cast<std::size_t>(s)] = std::move(step);
        };
        CellResult<T> step = cell.first().step(tape, sliceRows(tape, projected, s * batch, batch), state,
                                               i % 2 == 0 ? Sweep::Down : Sweep::Up);
        const CellState<T> first = step.state;
        keep(std::move(step));
        cell.follow(tape, first, keep);
    }
    List<Var<T>> hidden;
    for (const CellResult<T>& step : all.layers.back().steps) hidden.push_back(step.state.hidden);
    const Var<T> out = concatRows(tape, hidden);
    return m_spec.residual && layer > 0 && x.cols() == out.cols() ? add(tape, out, x) : out;
}

template <typename T>
SequenceResult<T> RnnStack<T>::run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                                   const Noise& noise) const {
    SequenceResult<T> r;
    Var<T> forward = x, backward = x;
    const bool apart = m_spec.stacking == Stacking::Separate || m_spec.stacking == Stacking::Alternating;
    for (int i = 0; i < m_spec.layers; ++i) {
        const bool both = m_spec.hasBackward(i);
        if (i > 0) {
            forward = noise.apply(tape, forward);
            backward = apart ? noise.apply(tape, backward) : forward;
        }
        const Var<T> up = direction(tape, i, false, forward, lengths, r);
        if (both) backward = direction(tape, i, true, backward, lengths, r);
        forward = up;
        if (both && !apart && i + 1 < m_spec.layers) forward = concatCols(tape, {forward, backward});
    }
    if (!m_spec.hasBackward(m_spec.layers - 1))
        r.outputs = forward;
    else
        r.outputs = m_spec.output == DirectionJoin::Sum ? add(tape, forward, backward)
                                                        : concatCols(tape, {forward, backward});
    return r;
}

template struct SequenceResult<float>;
template struct SequenceResult<double>;
template class RnnStack<float>;
template class RnnStack<double>;

} // namespace attn
