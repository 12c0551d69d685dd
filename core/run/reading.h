// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/networks.h"
#include "core/run/typed_text.h"
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

/// Typed text as a network of family N reads it: a batch of one, and what the search is given with it.
template <typename N>
struct TypedReading {
    typename N::Input input;
    std::vector<Position> positions = {}; ///< of the axis that is read at once; none if there is none
    /// Words of the source that can be copied and that the target vocabulary lacks.
    std::vector<std::string> extra = {};
    TypedPrompt prompt = {}; ///< tokens that the output begins with
    int words = 0;           ///< as stepLimit() counts them
};
/// An encoder-decoder reads the text as its source.
TypedReading<EncoderDecoder<float>> readTyped(const EncoderDecoder<float>& network, const Model& model,
                                              const std::string& text);
/// A language model continues it.
TypedReading<LanguageModel<float>> readTyped(const LanguageModel<float>& network, const Model& model,
                                             const std::string& text);

/// Many texts as ids, as a network of family N reads them; `given` are the tokens that each output begins
/// with.
template <typename N>
struct BatchReading {
    typename N::Input input;
    std::vector<std::vector<std::string>> extra = {}; ///< as in TypedReading; empty if nothing is copied
    std::vector<std::vector<int>> given = {};         ///< empty if nothing is given
};
/// `words` are the texts' words as they are written, for models that copy; nullptr: as the vocabulary has
/// them.
BatchReading<EncoderDecoder<float>> readBatch(const EncoderDecoder<float>& network, const Model& model,
                                              const std::vector<const std::vector<int>*>& texts,
                                              const std::vector<const std::vector<std::string>*>& words);
BatchReading<LanguageModel<float>> readBatch(const LanguageModel<float>& network, const Model& model,
                                             const std::vector<const std::vector<int>*>& texts,
                                             const std::vector<const std::vector<std::string>*>& words);

/// The most steps of a search that is free to end: what was asked for, or, where that is 0, twice the
/// words of the typed text and 20, beside those that are given.
int stepLimit(int asked, int typedWords, int given);

} // namespace attn
