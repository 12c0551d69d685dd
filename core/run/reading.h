// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/networks.h"
#include "core/text/vocabulary.h"
#include "core/trace/axis.h"

namespace attn {

/// Sentences given as ids, padded to the longest of them.
TokenBatch paddedBatch(const std::vector<const std::vector<int>*>& sentences, int pad);

/// For models that copy: sets which output each source word stands for. `words` are those of each sentence as
/// they are written, one a position. Returns for each sentence the words that the target vocabulary lacks,
/// each once: they are the outputs from its size on.
std::vector<std::vector<std::string>> setCopyIds(const std::vector<std::vector<std::string>>& words,
                                                 const Vocabulary& target, TokenBatch& batch);

/// The positions of a source that have a word: their ids and texts.
struct SourceWords {
    std::vector<int> ids;
    std::vector<std::string> words;
};
SourceWords sourceWords(const std::vector<Position>& positions);

/// A typed source as the network reads it: a batch of one, without the positions that have no word.
struct SourceReading {
    TokenBatch tokens;
    std::vector<std::string> extra; ///< words that can be copied and that the target vocabulary lacks
};
SourceReading readSource(const Model& model, const std::vector<Position>& positions);

/// The most steps of a search that is free to end: what was asked for, or, where that is 0, twice the
/// source's words and 20, beside those that are given.
int stepLimit(int asked, int sourceWords, int given);

} // namespace attn
