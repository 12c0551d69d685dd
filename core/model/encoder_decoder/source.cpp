// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/source.h"

#include "core/autograd/ops.h"

namespace attn::encoder_decoder {

template <typename T>
Source<T>::Source(const EncoderDecoderSpec& spec, const Parameters<T>& parameters)
    : m_embedding(parameters["source_embedding.W"]), m_layers(spec.encoder, parameters, "encoder.") {}

template <typename T>
Encoding<T> Source<T>::read(Tape<T>* tape, const TokenBatch& source, const Noise& noise,
                            const Taps<T>& taps) const {
    const int B = source.batch(), S = source.positions;
    std::vector<int> byTime, bySentence; // the layers run row s*B + b, attention reads row b*S + s
    for (int s = 0; s < S; ++s)
        for (int b = 0; b < B; ++b) byTime.push_back(source.ids[static_cast<std::size_t>(b * S + s)]);
    for (int b = 0; b < B; ++b)
        for (int s = 0; s < S; ++s) bySentence.push_back(s * B + b);
    Encoding<T> e;
    const Var<T> x = noise.apply(tape, gatherRows(tape, m_embedding, byTime), &Noise::embedding);
    e.layers = m_layers.run(tape, x, source.lengths, noise, taps.encoder());
    e.outputs = B == 1 ? e.layers.outputs : gatherRows(tape, e.layers.outputs, bySentence);
    return e;
}

template <typename T>
Var<T> lastStates(Tape<T>* tape, const EncoderDecoderSpec& spec, const Encoding<T>& encoding, int layer,
                  StatePart<T> part) {
    const Var<T>& forward = encoding.layers.final(layer, false).*part;
    return spec.encoder.hasBackward(layer)
               ? concatCols(tape, {forward, encoding.layers.final(layer, true).*part})
               : forward;
}

template <typename T>
List<Var<T>> allLastStates(const EncoderDecoderSpec& spec, const Encoding<T>& encoding, StatePart<T> part) {
    List<Var<T>> all;
    for (int i = 0; i < spec.encoder.layers; ++i) {
        all.push_back(encoding.layers.final(i, false).*part);
        if (spec.encoder.hasBackward(i)) all.push_back(encoding.layers.final(i, true).*part);
    }
    return all;
}

#define INSTANTIATE(T)                                                                                      \
    template class Source<T>;                                                                               \
    template Var<T> lastStates(Tape<T>*, const EncoderDecoderSpec&, const Encoding<T>&, int, StatePart<T>); \
    template List<Var<T>> allLastStates(const EncoderDecoderSpec&, const Encoding<T>&, StatePart<T>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn::encoder_decoder
