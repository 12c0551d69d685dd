// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/encoder_decoder.h"
#include "core/text/vocabulary.h"

namespace attn {

/// Sentences given as ids, padded to the longest of them.
TokenBatch paddedBatch(const std::vector<const std::vector<int>*>& sentences, int pad);

/// For models that copy: sets which output each source word stands for. `words` are those of each sentence as
/// they are written, one a position. Returns for each sentence the words that the target vocabulary lacks,
/// each once: they are the outputs from its size on.
std::vector<std::vector<std::string>> setCopyIds(const std::vector<std::vector<std::string>>& words,
                                                 const Vocabulary& target, TokenBatch& batch);

/// The most steps of a search that is free to end: what was asked for, or, where that is 0, twice the
/// source's words and 20, beside those that are given.
int stepLimit(int asked, int sourceWords, int given);

} // namespace attn
