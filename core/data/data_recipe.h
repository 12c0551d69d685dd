// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"

namespace attn {

/// What one example is: a pair of sentences, or one side of a pair as a single text.
enum class TextSides { Pair, Source, Target };
template <>
struct EnumNames<TextSides> {
    static constexpr std::array names{std::pair{TextSides::Pair, std::string_view("pair")},
                                      std::pair{TextSides::Source, std::string_view("source")},
                                      std::pair{TextSides::Target, std::string_view("target")}};
};

/// What a model is trained on and validated with.
struct DataRecipe {
    std::string task = "en-fr";     ///< a built-in task; not used where `pairs` are given
    std::vector<std::string> pairs; ///< one file of "source TAB target [TAB links]", or two of one side each;
                                    ///< for a single side a file of one text a line will do
    std::vector<std::string> validation; ///< the same; empty: pairs held out of `pairs`
    TextSides sides = TextSides::Pair;
    bool lowercase = false; ///< files are lower-cased
    int maxLength = 100;    ///< tokens a side, end symbol not counted; longer pairs are left out of training
    /// "whitespace", "spaces", "words", "characters", "sentencepiece" (unigram), "sentencepiece-bpe"; "" is
    /// the task's own tokeniser, and "words" for files.
    std::string tokens;
    int sourceWords = 0;       ///< largest vocabulary, special tokens not counted; 0: every token seen
    int targetWords = 0;       ///< of single texts too
    int validationPairs = 500; ///< at most

    bool operator==(const DataRecipe&) const = default;
    /// Every field that is out of its bounds, and files that do not go together.
    Findings validate() const;
};

template <typename Visitor>
void visitFields(auto& recipe,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(recipe)>, DataRecipe> {
    visit("task", recipe.task);
    visit("pairs", recipe.pairs);
    visit("validation", recipe.validation);
    visit("sides", recipe.sides);
    visit("lowercase", recipe.lowercase);
    visit("max_length", recipe.maxLength, between(1, 10'000));
    visit("tokens", recipe.tokens);
    visit("source_words", recipe.sourceWords, between(0, 1'000'000));
    visit("target_words", recipe.targetWords, between(0, 1'000'000));
    visit("validation_pairs", recipe.validationPairs, between(1, 100'000));
}

} // namespace attn
