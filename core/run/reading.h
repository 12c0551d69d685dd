// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/networks.h"
#include "core/text/vocabulary.h"
#include "core/trace/trace.h"

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

/// A token that is given rather than chosen.
struct GivenWord {
    std::string text;
    int id = 0;
};

/// What a typed source gives to a search.
template <typename Input>
struct TypedReading {
    Input input;
    std::vector<std::string> extra = {}; ///< words that can be copied and that the target vocabulary lacks
    std::vector<GivenWord> prompt = {};  ///< tokens that the target goes on from
    int words = 0;                       ///< of the source or the prompt, for stepLimit()
};
/// Each family reads its own way; the source's positions go into the trace, whose axes are there already.
/// Throws what typedSource() throws. A language model's source is a prompt, and may be empty.
TypedReading<TokenBatch> readTyped(const EncoderDecoder<float>& network, const Model& model,
                                   const std::string& text, Trace& trace);
TypedReading<int> readTyped(const LanguageModel<float>& network, const Model& model, const std::string& text,
                            Trace& trace);

/// The same for many sources that are given as ids. `words` are as setCopyIds() wants them; empty: as the
/// vocabulary has them.
template <typename Input>
struct BatchReading {
    Input input;
    std::vector<std::vector<std::string>> extra = {}; ///< by sentence; empty: nothing can be copied
};
BatchReading<TokenBatch> readSources(const EncoderDecoder<float>& network, const Model& model,
                                     const std::vector<const std::vector<int>*>& sources,
                                     std::vector<std::vector<std::string>> words);
BatchReading<int> readSources(const LanguageModel<float>& network, const Model& model,
                              const std::vector<const std::vector<int>*>& sources,
                              const std::vector<std::vector<std::string>>& words);

/// The tokens of such a source that the target goes on from.
std::vector<int> promptOf(const EncoderDecoder<float>& network, const std::vector<int>& source);
std::vector<int> promptOf(const LanguageModel<float>& network, const std::vector<int>& source);

/// The most steps of a search that is free to end: what was asked for, or, where that is 0, twice the
/// source's words and 20, beside those that are given.
int stepLimit(int asked, int sourceWords, int given);

} // namespace attn
