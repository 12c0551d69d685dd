// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/encoder_decoder/network.h"
#include "core/model/record.h"

namespace attn {

/// Source and target, in this order; without positions.
std::vector<Axis> axesOf(const EncoderDecoderSpec& spec);
/// The cross attention if the model has one; then, in a model that copies, the copy attention: with a rule if
/// it is of its own, else without one, and its weights are those of the cross attention, averaged over heads.
std::vector<Site> sitesOf(const EncoderDecoderSpec& spec);

/// Freezes what the encoder made of row `row` of its batch: tracks and outputs. The positions of the trace's
/// source axis say how many of them it read.
void recordEncoding(const EncoderDecoder<float>& network, const Encoding<float>& encoding, int row,
                    Trace& trace);

/// The cells' states between two steps, bottom layer first.
std::vector<CellTrace> recordState(const DecoderState<float>& state, int row);

/// Freezes one step of row `row` of a batch: rows, states and vectors. Input and output come from the search.
/// A head's score terms are kept if there are at most `mostTerms`.
Pass recordPass(const EncoderDecoder<float>& network, const Encoding<float>& encoding,
                const DecoderStep<float>& step, int row, int mostTerms = kMostScoreTerms);

} // namespace attn
