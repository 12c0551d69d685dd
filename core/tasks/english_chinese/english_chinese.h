// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// A small English and Simplified Chinese of our own: trees (english_chinese/syntax.h) are drawn at random
/// and written in both languages at once, so that the links come from the derivation. Chinese is a function
/// of English. Relative clauses and of-phrases go before their noun, time and place before the verb, a
/// subordinate clause before the main one; numerals need measure words. Target tokens are words as they
/// stand between blanks; forced targets are typed with blanks between the words. Known simplifications:
/// "the" is nothing, "you" is 你 (one), "they" 他们, numbers end at twelve, the past of what lasts is not
/// used.
class EnglishChineseTask : public Task {
public:
    std::string_view name() const override { return "en-zh"; }
    std::string_view description() const override {
        return "Translate a small English into Chinese words: clauses before nouns, time and place before "
               "verbs.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override;
    std::string_view tokeniser() const override { return "words"; }
    std::vector<std::string> showcase() const override;
};

/// The same sentences with every Chinese character a token; each has the links of its word.
class EnglishChineseCharactersTask : public EnglishChineseTask {
public:
    std::string_view name() const override { return "en-zh-characters"; }
    std::string_view description() const override {
        return "Translate a small English into Chinese, character by character.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> targetTokens() const override;
    std::string_view targetTokeniser() const override { return "characters"; }
};

namespace english_chinese {

/// The example with its target words taken apart into characters.
Example inCharacters(const Example& words);

} // namespace english_chinese
} // namespace attn
