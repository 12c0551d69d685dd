// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/model/encoder_decoder/spec.h"
#include "core/model/encoder_decoder/values.h"
#include "core/model/taps.h"

namespace attn::encoder_decoder {

/// Copying words of the source (CopyKind): the share that is copied, and the weights by which.
template <typename T>
class Copier {
public:
    /// For a spec that copies.
    Copier(const EncoderDecoderSpec& spec, const Parameters<T>& parameters);

    /// Fills Encoding::copies, and copyMemory for the kind own.
    void prepare(Tape<T>* tape, const TokenBatch& source, const std::vector<int>& lengths,
                 Encoding<T>& encoding) const;
    /// A step's share and weights from its features and, for the kind attention, its attention.
    CopyResult<T> step(Tape<T>* tape, const Encoding<T>& encoding, const DecoderState<T>& state,
                       const DecoderStep<T>& step, const Taps<T>& taps) const;

    /// nullptr unless there is one of its own.
    const Attention<T>* attention() const { return m_attention ? &*m_attention : nullptr; }

private:
    std::optional<Attention<T>> m_attention;
    int m_blocked;
    Var<T> m_W, m_b;
};

} // namespace attn::encoder_decoder
