// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_text.h"

namespace attn {

/// A token and where it stands: bytes [begin, end) of the surface text. `text` equals that
/// stretch except that a typographic apostrophe is written '.
struct Token {
    std::string text;
    int begin = 0;
    int end = 0;

    bool operator==(const Token&) const = default;
};

enum class TokeniserKind {
    Whitespace, ///< stretches between blanks
    Words,      ///< those, with punctuation and elided French forms (l', qu') split off
    Characters, ///< one character each, blanks too; combining marks stay with their base
};

template <>
struct EnumNames<TokeniserKind> {
    static constexpr std::array names{std::pair{TokeniserKind::Whitespace, std::string_view("whitespace")},
                                      std::pair{TokeniserKind::Words, std::string_view("words")},
                                      std::pair{TokeniserKind::Characters, std::string_view("characters")}};
};

/// Splits UTF-8 text. Throws Error(Data) naming the byte offset where the text is not UTF-8.
std::vector<Token> tokenise(TokeniserKind kind, std::string_view utf8);

/// The texts of the tokens alone.
std::vector<std::string> tokeniseTexts(TokeniserKind kind, std::string_view utf8);

/// The tokens as a person would write them: for words, no blank after an elided form or an opening
/// bracket and none before . , ; : ! ? or a closing bracket. tokenise() gives the tokens back, but
/// for a double quote, whose side is not known and which stands between blanks.
std::string detokenise(TokeniserKind kind, const std::vector<std::string>& tokens);

} // namespace attn
