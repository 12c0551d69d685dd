// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/task.h"

namespace attn::english_french {

/// Words that the rules of euphony treat by what they are, not by how they are spelt.
enum class Role { Plain, De, A, Le, Les };

/// Part of a sentence on both sides: numbers of tokens of a Derivation, each side in its own order.
struct Phrase {
    std::vector<int> english;
    std::vector<int> french;

    Phrase& operator+=(const Phrase& other);
};

/// The tokens and links of one sentence while it grows. Phrases may put them in any order.
class Derivation {
public:
    int english(std::string_view text);
    /// `prevocalic`: the form before a vowel, where there is one (le l', beau bel).
    int french(std::string_view text, std::string_view prevocalic = "", Role role = Role::Plain);
    void link(int english, int french, bool sure = true);

    /// One token on each side, surely linked.
    Phrase pair(std::string_view english, std::string_view french);
    /// Tokens separated by blanks; links as in Noun: "0-1 1?0", empty for one each.
    Phrase pairs(std::string_view english, std::string_view french, std::string_view links);

    /// The finished example: a or an, elision (l', d', qu'), special forms (bel, cet), contraction (du, aux).
    Example finish(const Phrase& sentence) const;

private:
    struct FrenchToken {
        std::string text, prevocalic;
        Role role;
    };
    std::vector<std::string> m_english;
    std::vector<FrenchToken> m_french;
    std::vector<GoldLink> m_links;
};

} // namespace attn::english_french
