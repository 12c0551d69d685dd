// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/encoder_decoder/spec.h"
#include "core/model/encoder_decoder/values.h"
#include "core/model/taps.h"

namespace attn::encoder_decoder {

/// What a readout is made of, B rows each.
template <typename T>
struct ReadoutInput {
    Var<T> state;   ///< s: the decoder's state after the step
    Var<T> context; ///< c
    Var<T> input;   ///< y: embedding of the previous word
    Var<T> given;   ///< x: all that the decoder's first cell read
};

/// From a step's vectors to features (ReadoutKind), and from features to the output layer.
template <typename T>
class Readout {
public:
    Readout(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// The features, B x featureWidth(); fills DecoderStep::contextGate.
    Var<T> features(Tape<T>* tape, const ReadoutInput<T>& from, DecoderStep<T>& step,
                    const Taps<T>& taps) const;
    /// What the softmax is taken of, B x target vocabulary: f W_output' + b_output, f the features or their
    /// projection.
    Var<T> logits(Tape<T>* tape, const Var<T>& features) const;

private:
    Var<T> activated(Tape<T>* tape, const Var<T>& z) const;
    /// ContextGate's formula for o, the readout without it.
    Var<T> gated(Tape<T>* tape, const ReadoutInput<T>& from, const Var<T>& o, DecoderStep<T>& step,
                 const Taps<T>& taps) const;

    ReadoutSpec m_spec;
    Var<T> m_W, m_b;
    NormalisedLayer<T> m_state, m_context, m_input, m_hidden;
    NormalisedLayer<T> m_gate, m_gateSource, m_gateTarget;
    Var<T> m_projectionW, m_projectionB;
    Var<T> m_outputW, m_outputB;
};

} // namespace attn::encoder_decoder
