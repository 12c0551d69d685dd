// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/encoder_decoder/network.h"
#include "core/text/vocabulary.h"
#include "core/trace/trace.h"

namespace attn {

/// The largest number of score terms (source positions x width) kept per head and step: beyond it
/// HeadTrace::scoreTerms stays empty, so that a long source does not fill the memory.
inline constexpr int kMostScoreTerms = 64 * 1024;

/// Freezes the encoder's layers, states and gates, of a batch of one.
void recordEncoder(const Encoding<float>& encoding, Trace& trace);

/// The cells' states before the first step.
std::vector<CellTrace> recordInitialState(const DecoderState<float>& state);

/// Freezes one step of a batch of one; fills all that the network made. The words (input, chosen,
/// candidates) come from the search. A head's score terms are kept if there are at most `mostTerms`.
StepTrace recordStep(const EncoderDecoder<float>& network, const Encoding<float>& encoding,
                     const DecoderStep<float>& step, int mostTerms = kMostScoreTerms);

/// Fills logSumExp, entropy and the k most probable candidates from one row of outputs, and gives the log
/// probability of every word; `extra` are the words of the source beyond the vocabulary that can be copied.
std::vector<float> recordOutput(const Matrix<float>& logits, const Vocabulary& vocabulary,
                                const std::vector<std::string>& extra, int k, StepTrace& step);

} // namespace attn
