// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/moses.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"

namespace attn {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> escapes{{{"&", "&amp;"},
                                                                                {"|", "&#124;"},
                                                                                {"<", "&lt;"},
                                                                                {">", "&gt;"},
                                                                                {"'", "&apos;"},
                                                                                {"\"", "&quot;"},
                                                                                {"[", "&#91;"},
                                                                                {"]", "&#93;"}}};

std::string escaped(std::string_view text) {
    std::string all;
    for (const char c : text) {
        const auto found = std::find_if(escapes.begin(), escapes.end(),
                                        [&](const auto& escape) { return escape.first[0] == c; });
        if (found == escapes.end())
            all += c;
        else
            all += found->second;
    }
    return all;
}

std::string unescaped(std::string_view text) {
    std::string all;
    while (!text.empty()) {
        const auto found = std::find_if(escapes.begin(), escapes.end(),
                                        [&](const auto& escape) { return text.starts_with(escape.second); });
        all += found == escapes.end() ? text.substr(0, 1) : found->first;
        text.remove_prefix(found == escapes.end() ? 1 : found->second.size());
    }
    return all;
}

/// Several full stops in a row and hyphens that were split off are done with: no rule looks at them again.
enum class Role { Plain, Dots, Hyphen };

/// A character of the text and its bytes there. A blank that was put between two has no bytes.
struct Char {
    UChar32 c = ' ';
    int begin = 0, end = 0;
    Role role = Role::Plain;
};
using Chars = std::vector<Char>;
using Test = bool (*)(UChar32);

bool isNumber(UChar32 c) {
    return (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0;
}
bool isLetter(UChar32 c) {
    return u_isUAlphabetic(c);
}
bool isLetterOrDigit(UChar32 c) {
    return u_isUAlphabetic(c) || u_charType(c) == U_DECIMAL_DIGIT_NUMBER;
}
bool isNoNumber(UChar32 c) {
    return !isNumber(c);
}
bool isNoLetter(UChar32 c) {
    return !isLetter(c);
}
bool isNeither(UChar32 c) {
    return !isLetter(c) && !isNumber(c);
}
bool isSmallS(UChar32 c) {
    return c == 's';
}

Chars charsOf(std::string_view utf8) {
    Chars chars;
    const auto size = static_cast<int>(utf8.size());
    for (int at = 0; at < size;) {
        Char next;
        next.begin = at;
        U8_NEXT(utf8.data(), at, size, next.c);
        next.end = at;
        if (next.c == 0x2019) next.c = '\'';
        if (u_isUWhiteSpace(next.c)) next.c = ' ';
        if (next.c >= 0x20) chars.push_back(next);
    }
    return chars;
}

/// The blanks that a rule puts around a mark.
enum class Blanks { Before, After, Around };

void pushMark(Chars& chars, Char mark, Blanks blanks, Role role = Role::Plain) {
    mark.role = role;
    if (blanks != Blanks::After) chars.push_back({});
    chars.push_back(mark);
    if (blanks != Blanks::Before) chars.push_back({});
}

/// Blanks at a mark with such neighbours, from left to right; a right neighbour is not the left one of the
/// next mark.
Chars spaced(const Chars& chars, UChar32 mark, Test left, Test right, Blanks blanks) {
    Chars out;
    for (std::size_t i = 0; i < chars.size(); ++i) {
        out.push_back(chars[i]);
        if (i + 2 >= chars.size() || chars[i + 1].c != mark || !left(chars[i].c) || !right(chars[i + 2].c))
            continue;
        pushMark(out, chars[i + 1], blanks);
        out.push_back(chars[i + 2]);
        i += 2;
    }
    return out;
}

/// Every mark that `where(chars, i)` says stands alone.
template <typename Where>
Chars alone(const Chars& chars, Where&& where, Role role = Role::Plain) {
    Chars out;
    for (std::size_t i = 0; i < chars.size(); ++i)
        if (where(chars, i))
            pushMark(out, chars[i], Blanks::Around, role);
        else
            out.push_back(chars[i]);
    return out;
}

Chars splitSymbols(const Chars& chars) {
    return alone(chars, [](const Chars& all, std::size_t i) {
        const UChar32 c = all[i].c;
        return !isLetterOrDigit(c) && c != ' ' && c != '.' && c != '\'' && c != '`' && c != ',' && c != '-';
    });
}

bool isHyphen(const Chars& all, std::size_t i) {
    return all[i].c == '-' && i > 0 && isLetterOrDigit(all[i - 1].c) && i + 1 < all.size() &&
           isLetterOrDigit(all[i + 1].c);
}

Chars splitHyphens(const Chars& chars) {
    return alone(chars, isHyphen, Role::Hyphen);
}

Chars splitDots(const Chars& chars) {
    Chars out;
    for (std::size_t i = 0; i < chars.size(); ++i) {
        std::size_t end = i;
        while (end < chars.size() && chars[end].c == '.') ++end;
        if (end - i < 2) {
            out.push_back(chars[i]);
            continue;
        }
        out.push_back({});
        for (; i < end; ++i) {
            out.push_back(chars[i]);
            out.back().role = Role::Dots;
        }
        out.push_back({});
        --i;
    }
    return out;
}

/// Within numbers alone a comma stays: 5,300.
Chars splitCommas(const Chars& chars) {
    return alone(chars, [](const Chars& all, std::size_t i) {
        return all[i].c == ',' &&
               ((i > 0 && isNoNumber(all[i - 1].c)) || i + 1 == all.size() || isNoNumber(all[i + 1].c));
    });
}

Chars splitApostrophes(Chars chars, Apostrophe apostrophe) {
    if (apostrophe == Apostrophe::Alone)
        return alone(chars, [](const Chars& all, std::size_t i) { return all[i].c == '\''; });
    chars = spaced(chars, '\'', isNoLetter, isNoLetter, Blanks::Around);
    if (apostrophe == Apostrophe::Right) {
        chars = spaced(chars, '\'', isNeither, isLetter, Blanks::Around);
        chars = spaced(chars, '\'', isLetter, isNoLetter, Blanks::Around);
        chars = spaced(chars, '\'', isLetter, isLetter, Blanks::Before);
        return spaced(chars, '\'', isNumber, isSmallS, Blanks::Before); // the 1990's
    }
    chars = spaced(chars, '\'', isNoLetter, isLetter, Blanks::Around);
    chars = spaced(chars, '\'', isLetter, isNoLetter, Blanks::Around);
    return spaced(chars, '\'', isLetter, isLetter, Blanks::After);
}

std::vector<Chars> wordsOf(const Chars& chars) {
    std::vector<Chars> words(1);
    for (const Char& c : chars)
        if (c.c != ' ')
            words.back().push_back(c);
        else if (!words.back().empty())
            words.emplace_back();
    if (words.back().empty()) words.pop_back();
    return words;
}

bool isTitle(const Chars& word) {
    std::string text;
    for (const Char& c : word) text += c.c < 0x80 ? static_cast<char>(c.c) : '?';
    if (text.size() == 1) return text[0] >= 'A' && text[0] <= 'Z';
    for (const char* const title :
         {"Mr",   "Mrs",  "Ms",  "Dr",  "Prof", "St",  "Sr",  "Jr",  "Gen",    "Col",
          "Capt", "Lt",   "Sgt", "Gov", "Sen",  "Rep", "Rev", "Hon", "Messrs", "Mmes",
          "Mme",  "Mlle", "MM",  "Hr",  "Fr",   "Nr",  "vs",  "etc"})
        if (text == title) return true;
    return false;
}

/// Whether the full stop at the end of words[i] stays there.
bool keepsStop(const std::vector<Chars>& words, std::size_t i) {
    const Chars stem(words[i].begin(), words[i].end() - 1);
    if (i + 1 == words.size()) return false;
    const auto any = [&](auto&& test) { return std::any_of(stem.begin(), stem.end(), test); };
    if (any([](const Char& c) { return c.c == '.'; }) && any([](const Char& c) { return isLetter(c.c); }))
        return true;
    return isTitle(stem) || u_isULowercase(words[i + 1].front().c);
}

std::vector<Chars> splitStops(const std::vector<Chars>& words) {
    std::vector<Chars> out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Chars& word = words[i];
        const std::size_t size = word.size();
        // At the end of the text no rule for apostrophes has seen the last one.
        if (i + 1 == words.size() && size > 1 && word[size - 1].c == '\'' && word[size - 2].c == '.') {
            if (size > 2) out.emplace_back(word.begin(), word.end() - 2);
            out.push_back({word[size - 2]});
            out.push_back({word[size - 1]});
        } else if (size < 2 || word.back().c != '.' || word.back().role == Role::Dots ||
                   keepsStop(words, i)) {
            out.push_back(word);
        } else {
            out.emplace_back(word.begin(), word.end() - 1);
            out.push_back({word.back()});
        }
    }
    return out;
}

bool isOneOf(std::string_view text, std::string_view marks) {
    return text.size() == 1 && marks.find(text[0]) != std::string_view::npos;
}

bool startsWithLetter(std::string_view text) {
    int at = 0;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, static_cast<int>(text.size()), c);
    return c >= 0 && isLetter(c);
}

