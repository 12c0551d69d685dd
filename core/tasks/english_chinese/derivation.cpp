// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/derivation.h"

#include <algorithm>
#include <map>

#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_chinese {
namespace {

Tokens append(std::vector<std::string>& side, std::string_view text) {
    Tokens added;
    for (std::string& token : english_french::tokensOf(text)) {
        added.push_back(static_cast<int>(side.size()));
        side.push_back(std::move(token));
    }
    return added;
}

} // namespace

Phrase& Phrase::operator+=(const Phrase& other) {
    english += other.english;
    chinese += other.chinese;
    return *this;
}

Tokens Derivation::english(std::string_view text) {
    return append(m_english, text);
}

Tokens Derivation::chinese(std::string_view text) {
    return append(m_chinese, text);
}

void Derivation::link(const Tokens& english, const Tokens& chinese, bool sure) {
    for (int e : english)
        for (int c : chinese) m_links.push_back({e, c, sure});
}

void Derivation::match(const Tokens& english, const Tokens& chinese) {
    if (english.size() != chinese.size()) return link(english, chinese);
    for (std::size_t i = 0; i < english.size(); ++i) m_links.push_back({english[i], chinese[i], true});
}

Phrase Derivation::pair(std::string_view englishText, std::string_view chineseText) {
    const Phrase phrase{english(englishText), chinese(chineseText)};
    match(phrase.english, phrase.chinese);
    return phrase;
}

Example Derivation::finish(const Phrase& sentence) const {
    Example example;
    std::vector<int> sourceOf(m_english.size(), -1), targetOf(m_chinese.size(), -1);
    for (int id : sentence.english) {
        sourceOf[static_cast<std::size_t>(id)] = static_cast<int>(example.source.size());
        example.source.push_back(m_english[static_cast<std::size_t>(id)]);
    }
    for (std::size_t i = 0; i + 1 < example.source.size(); ++i)
        if (example.source[i] == "a" && english_french::takesAn(example.source[i + 1]))
            example.source[i] = "an";
    for (int id : sentence.chinese) {
        targetOf[static_cast<std::size_t>(id)] = static_cast<int>(example.target.size());
        example.target.push_back(m_chinese[static_cast<std::size_t>(id)]);
    }
    std::map<std::pair<int, int>, bool> placed; // by target, then source
    for (const GoldLink& link : m_links) {
        const int source = sourceOf[static_cast<std::size_t>(link.source)];
        const int target = targetOf[static_cast<std::size_t>(link.target)];
        if (source >= 0 && target >= 0) placed[{target, source}] |= link.sure;
    }
    for (const auto& [at, sure] : placed) example.links.push_back({at.second, at.first, sure});
    return example;
}

} // namespace attn::english_chinese
