// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/derivation.h"

#include <algorithm>
#include <sstream>

#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_french {
Phrase& Phrase::operator+=(const Phrase& other) {
    english.insert(english.end(), other.english.begin(), other.english.end());
    french.insert(french.end(), other.french.begin(), other.french.end());
    return *this;
}

int Derivation::english(std::string_view text) {
    m_english.emplace_back(text);
    return static_cast<int>(m_english.size()) - 1;
}

int Derivation::french(std::string_view text, std::string_view prevocalic, Role role) {
    m_french.push_back({std::string(text), std::string(prevocalic), role});
    return static_cast<int>(m_french.size()) - 1;
}

void Derivation::link(int english, int french, bool sure) {
    m_links.push_back({english, french, sure});
}

Phrase Derivation::pair(std::string_view englishText, std::string_view frenchText) {
    const Phrase phrase{{english(englishText)}, {french(frenchText)}};
    link(phrase.english[0], phrase.french[0]);
    return phrase;
}

Phrase Derivation::pairs(std::string_view englishText, std::string_view frenchText, std::string_view links) {
    Phrase phrase;
    for (const std::string& token : tokensOf(englishText)) phrase.english.push_back(english(token));
    for (const std::string& token : tokensOf(frenchText))
        phrase.french.push_back(token == "de" ? french("de", "d'", Role::De) : french(token));
    for (const std::string& text : tokensOf(links.empty() ? "0-0" : links)) {
        std::istringstream parts(text);
        int from = 0, to = 0;
        char kind = 0;
        parts >> from >> kind >> to;
        link(phrase.english.at(static_cast<std::size_t>(from)),
             phrase.french.at(static_cast<std::size_t>(to)), kind == '-');
    }
    return phrase;
}

Example Derivation::finish(const Phrase& sentence) const {
    Example example;
    std::vector<int> sourceOf(m_english.size(), -1), targetOf(m_french.size(), -1);
    for (std::size_t i = 0; i < sentence.english.size(); ++i) {
        const auto id = static_cast<std::size_t>(sentence.english[i]);
        sourceOf[id] = static_cast<int>(i);
        const bool an = m_english[id] == "a" && i + 1 < sentence.english.size() &&
                        takesAn(m_english[static_cast<std::size_t>(sentence.english[i + 1])]);
        example.source.push_back(an ? "an" : m_english[id]);
    }
    for (std::size_t i = 0; i < sentence.french.size(); ++i) {
        const auto id = static_cast<std::size_t>(sentence.french[i]);
        const FrenchToken& token = m_french[id];
        const FrenchToken* next = i + 1 < sentence.french.size()
                                      ? &m_french[static_cast<std::size_t>(sentence.french[i + 1])]
                                      : nullptr;
        const FrenchToken* after = i + 2 < sentence.french.size()
                                       ? &m_french[static_cast<std::size_t>(sentence.french[i + 2])]
                                       : nullptr;
        targetOf[id] = static_cast<int>(example.target.size());
        const bool contracts = (token.role == Role::De || token.role == Role::A) && next &&
                               (next->role == Role::Les || (next->role == Role::Le && next->text == "le" &&
                                                            !(after && elides(after->text))));
        if (contracts) {
            const bool plural = next->role == Role::Les;
            example.target.push_back(token.role == Role::De ? (plural ? "des" : "du")
                                                            : (plural ? "aux" : "au"));
            targetOf[static_cast<std::size_t>(sentence.french[++i])] =
                static_cast<int>(example.target.size()) - 1;
        } else if (token.text == "si" && next && (next->text == "il" || next->text == "ils")) {
            example.target.push_back("s'");
        } else {
            example.target.push_back(
                !token.prevocalic.empty() && next && elides(next->text) ? token.prevocalic : token.text);
        }
    }
    for (const GoldLink& link : m_links) {
        const GoldLink placed{sourceOf[static_cast<std::size_t>(link.source)],
                              targetOf[static_cast<std::size_t>(link.target)], link.sure};
        if (placed.source < 0 || placed.target < 0) continue;
        const auto same = std::find_if(example.links.begin(), example.links.end(), [&](const GoldLink& l) {
            return l.source == placed.source && l.target == placed.target;
        });
        if (same == example.links.end())
            example.links.push_back(placed);
        else
            same->sure = same->sure || placed.sure;
    }
    std::sort(example.links.begin(), example.links.end(), [](const GoldLink& a, const GoldLink& b) {
        return std::pair(a.target, a.source) < std::pair(b.target, b.source);
    });
    return example;
}

} // namespace attn::english_french
