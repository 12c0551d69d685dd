// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/model/encoder_decoder/spec.h"
#include "core/nn/parameters.h"

namespace attn::cli {

/// The widths of a model that is timed.
struct BenchSize {
    int vocabulary = 4000; ///< words of either side
    int embedding = 96;
    int hidden = 128;
};

/// small, medium, large. Throws Error(Argument) naming the three.
BenchSize benchSize(const std::string& name);

/// A model of that size, wired as the field has it:
/// additive      GRU, both directions; attention from the previous state, deep readout    Bahdanau 2015
/// dot, general  LSTM, both directions of hidden/2 units; current state, input feeding    Luong 2015
/// Throws Error(Argument) naming the three.
EncoderDecoderSpec benchSpec(const BenchSize& size, const std::string& attention);

/// Parameters that let a model run for timing: uniform in +-0.1 from a seed.
Parameters<float> benchParameters(const EncoderDecoderSpec& spec);

} // namespace attn::cli
