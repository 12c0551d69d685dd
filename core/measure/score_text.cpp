// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/score_text.h"

#include <algorithm>
#include <cstdint>

namespace attn {

namespace {

/// Bytes of the character that starts with this byte.
std::size_t lengthOf(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The code points of valid UTF-8, each with its bytes.
template <typename Take>
void eachCharacter(std::string_view utf8, const Take& take) {
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t length = std::min(lengthOf(utf8[at]), utf8.size() - at);
        const std::string_view bytes = utf8.substr(at, length);
        auto code = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[0]));
        if (length > 1) code &= 0xFFU >> (length + 1);
        for (std::size_t i = 1; i < length; ++i)
            code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
        take(code, bytes);
        at += length;
    }
}

/// Unicode's white space and the four separators of ASCII: what the definition splits at.
bool isBlank(std::uint32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

std::vector<std::string> atBlanks(std::string_view utf8) {
    std::vector<std::string> words;
    bool within = false;
    eachCharacter(utf8, [&](std::uint32_t code, std::string_view bytes) {
        const bool blank = isBlank(code);
        if (!blank && !within) words.emplace_back();
        if (!blank) words.back() += bytes;
        within = !blank;
    });
    return words;
}

/// Without blanks at either end: a point at the beginning then has nothing before it.
std::string_view trimmed(std::string_view utf8) {
    std::size_t begin = utf8.size(), end = 0;
    eachCharacter(utf8, [&](std::uint32_t code, std::string_view bytes) {
        if (isBlank(code)) return;
        const auto at = static_cast<std::size_t>(bytes.data() - utf8.data());
        begin = std::min(begin, at);
        end = at + bytes.size();
    });
    return begin < end ? utf8.substr(begin, end - begin) : std::string_view();
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isPoint(char c) {
    return c == '.' || c == ',';
}

/// ASCII punctuation that always stands alone: all of it but ' , - .
bool standsAlone(char c) {
    return (c >= '!' && c <= '&') || (c >= '(' && c <= '+') || c == '/' || (c >= ':' && c <= '@') ||
           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool isPunctuation(char c) {
    return standsAlone(c) || c == '\'' || c == ',' || c == '-' || c == '.';
}

/// Rewrites from left to right each two neighbours for which `holds` as `rewrite` says; a byte that took part
/// takes part no more.
template <typename Holds, typename Rewrite>
std::string rewritePairs(const std::string& text, const Holds& holds, const Rewrite& rewrite) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i + 1 < text.size() && holds(text[i], text[i + 1])) {
            rewrite(result, text[i], text[i + 1]);
            ++i;
        } else {
            result += text[i];
        }
    }
    return result;
}

/// The rules for Western punctuation, in the definition's order, as each sees what the last has left.
std::vector<std::string> splitPunctuation(std::string_view utf8) {
    std::string text;
    for (const char c : utf8) {
        if (standsAlone(c))
            text.append({' ', c, ' '});
        else
            text += c;
    }
    const auto after = [](std::string& to, char a, char b) { to.append({a, ' ', b, ' '}); };
    const auto before = [](std::string& to, char a, char b) { to.append({' ', a, ' ', b}); };
    text = rewritePairs(
        text, [](char a, char b) { return !isDigit(a) && isPoint(b); }, after);
    text = rewritePairs(
        text, [](char a, char b) { return isPoint(a) && !isDigit(b); }, before);
    text = rewritePairs(
        text, [](char a, char b) { return isDigit(a) && b == '-'; }, after);
    return atBlanks(text);
}

