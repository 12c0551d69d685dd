// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/networks.h"

namespace attn {

/// The attention of one row of a step over its source, mean of the heads; empty for a model without
/// attention. Each family whose search may ask for it defines this.
void sourceWeights(const Encoding<float>& encoding, const DecoderStep<float>& step, int row,
                   List<float>& weights);
/// A language model has no source.
inline void sourceWeights(const LanguageModelEncoding<float>&, const LanguageModelStep<float>&, int,
                          List<float>& weights) {
    weights.clear();
}

} // namespace attn
