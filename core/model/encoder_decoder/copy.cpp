// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/copy.h"

#include "core/autograd/ops.h"

namespace attn::encoder_decoder {

template <typename T>
Copier<T>::Copier(const EncoderDecoderSpec& spec, const Parameters<T>& parameters)
    : m_blocked(spec.copyBlocked.value_or(-1)), m_W(parameters["copy.W"]), m_b(parameters["copy.b"]) {
    if (spec.copy == CopyKind::Own)
        m_attention.emplace(spec.copyAttentionSpec(), parameters, "copy.attention.");
}

template <typename T>
void Copier<T>::prepare(Tape<T>* tape, const TokenBatch& source, const std::vector<int>& lengths,
                        Encoding<T>& encoding) const {
    const int B = source.batch();
    if (m_attention)
        encoding.copyMemory = m_attention->prepare(tape, encoding.outputs, encoding.outputs, B, lengths);
    encoding.copies = {source.copyIds, source.extraWords, m_blocked};
    encoding.copies.ids.resize(static_cast<std::size_t>(B * source.positions), -1);
}

template <typename T>
CopyResult<T> Copier<T>::step(Tape<T>* tape, const Encoding<T>& encoding, const DecoderState<T>& state,
                              const DecoderStep<T>& step, const Taps<T>& taps) const {
    CopyResult<T> r;
    r.gate = taps.vector(StepVector::CopyGate, sigmoid(tape, linear(tape, step.features, m_W, m_b)));
    if (m_attention)
        r.attention = m_attention->attend(tape, *encoding.copyMemory, step.features, state.copyAttention,
                                          taps.attention(SiteKind::Copy));
    const auto& heads = (m_attention ? r.attention : step.attention).heads;
    r.weights = heads.front().factors.weights;
    for (std::size_t h = 1; h < heads.size(); ++h) r.weights = add(tape, r.weights, heads[h].factors.weights);
    if (heads.size() > 1) r.weights = scale(tape, r.weights, 1.0 / static_cast<double>(heads.size()));
    if (!m_attention)
        if (const Tap<T> tap = taps.attention(SiteKind::Copy); tap.value)
            r.weights = tap.value(Stage::Factors, 0, r.weights);
    return r;
}

template class Copier<float>;
template class Copier<double>;

} // namespace attn::encoder_decoder
