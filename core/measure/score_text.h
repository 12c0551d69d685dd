// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/enum_text.h"

namespace attn {

/// How BLEU splits a text into words; the names are sacrebleu's.
///   13a   mteval-v13a, WMT's: punctuation split off, but for apostrophes, hyphens not after a digit, and
///         points and commas between digits; &quot; &amp; &lt; &gt; are read as what they stand for
///   none  at blanks alone
///   char  every character that is not blank
///   zh    every Chinese character by itself, the rest as 13a but for the &...;
enum class ScoreTokens { Mteval13a, None, Characters, Chinese };
template <>
struct EnumNames<ScoreTokens> {
    static constexpr std::array names{
        std::pair{ScoreTokens::Mteval13a, std::string_view("13a")},
        std::pair{ScoreTokens::None, std::string_view("none")},
        std::pair{ScoreTokens::Characters, std::string_view("char")},
        std::pair{ScoreTokens::Chinese, std::string_view("zh")},
    };
};

/// A text as items, words or characters, one after the other; an n-gram is a stretch of `joined`.
class ItemRow {
public:
    /// Joined by single blanks, which no item may hold.
    static ItemRow ofWords(const std::vector<std::string>& words);
    /// The characters (code points) of a text without its blanks.
    static ItemRow ofCharacters(std::string_view utf8);

    int size() const { return static_cast<int>(m_begins.size()); }
    /// How often each stretch of n items occurs. The keys live as long as the row stays where it is.
    std::unordered_map<std::string_view, int> counts(int n) const;

private:
    std::string m_joined;
    std::vector<std::size_t> m_begins, m_ends;
};

/// The words of a text as BLEU counts them. The text has to be UTF-8.
std::vector<std::string> scoreWords(ScoreTokens tokens, std::string_view utf8);
/// A text's words for chrF's word n-grams: at blanks, one ASCII punctuation mark split off at a word's end
/// or, if none is there, at its beginning (Popovic 2017).
std::vector<std::string> chrfWords(std::string_view utf8);
/// Whether the text holds a character of Chinese writing.
bool holdsChinese(std::string_view utf8);

} // namespace attn
