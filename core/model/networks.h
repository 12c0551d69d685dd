// SPDX-License-Identifier: GPL-3.0-or-later
// The networks of all families, for code that visits a model's.
#pragma once

#include "core/model/encoder_decoder/network.h"
#include "core/model/language_model/network.h"
#include "core/model/model.h"

namespace attn {

/// The network of an encoder-decoder. Throws Error(Unsupported) for a model of another family, naming it.
const EncoderDecoder<float>& encoderDecoder(const Model& model);

} // namespace attn
