// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/network.h"

#include "core/autograd/ops.h"
#include "core/model/network.h"

namespace attn {

namespace {
const EncoderDecoderSpec& checked(const EncoderDecoderSpec& spec) {
    throwFaults(ErrorKind::Argument, "this model cannot be built:", spec.validate());
    return spec;
}
} // namespace

template <typename T>
EncoderDecoder<T>::EncoderDecoder(const EncoderDecoderSpec& spec, const Parameters<T>& parameters)
    : m_spec(checked(spec)),
      m_source(spec, parameters),
      m_bridge(spec, parameters),
      m_decoder(spec, parameters),
      m_readout(spec, parameters) {
    if (spec.attention) m_attention.emplace(*spec.attention, parameters, "attention.");
    if (spec.copy != CopyKind::None) m_copier.emplace(spec, parameters);
}

template <typename T>
attn::Encoding<T> EncoderDecoder<T>::encode(Tape<T>* tape, const TokenBatch& source, const Noise& noise,
                                            const Taps<T>& taps, MonotonicMode monotonic) const {
    const int B = source.batch(), S = source.positions;
    Encoding e = m_source.read(tape, source, noise, taps);
    std::vector<int> lengths = source.lengths;
    if (m_spec.attention && m_spec.attention->allPositions) {
        const int all = m_attention->positionsFor(S);
        std::vector<int> padded;
        for (int b = 0; b < B; ++b)
            for (int s = 0; s < all; ++s)
                padded.push_back(s < lengths[static_cast<std::size_t>(b)] ? b * S + s : -1);
        e.outputs = gatherRows(tape, e.outputs, padded);
        lengths.assign(lengths.size(), all);
    }
    if (m_attention) {
        e.memory = m_attention->prepare(tape, e.outputs, e.outputs, B, lengths, monotonic);
    } else {
        e.memory.batch = B;
        e.memory.positions = S;
        e.memory.lengths = lengths;
        e.summary =
            encoder_decoder::lastStates<T>(tape, m_spec, e, m_spec.encoder.layers - 1, &CellState<T>::hidden);
    }
    if (m_copier) m_copier->prepare(tape, source, lengths, e);
    return e;
}

template <typename T>
DecoderState<T> EncoderDecoder<T>::start(Tape<T>* tape, const Encoding& encoding, const Taps<T>& taps) const {
    State state;
    for (const CellState<T>& first : m_bridge.firstStates(tape, encoding))
        state.layers.push_back(taps.state({static_cast<int>(state.layers.size()), 0, false}, first, true));
    if (m_spec.inputFeeding)
        state.feed = Var<T>(Matrix<T>(encoding.memory.batch, m_spec.featureWidth(), T(0)));
    return state;
}

template <typename T>
DecoderStep<T> EncoderDecoder<T>::step(Tape<T>* tape, const Encoding& encoding, const State& state,
                                       const std::vector<int>& previous, const Noise& noise,
                                       const Taps<T>& taps) const {
    Step step;
    const auto made = m_decoder.step(tape, attention(), encoding, state, previous, noise, taps, step);
    step.features =
        taps.vector(StepVector::Features, noise.apply(tape, m_readout.features(tape, made, step, taps)));
    step.state.attention = step.attention.state;
    if (m_spec.inputFeeding) step.state.feed = step.features;
    if (m_copier) {
        step.copy = m_copier->step(tape, encoding, state, step, taps);
        step.state.copyAttention = step.copy.attention.state;
    }
    return step;
}

template <typename T>
Var<T> EncoderDecoder<T>::output(Tape<T>* tape, const Encoding& encoding, const Step& step,
                                 const Taps<T>& taps) const {
    const Var<T> words = taps.output(logits(tape, step.features));
    return m_copier ? copyMixture(tape, words, step.copy.gate, step.copy.weights, encoding.copies) : words;
}

template class EncoderDecoder<float>;
template class EncoderDecoder<double>;
static_assert(Stepper<EncoderDecoder<float>, float> && Stepper<EncoderDecoder<double>, double>);

} // namespace attn
