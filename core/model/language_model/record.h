// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/language_model/network.h"
#include "core/model/record.h"

namespace attn {

/// The words of the text; then the same words as each step reads them, one step late.
std::vector<Axis> axesOf(const LanguageModelSpec& spec);
/// The attention over past states if the model has one; then that of each lstmn layer. A query is the word
/// that a step chooses, a key the word that a step has read.
std::vector<Site> sitesOf(const LanguageModelSpec& spec);

/// Records nothing: nothing is read before the first word.
void recordEncoding(const LanguageModel<float>& network, const LanguageModelEncoding<float>& encoding,
                    int row, Trace& trace);

/// The cells' states between two steps, bottom layer first.
std::vector<CellTrace> recordState(const LanguageModelState<float>& state, int row);

/// Freezes one step of row `row` of a batch: rows, states and vectors. Input and output come from the search.
/// Row t of a site has a key for each state that existed at step t. An lstmn's start slot is no word of the
/// text and is left out, so that its rows sum to 1 less what the slot got. A head's score terms are kept if
/// there are at most `mostTerms`.
Pass recordPass(const LanguageModel<float>& network, const LanguageModelEncoding<float>& encoding,
                const LanguageModelStep<float>& step, int row, int mostTerms = kMostScoreTerms);

} // namespace attn