void replaceAll(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

struct Range {
    std::uint32_t first, last;
};

/// Characters that stand alone in zh. sacrebleu's own ranges: what it writes for the ideographs beyond the
/// basic plane comes to mean general punctuation to braille (2001 to 2A6D) and leaves those ideographs out,
/// and figures are only comparable if that is kept.
constexpr Range kStandAlone[] = {{0x2001, 0x2A6D}, {0x2E80, 0x2EFF}, {0x2F00, 0x2FDF}, {0x2FF0, 0x2FFF},
                                 {0x3000, 0x303F}, {0x3100, 0x312F}, {0x31A0, 0x31BF}, {0x31C0, 0x31EF},
                                 {0x3200, 0x33FF}, {0x3400, 0x4DB5}, {0x4E00, 0x9FBB}, {0xF900, 0xFA2D},
                                 {0xFA30, 0xFA6A}, {0xFA70, 0xFAD9}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE4F},
                                 {0xFF00, 0xFFEF}};

/// Ideographs.
constexpr Range kHan[] = {
    {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x2FA1F}, {0x30000, 0x323AF}};

template <std::size_t N>
bool among(const Range (&ranges)[N], std::uint32_t code) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [code](const Range& range) { return code >= range.first && code <= range.last; });
}

} // namespace

ItemRow ItemRow::ofWords(const std::vector<std::string>& words) {
    ItemRow row;
    for (const std::string& word : words) {
        if (!row.m_joined.empty()) row.m_joined += ' ';
        row.m_begins.push_back(row.m_joined.size());
        row.m_joined += word;
        row.m_ends.push_back(row.m_joined.size());
    }
    return row;
}

ItemRow ItemRow::ofCharacters(std::string_view utf8) {
    ItemRow row;
    eachCharacter(utf8, [&](std::uint32_t code, std::string_view bytes) {
        if (isBlank(code)) return;
        row.m_begins.push_back(row.m_joined.size());
        row.m_joined += bytes;
        row.m_ends.push_back(row.m_joined.size());
    });
    return row;
}

std::unordered_map<std::string_view, int> ItemRow::counts(int n) const {
    std::unordered_map<std::string_view, int> counts;
    const std::string_view whole = m_joined;
    for (std::size_t i = 0; i + static_cast<std::size_t>(n) <= m_begins.size(); ++i)
        ++counts[whole.substr(m_begins[i], m_ends[i + static_cast<std::size_t>(n) - 1] - m_begins[i])];
    return counts;
}

std::vector<std::string> scoreWords(ScoreTokens tokens, std::string_view utf8) {
    switch (tokens) {
        case ScoreTokens::None:
            return atBlanks(utf8);
        case ScoreTokens::Characters: {
            std::vector<std::string> words;
            eachCharacter(utf8, [&](std::uint32_t code, std::string_view bytes) {
                if (!isBlank(code)) words.emplace_back(bytes);
            });
            return words;
        }
        case ScoreTokens::Chinese: {
            std::string apart;
            eachCharacter(trimmed(utf8), [&](std::uint32_t code, std::string_view bytes) {
                const std::string_view space = among(kStandAlone, code) ? " " : "";
                apart.append(space).append(bytes).append(space);
            });
            return splitPunctuation(apart);
        }
        case ScoreTokens::Mteval13a:
            break;
    }
    std::string line(utf8);
    replaceAll(line, "<skipped>", "");
    replaceAll(line, "&quot;", "\"");
    replaceAll(line, "&amp;", "&");
    replaceAll(line, "&lt;", "<");
    replaceAll(line, "&gt;", ">");
    return splitPunctuation(" " + line + " ");
}

std::vector<std::string> chrfWords(std::string_view utf8) {
    std::vector<std::string> words;
    for (const std::string& word : atBlanks(utf8)) {
        if (word.size() > lengthOf(word[0]) && isPunctuation(word.back())) {
            words.push_back(word.substr(0, word.size() - 1));
            words.push_back(word.substr(word.size() - 1));
        } else if (word.size() > lengthOf(word[0]) && isPunctuation(word[0])) {
            words.push_back(word.substr(0, 1));
            words.push_back(word.substr(1));
        } else {
            words.push_back(word);
        }
    }
    return words;
}

bool holdsChinese(std::string_view utf8) {
    bool found = false;
    eachCharacter(utf8, [&](std::uint32_t code, std::string_view) { found = found || among(kHan, code); });
    return found;
}

} // namespace attn
