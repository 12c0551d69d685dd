// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recurrent/rnn.h"

namespace attn {

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
                              const std::vector<int>& lengths, const Noise& noise, const StackTap<T>& taps,
                              SequenceResult<T>& all) const {
    const bool reversed = backward != (m_spec.stacking == Stacking::Alternating && layer % 2 == 1);
    std::function<LayerTap<T>(int)> layerTaps;
    if (taps) layerTaps = [&](int position) { return taps(layer, backward, position); };
    std::vector<SequenceLayer<T>> cells =
        (backward ? m_backward : m_forward)[static_cast<std::size_t>(layer)].run(tape, x, lengths, reversed,
                                                                                 noise, layerTaps);
    const Var<T> out = outputsOf(tape, cells);
    for (SequenceLayer<T>& cell : cells) {
        cell.layer = layer;
        cell.backward = backward;
        all.layers.push_back(std::move(cell));
    }
    return m_spec.residual && layer > 0 && x.cols() == out.cols() ? add(tape, out, x) : out;
}

template <typename T>
SequenceResult<T> RnnStack<T>::run(Tape<T>* tape, const Var<T>& x, const std::vector<int>& lengths,
                                   const Noise& noise, const StackTap<T>& taps) const {
    SequenceResult<T> r;
    Var<T> forward = x, backward = x;
    const bool apart = m_spec.stacking == Stacking::Separate || m_spec.stacking == Stacking::Alternating;
    for (int i = 0; i < m_spec.layers; ++i) {
        const bool both = m_spec.hasBackward(i);
        if (i > 0) {
            forward = noise.apply(tape, forward);
            backward = apart ? noise.apply(tape, backward) : forward;
        }
        const Var<T> up = direction(tape, i, false, forward, lengths, noise, taps, r);
        if (both) backward = direction(tape, i, true, backward, lengths, noise, taps, r);
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
