// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/model/encoder_decoder/source.h"

namespace attn::encoder_decoder {

/// Makes the decoder's first states of the encoder's last ones by the spec's BridgeKind.
template <typename T>
class Bridge {
public:
    Bridge(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// The states before the first word, one a decoder layer, B x width each.
    List<CellState<T>> firstStates(Tape<T>* tape, const Encoding<T>& encoding) const;

private:
    struct Layer {
        NormalisedLayer<T> hidden, cell;
    };

    /// Hidden or cell states alone.
    List<Var<T>> first(Tape<T>* tape, const Encoding<T>& encoding, StatePart<T> part) const;
    /// act(e W' + b) of a decoder layer.
    Var<T> through(Tape<T>* tape, std::size_t layer, const Var<T>& e, StatePart<T> part) const;
    /// e of the bridges last, backward and mean.
    Var<T> input(Tape<T>* tape, const Encoding<T>& encoding) const;
    List<Var<T>> flat(Tape<T>* tape, const Encoding<T>& encoding, StatePart<T> part) const;

    EncoderDecoderSpec m_spec;
    std::vector<Layer> m_layers; ///< one a decoder layer; all the same where the bridge is shared
};

} // namespace attn::encoder_decoder
