// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/bridge.h"

#include <algorithm>

#include "core/autograd/ops.h"
#include "core/nn/activation.h"

namespace attn::encoder_decoder {

template <typename T>
Bridge<T>::Bridge(const EncoderDecoderSpec& spec, const Parameters<T>& parameters) : m_spec(spec) {
    const auto find = [&](const std::string& name) {
        return parameters.contains(name) ? parameters[name] : Var<T>();
    };
    for (int i = 0; i < spec.decoder.layers; ++i) {
        const std::string at = spec.bridgePrefix(i);
        const auto layer = [&](const std::string& part) {
            return NormalisedLayer<T>{find(at + "W" + part), find(at + "b" + part), find(at + "gain"),
                                      find(at + "shift"),    spec.bridgeNorm,       spec.bridgeNormEpsilon};
        };
        m_layers.push_back({layer(""), layer("_cell")});
    }
}

template <typename T>
Var<T> Bridge<T>::through(Tape<T>* tape, std::size_t layer, const Var<T>& e, StatePart<T> part) const {
    const Layer& at = m_layers[layer];
    return activate(tape, m_spec.bridgeActivation,
                    (part == &CellState<T>::cell ? at.cell : at.hidden).apply(tape, e));
}

template <typename T>
Var<T> Bridge<T>::input(Tape<T>* tape, const Encoding<T>& encoding) const {
    const int top = m_spec.encoder.layers - 1;
    if (m_spec.bridge == BridgeKind::Backward) return encoding.layers.final(top, true).hidden;
    if (m_spec.bridge != BridgeKind::Mean)
        return lastStates<T>(tape, m_spec, encoding, top, &CellState<T>::hidden);
    const AttentionMemory<T>& memory = encoding.memory;
    Matrix<T> share(memory.batch, memory.positions, T(0));
    for (int b = 0; b < memory.batch; ++b) {
        const int length = memory.lengths[static_cast<std::size_t>(b)];
        std::fill(share.row(b), share.row(b) + length, T(1) / static_cast<T>(length));
    }
    return batchedMix(tape, Var<T>(std::move(share)), encoding.outputs, memory.batch);
}

template <typename T>
List<Var<T>> Bridge<T>::flat(Tape<T>* tape, const Encoding<T>& encoding, StatePart<T> part) const {
    const Var<T> all = concatCols(tape, allLastStates<T>(m_spec, encoding, part));
    const int width = m_layers.front().hidden.W.cols(), n = m_spec.decoder.cell.width;
    List<Var<T>> parts, states;
    for (int at = 0; at < all.cols(); at += width)
        parts.push_back(through(tape, 0, sliceCols(tape, all, at, width), part));
    const Var<T> joined = concatCols(tape, parts);
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        states.push_back(sliceCols(tape, joined, static_cast<int>(i) * n, n));
    return states;
}

template <typename T>
List<Var<T>> Bridge<T>::first(Tape<T>* tape, const Encoding<T>& encoding, StatePart<T> part) const {
    const int n = m_spec.decoder.cell.width;
    const std::size_t layers = m_layers.size();
    List<Var<T>> states;
    switch (m_spec.bridge) {
        case BridgeKind::Zero:
            for (std::size_t i = 0; i < layers; ++i)
                states.push_back(Var<T>(Matrix<T>(encoding.memory.batch, n, T(0))));
            break;
        case BridgeKind::Copy:
        case BridgeKind::Layers:
            for (std::size_t i = 0; i < layers; ++i) {
                states.push_back(lastStates<T>(tape, m_spec, encoding, static_cast<int>(i), part));
                if (m_spec.bridge == BridgeKind::Layers)
                    states.back() = through(tape, i, states.back(), part);
            }
            break;
        case BridgeKind::Last:
        case BridgeKind::Backward:
        case BridgeKind::Mean: {
            const Var<T> e = input(tape, encoding);
            for (std::size_t i = 0; i < layers; ++i)
                states.push_back(i > 0 && m_spec.bridgeShared ? states.front() : through(tape, i, e, part));
            break;
        }
        case BridgeKind::Flat:
            return flat(tape, encoding, part);
        case BridgeKind::First: {
            const Var<T> e = lastStates<T>(tape, m_spec, encoding, m_spec.encoder.layers - 1, part);
            for (std::size_t i = 0; i < layers; ++i)
                states.push_back(i > 0 ? states.front() : e.cols() == n ? e : sliceCols(tape, e, 0, n));
            break;
        }
        case BridgeKind::InOrder:
            states = allLastStates<T>(m_spec, encoding, part);
            states.resize(layers);
            break;
    }
    return states;
}

template <typename T>
List<CellState<T>> Bridge<T>::firstStates(Tape<T>* tape, const Encoding<T>& encoding) const {
    const List<Var<T>> hidden = first(tape, encoding, &CellState<T>::hidden);
    List<Var<T>> cell;
    if (m_spec.decoder.cell.kind == CellKind::Lstm)
        cell = m_spec.bridgeCell == BridgeCell::Hidden ? hidden : first(tape, encoding, &CellState<T>::cell);
    List<CellState<T>> states;
    for (std::size_t i = 0; i < hidden.size(); ++i)
        states.push_back({hidden[i], cell.empty() ? Var<T>() : cell[i]});
    return states;
}

template class Bridge<float>;
template class Bridge<double>;

} // namespace attn::encoder_decoder