bool endsWithLetter(std::string_view text) {
    auto at = static_cast<int>(text.size());
    UChar32 c = 0;
    U8_PREV(text.data(), 0, at, c);
    return c >= 0 && isLetter(c);
}

/// 's, 're; l', aujourd'.
bool leansLeft(std::string_view text) {
    return text.size() > 1 && text[0] == '\'' && startsWithLetter(text.substr(1));
}
bool leansRight(std::string_view text) {
    return text.size() > 1 && text.back() == '\'' && endsWithLetter(text.substr(0, text.size() - 1));
}

} // namespace

MosesRules mosesRulesOf(const Vocabulary& vocabulary) {
    MosesRules rules;
    rules.hyphens = vocabulary.contains("@-@");
    int right = 0, left = 0, alone = 0;
    for (const std::string& token : vocabulary.tokens()) {
        const std::string plain = unescaped(token);
        rules.escapes = rules.escapes || plain != token;
        right += leansLeft(plain);
        left += leansRight(plain);
        alone += plain == "'";
        if (rules.hyphens) {
            const Chars chars = charsOf(token);
            for (std::size_t i = 0; i < chars.size(); ++i)
                rules.hyphens = rules.hyphens && !isHyphen(chars, i);
        }
    }
    if (left > right)
        rules.apostrophe = Apostrophe::Left;
    else if (right == 0 && alone > 0)
        rules.apostrophe = Apostrophe::Alone;
    return rules;
}

