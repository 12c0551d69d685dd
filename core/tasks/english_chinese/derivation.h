// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/task.h"

namespace attn::english_chinese {

/// Numbers of tokens of one side of a Derivation.
using Tokens = std::vector<int>;

inline Tokens& operator+=(Tokens& tokens, const Tokens& more) {
    tokens.insert(tokens.end(), more.begin(), more.end());
    return tokens;
}

/// Part of a sentence on both sides, each in its own order.
struct Phrase {
    Tokens english;
    Tokens chinese;

    Phrase& operator+=(const Phrase& other);
};

/// The tokens and links of one sentence while it grows. Phrases may put them in any order.
class Derivation {
public:
    /// Adds the tokens of a text, which are separated by blanks; none for an empty text.
    Tokens english(std::string_view text);
    Tokens chinese(std::string_view text);
    /// Each of these English tokens with each of these Chinese ones.
    void link(const Tokens& english, const Tokens& chinese, bool sure = true);
    void possible(const Tokens& english, const Tokens& chinese) { link(english, chinese, false); }
    /// In order where there are as many on both sides, otherwise each with each; surely.
    void match(const Tokens& english, const Tokens& chinese);
    /// A text on each side, matched.
    Phrase pair(std::string_view english, std::string_view chinese);

    /// The finished example; "a" becomes "an" where it should. Links of tokens left out are dropped.
    Example finish(const Phrase& sentence) const;

private:
    std::vector<std::string> m_english, m_chinese;
    std::vector<GoldLink> m_links;
};

} // namespace attn::english_chinese
