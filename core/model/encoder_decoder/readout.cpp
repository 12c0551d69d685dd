// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/readout.h"

#include "core/autograd/ops.h"

namespace attn::encoder_decoder {

template <typename T>
Readout<T>::Readout(const EncoderDecoderSpec& spec, const Parameters<T>& parameters)
    : m_spec(spec.readout),
      m_outputW(parameters[spec.tiedEmbeddings ? "target_embedding.W" : "output.W"]),
      m_outputB(parameters["output.b"]) {
    const auto find = [&](const std::string& name) {
        return parameters.contains(name) ? parameters[name] : Var<T>();
    };
    const auto part = [&](const std::string& name) {
        return NormalisedLayer<T>{find("readout.W_" + name),
                                  find("readout.b_" + name),
                                  find("readout.gain_" + name),
                                  find("readout.shift_" + name),
                                  m_spec.norm,
                                  m_spec.normEpsilon};
    };
    m_W = find("readout.W");
    m_b = find("readout.b");
    m_state = part("state");
    m_context = part("context");
    m_input = part("input");
    m_hidden = part("hidden");
    if (m_spec.kind == ReadoutKind::DeepSum && m_b.defined()) m_state.b = m_b;
    m_gate = part("gate");
    m_gateSource = part("source");
    m_gateTarget = part("target");
    m_projectionW = find("readout.W_projection");
    m_projectionB = find("readout.b_projection");
}

template <typename T>
Var<T> Readout<T>::activated(Tape<T>* tape, const Var<T>& z) const {
    switch (m_spec.activation) {
        case ReadoutActivation::Tanh:
            return tanh(tape, z);
        case ReadoutActivation::Maxout:
            return maxout(tape, z);
        case ReadoutActivation::Relu:
            return relu(tape, z);
        case ReadoutActivation::Sigmoid:
            return sigmoid(tape, z);
        case ReadoutActivation::Identity:
            return z;
    }
    return z;
}

template <typename T>
Var<T> Readout<T>::gated(Tape<T>* tape, const ReadoutInput<T>& from, const Var<T>& o, DecoderStep<T>& step,
                         const Taps<T>& taps) const {
    const auto& [s, c, y, x] = from;
    const Var<T> z = step.contextGate =
        taps.vector(StepVector::ContextGate, sigmoid(tape, m_gate.apply(tape, concatCols(tape, {x, s, o}))));
    const Var<T> p = m_gateTarget.apply(tape, concatCols(tape, {x, s})), r = m_gateSource.apply(tape, o);
    if (m_spec.contextGate == ContextGate::Source) return tanh(tape, add(tape, p, mul(tape, z, r)));
    if (m_spec.contextGate == ContextGate::Target) return tanh(tape, add(tape, mul(tape, z, p), r));
    return tanh(tape, blend(tape, z, r, p));
}

template <typename T>
Var<T> Readout<T>::features(Tape<T>* tape, const ReadoutInput<T>& from, DecoderStep<T>& step,
                            const Taps<T>& taps) const {
    const auto& [s, c, y, x] = from;
    switch (m_spec.kind) {
        case ReadoutKind::Attentional: {
            const Var<T> o = activated(tape, linear(tape, concatCols(tape, {c, s}), m_W, m_b));
            return m_spec.contextGate == ContextGate::None ? o : gated(tape, from, o, step, taps);
        }
        case ReadoutKind::DeepSum:
            return activated(tape, add(tape, add(tape, m_state.apply(tape, s), m_context.apply(tape, c)),
                                       m_input.apply(tape, y)));
        case ReadoutKind::DeepJoin:
            return activated(tape, linear(tape, concatCols(tape, {s, c, y}), m_W, m_b));
        case ReadoutKind::TwoTanh:
            return tanh(tape, m_hidden.apply(tape, tanh(tape, m_context.apply(tape, c))));
        case ReadoutKind::Join:
            return concatCols(tape, {s, c});
        case ReadoutKind::JoinInput:
            return concatCols(tape, {s, c, y});
        case ReadoutKind::State:
            return s;
    }
    throw Error(ErrorKind::Bug, "a readout without a definition");
}

template <typename T>
Var<T> Readout<T>::logits(Tape<T>* tape, const Var<T>& features) const {
    return linear(tape,
                  m_projectionW.defined() ? linear(tape, features, m_projectionW, m_projectionB) : features,
                  m_outputW, m_outputB);
}

template class Readout<float>;
template class Readout<double>;

} // namespace attn::encoder_decoder
