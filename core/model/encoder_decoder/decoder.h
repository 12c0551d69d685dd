// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/model/encoder_decoder/readout.h"

namespace attn::encoder_decoder {

/// The decoder's recurrent step, with attention at the place that the spec's AttentionOrder names.
template <typename T>
class Decoder {
public:
    Decoder(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// Embeds the previous words, attends and runs the cells: fills DecoderStep::cells, attention, input and
    /// state.layers. Gives what the readout is made of. `attention` is nullptr in a model without one.
    ReadoutInput<T> step(Tape<T>* tape, const Attention<T>* attention, const Encoding<T>& encoding,
                         const DecoderState<T>& state, const std::vector<int>& previous, const Noise& noise,
                         const Taps<T>& taps, DecoderStep<T>& step) const;

private:
    /// The encoding's summary, gated, in place of attention.
    AttentionResult<T> summary(Tape<T>* tape, const Encoding<T>& encoding, const Var<T>& query) const;
    /// Runs a layer's transitions from the state that its cells have reached. Gives the layer's output.
    Var<T> finishLayer(Tape<T>* tape, DecoderStep<T>& step, std::size_t layer, const Taps<T>& taps) const;
    /// Runs the layers from `first` up on x. Gives the top layer's output.
    Var<T> climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                 std::size_t first, const Noise& noise, const Taps<T>& taps) const;

    EncoderDecoderSpec m_spec;
    Var<T> m_embedding;
    std::vector<DeepCell<T>> m_layers;
    std::optional<Cell<T>> m_secondCell; ///< between_cells: the one that reads the context
    Var<T> m_inputW, m_inputB;
    Var<T> m_gateW, m_gateB; ///< of the summary
};

} // namespace attn::encoder_decoder
