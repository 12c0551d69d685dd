// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/encoder_decoder/spec.h"
#include "core/model/encoder_decoder/values.h"
#include "core/model/taps.h"

namespace attn::encoder_decoder {

/// The source's side: word embeddings and the recurrent layers that read them.
template <typename T>
class Source {
public:
    Source(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// Fills Encoding::layers and outputs.
    Encoding<T> read(Tape<T>* tape, const TokenBatch& source, const Noise& noise, const Taps<T>& taps) const;

private:
    Var<T> m_embedding;
    RnnStack<T> m_layers;
};

/// One of the two variables of a layer's final state.
template <typename T>
using StatePart = Var<T> CellState<T>::*;

/// A layer's final states [forward at the end; backward at the start], B x width or B x 2 width.
template <typename T>
Var<T> lastStates(Tape<T>* tape, const EncoderDecoderSpec& spec, const Encoding<T>& encoding, int layer,
                  StatePart<T> part);
/// Those of all layers in the order layer 0 forward, layer 0 backward, layer 1 forward ....
template <typename T>
List<Var<T>> allLastStates(const EncoderDecoderSpec& spec, const Encoding<T>& encoding, StatePart<T> part);

} // namespace attn::encoder_decoder
