// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/model/encoder_decoder/bridge.h"
#include "core/model/encoder_decoder/copy.h"
#include "core/model/encoder_decoder/decoder.h"
#include "core/model/encoder_decoder/readout.h"
#include "core/model/encoder_decoder/source.h"

namespace attn {

/// The encoder-decoder that an EncoderDecoderSpec describes: one definition for training, inference and
/// tracing. A Stepper (core/model/network.h).
template <typename T>
class EncoderDecoder {
public:
    using Input = TokenBatch;
    using Encoding = attn::Encoding<T>;
    using State = DecoderState<T>;
    using Step = DecoderStep<T>;

    /// Looks up spec.schema() among the parameters. Throws Error(Argument) with every fault of
    /// the spec.
    EncoderDecoder(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// `monotonic`: how attention of the scope monotonic is to run over this encoding.
    Encoding encode(Tape<T>* tape, const TokenBatch& source, const Noise& noise = {},
                    const Taps<T>& taps = {}, MonotonicMode monotonic = MonotonicMode::Hard) const;
    /// The decoder's state before its first word.
    State start(Tape<T>* tape, const Encoding& encoding, const Taps<T>& taps = {}) const;
    /// One step from the previous words, one a sentence. -1 is no word: a vector of zeros.
    Step step(Tape<T>* tape, const Encoding& encoding, const State& state, const std::vector<int>& previous,
              const Noise& noise = {}, const Taps<T>& taps = {}) const;
    /// What the softmax is taken of without copying, n x target vocabulary: f W_output' + b_output with f the
    /// features or their projection.
    Var<T> logits(Tape<T>* tape, const Var<T>& features) const { return m_readout.logits(tape, features); }
    /// A step's outputs, of which the softmax is the distribution over the next word: logits(), or of a model
    /// that copies the logarithm of its mixture, B x (target vocabulary + extra words).
    Var<T> output(Tape<T>* tape, const Encoding& encoding, const Step& step, const Taps<T>& taps = {}) const;

    /// How many positions the attention has for a source of this many: as many, or more (AttentionSpec::
    /// allPositions). Throws Error(Limit) if it knows fewer.
    int positionsFor(int source) const { return m_attention ? m_attention->positionsFor(source) : source; }

    const EncoderDecoderSpec& spec() const { return m_spec; }
    /// nullptr without attention.
    const Attention<T>* attention() const { return m_attention ? &*m_attention : nullptr; }
    /// nullptr unless there is one of its own.
    const Attention<T>* copyAttention() const { return m_copier ? m_copier->attention() : nullptr; }

private:
    EncoderDecoderSpec m_spec;
    encoder_decoder::Source<T> m_source;
    encoder_decoder::Bridge<T> m_bridge;
    std::optional<Attention<T>> m_attention;
    encoder_decoder::Decoder<T> m_decoder;
    encoder_decoder::Readout<T> m_readout;
    std::optional<encoder_decoder::Copier<T>> m_copier;
};

} // namespace attn