std::vector<Token> mosesTokens(std::string_view utf8, const MosesRules& rules) {
    Chars chars = splitSymbols(charsOf(utf8));
    if (rules.hyphens) chars = splitHyphens(chars);
    chars = splitApostrophes(splitCommas(splitDots(chars)), rules.apostrophe);
    std::vector<Token> tokens;
    for (const Chars& word : splitStops(wordsOf(chars))) {
        Token token{"", word.front().begin, word.back().end};
        for (const Char& c : word)
            token.text += c.c == '\'' ? std::string_view("'")
                                      : utf8.substr(static_cast<std::size_t>(c.begin),
                                                    static_cast<std::size_t>(c.end - c.begin));
        if (rules.escapes) token.text = escaped(token.text);
        if (word.front().role == Role::Hyphen) token.text = "@-@";
        tokens.push_back(std::move(token));
    }
    return tokens;
}

std::vector<JoinedToken> joinedMoses(const std::vector<std::string>& tokens, const MosesRules& rules) {
    std::vector<JoinedToken> joined;
    bool open[2] = {false, false}; // within "..." and '...'
    bool glue = true;              // what comes next follows without a blank
    for (const std::string& token : tokens) {
        JoinedToken next{unescaped(token), !glue};
        glue = false;
        if (token == "@-@") {
            next = {"-", false};
            glue = true;
        } else if (isOneOf(next.text, ".,;:!?%)]}") || next.text.starts_with("..")) {
            next.blank = false;
        } else if (isOneOf(next.text, "([{$")) {
            glue = true;
        } else if (isOneOf(next.text, "\"'")) {
            bool& within = open[next.text == "'"];
            if (within) next.blank = false;
            glue = !within;
            within = !within;
        } else if (rules.apostrophe == Apostrophe::Right && leansLeft(next.text)) {
            next.blank = false;
        } else if (rules.apostrophe == Apostrophe::Left && leansRight(next.text)) {
            glue = true;
        }
        joined.push_back(std::move(next));
    }
    return joined;
}

} // namespace attn
