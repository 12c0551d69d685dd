// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/english_chinese.h"

#include <set>

#include "core/tasks/english_chinese/sampler.h"
#include "core/tasks/english_chinese/showcase.h"
#include "core/tasks/english_chinese/vocabulary_of.h"
#include "core/text/tokeniser.h"

namespace attn {

Example EnglishChineseTask::generate(Random& random) const {
    constexpr std::size_t longest = 36;
    for (;;) {
        Example example = english_chinese::realise(english_chinese::sampleSentence(random));
        if (example.source.size() <= longest) return example;
    }
}

std::vector<std::string> EnglishChineseTask::sourceTokens() const {
    return english_chinese::englishTokens();
}
std::vector<std::string> EnglishChineseTask::targetTokens() const {
    return english_chinese::chineseTokens();
}

std::vector<std::string> EnglishChineseTask::showcase() const {
    std::vector<std::string> sentences;
    for (const english_chinese::Sentence& tree : english_chinese::showcaseTrees())
        sentences.push_back(detokenise(TokeniserKind::Words, english_chinese::realise(tree).source));
    return sentences;
}

Example EnglishChineseCharactersTask::generate(Random& random) const {
    return english_chinese::inCharacters(EnglishChineseTask::generate(random));
}

std::vector<std::string> EnglishChineseCharactersTask::targetTokens() const {
    std::set<std::string> characters;
    for (const std::string& word : EnglishChineseTask::targetTokens())
        for (std::string& character : tokeniseTexts(TokeniserKind::Characters, word))
            characters.insert(std::move(character));
    return {characters.begin(), characters.end()};
}

Example english_chinese::inCharacters(const Example& words) {
    Example example;
    example.source = words.source;
    std::vector<std::vector<int>> placed(words.target.size());
    for (std::size_t i = 0; i < words.target.size(); ++i)
        for (std::string& character : tokeniseTexts(TokeniserKind::Characters, words.target[i])) {
            placed[i].push_back(static_cast<int>(example.target.size()));
            example.target.push_back(std::move(character));
        }
    for (const GoldLink& link : words.links)
        for (int at : placed[static_cast<std::size_t>(link.target)])
            example.links.push_back({link.source, at, link.sure});
    return example;
}

} // namespace attn
