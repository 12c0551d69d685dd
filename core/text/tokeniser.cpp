// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/tokeniser.h"

#include <cstdint>
#include <optional>

#include "core/base/error.h"
#include "core/text/lowercase.h"

namespace attn {
namespace {

constexpr std::string_view typographicApostrophe = "\xE2\x80\x99";

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;
};

/// The code point at `at`; none where the bytes there are not UTF-8 (RFC 3629).
std::optional<CodePoint> decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) return CodePoint{first, 1};
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + bytes > text.size()) return std::nullopt;
    std::uint32_t value = first & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
        value = (value << 6) | (byte(at + i) & 0x3Fu);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[bytes] || value > 0x10FFFF || surrogate) return std::nullopt;
    return CodePoint{value, bytes};
}

bool isBlank(std::uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x202F || (c >= 0x2000 && c <= 0x200A);
}

bool isCombining(std::uint32_t c) {
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
           (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

std::vector<Token> characters(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = *decode(text, at);
        const int begin = static_cast<int>(at), end = static_cast<int>(at + c.bytes);
        if (isCombining(c.value) && !tokens.empty()) {
            tokens.back().text += text.substr(at, c.bytes);
            tokens.back().end = end;
        } else {
            tokens.push_back({std::string(text.substr(at, c.bytes)), begin, end});
        }
        at += c.bytes;
    }
    return tokens;
}

bool isSpace(std::uint32_t c) {
    return c == ' ' || c == '\n' || c == '\r'; // within a line there is the first alone
}

using BlankTest = bool (*)(std::uint32_t);

/// What parts words: for some kinds the space alone.
BlankTest blankOf(TokeniserKind kind) {
    return kind == TokeniserKind::Spaces || kind == TokeniserKind::Bpe ? isSpace : isBlank;
}

/// Stretches between blanks, one after the other: text[begin, end).
struct Stretches {
    std::string_view text;
    BlankTest blank;
    std::size_t begin = 0, end = 0;

    /// Goes to the next one, if there is.
    bool next() {
        for (begin = end; begin < text.size() && blank(at(begin).value);) begin += at(begin).bytes;
        for (end = begin; end < text.size() && !blank(at(end).value);) end += at(end).bytes;
        return begin < end;
    }
    /// Tokens of a vocabulary may be anything.
    CodePoint at(std::size_t place) const { return decode(text, place).value_or(CodePoint{0xFFFD, 1}); }
};

std::vector<Token> stretches(std::string_view text, BlankTest blank) {
    std::vector<Token> tokens;
    for (Stretches found{text, blank}; found.next();)
        tokens.push_back({std::string(text.substr(found.begin, found.end - found.begin)),
                          static_cast<int>(found.begin), static_cast<int>(found.end)});
    return tokens;
}

/// Tells tokens, which follow one another in the text, what words they are of. One that stands for the blank
/// before a word is of that word.
void findWords(std::string_view text, BlankTest blank, std::vector<Token>& tokens) {
    Stretches word{text, blank};
    int number = 0;
    bool there = word.next();
    for (Token& token : tokens) {
        const auto begin = static_cast<std::size_t>(token.begin), end = static_cast<std::size_t>(token.end);
        for (; there && word.end <= begin; ++number) there = word.next();
        if (there && (word.begin < end || word.begin == begin)) token.word = number;
    }
}

bool isPunctuation(char c) {
    return std::string_view(".,;:!?()\"").find(c) != std::string_view::npos;
}

std::size_t apostropheAt(std::string_view text, std::size_t at) {
    if (at < text.size() && text[at] == '\'') return 1;
    return text.substr(at).starts_with(typographicApostrophe) ? typographicApostrophe.size() : 0;
}

std::string asciiLower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

bool isElided(std::string_view stem) {
    const std::string lower = asciiLower(stem);
    for (std::string_view form :
         {"l", "d", "j", "m", "n", "s", "t", "c", "qu", "lorsqu", "puisqu", "quoiqu", "jusqu"})
        if (lower == form) return true;
    return false;
}

/// Bytes of an elided form with its apostrophe at the head of the text, 0 where there is none.
std::size_t elidedPrefix(std::string_view text) {
    for (std::size_t at = 1; at <= 6 && at < text.size(); ++at)
        if (const std::size_t mark = apostropheAt(text, at))
            return isElided(text.substr(0, at)) ? at + mark : 0;
    return 0;
}

std::string plainApostrophes(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t mark = apostropheAt(text, at);
        plain += mark ? '\'' : text[at];
        at += mark ? mark : 1;
    }
    return plain;
}

std::vector<Token> words(std::string_view text) {
    std::vector<Token> tokens;
    for (const Token& stretch : stretches(text, isBlank)) {
        std::size_t begin = static_cast<std::size_t>(stretch.begin),
                    end = static_cast<std::size_t>(stretch.end);
        const auto add = [&](std::size_t from, std::size_t to) {
            tokens.push_back({plainApostrophes(text.substr(from, to - from)), static_cast<int>(from),
                              static_cast<int>(to)});
        };
        std::size_t tail = end;
        while (tail > begin && isPunctuation(text[tail - 1])) --tail;
        while (begin < tail) {
            std::size_t length = isPunctuation(text[begin]) ? 1 : 0;
            if (length == 0) length = elidedPrefix(text.substr(begin, tail - begin));
            if (length == 0) break;
            add(begin, begin + length);
            begin += length;
        }
        if (begin < tail) add(begin, tail);
        for (; tail < end; ++tail) add(tail, tail + 1);
    }
    return tokens;
}

/// Characters and words that stand between blanks.
std::vector<JoinedToken> joinedWords(TokeniserKind kind, const std::vector<std::string>& tokens) {
    std::vector<JoinedToken> joined;
    bool joins = true; // the next token follows without a blank
    for (const std::string& token : tokens) {
        const bool closing =
            token.size() == 1 && std::string_view(".,;:!?)").find(token[0]) != std::string_view::npos;
        const bool words = kind == TokeniserKind::Words;
        joined.push_back({token, !joins && kind != TokeniserKind::Characters && !(words && closing)});
        const bool elided =
            token.size() > 1 && token.back() == '\'' && isElided(token.substr(0, token.size() - 1));
        joins = words && (elided || token == "(");
    }
    return joined;
}

std::vector<JoinedToken> joinedPieces(const std::vector<std::string>& tokens) {
    std::vector<JoinedToken> joined;
    bool first = true; // no blank before the text
    for (const std::string& token : tokens) {
        JoinedToken next{"", false};
        for (std::size_t at = 0; at < token.size();) {
            const bool blank = std::string_view(token).substr(at).starts_with(pieceBlank);
            if (blank && next.text.empty() && !next.blank)
                next.blank = !first;
            else if (!blank || !first)
                next.text += blank ? ' ' : token[at];
            first = first && next.text.empty();
            at += blank ? pieceBlank.size() : 1;
        }
        joined.push_back(std::move(next));
    }
    return joined;
}

std::vector<JoinedToken> joinedBpe(const std::vector<std::string>& tokens, std::string_view separator) {
    std::vector<JoinedToken> joined;
    bool joins = true;
    for (const std::string& token : tokens) {
        const bool goesOn = token.ends_with(separator);
        joined.push_back({token.substr(0, token.size() - (goesOn ? separator.size() : 0)), !joins});
        joins = goesOn;
    }
    return joined;
}

std::vector<JoinedToken> joinedTokens(TokeniserKind kind, const std::vector<std::string>& tokens) {
    switch (kind) {
        case TokeniserKind::SentencePiece:
            return joinedPieces(tokens);
        case TokeniserKind::Moses:
            return joinedMoses(tokens, {});
        case TokeniserKind::Bpe:
            return joinedBpe(tokens, bpeSeparator);
        default:
            return joinedWords(kind, tokens);
    }
}

std::string textOf(const std::vector<JoinedToken>& joined) {
    std::string text;
    for (const JoinedToken& token : joined) text += (token.blank ? " " : "") + token.text;
    return text;
}

std::vector<int> wordsOf(TokeniserKind kind, const std::vector<JoinedToken>& joined) {
    std::string text;
    std::vector<Token> tokens;
    for (const JoinedToken& token : joined) {
        if (token.blank) text += ' ';
        const auto begin = static_cast<int>(text.size());
        text += token.text;
        tokens.push_back({"", begin, static_cast<int>(text.size())});
    }
    findWords(text, blankOf(kind), tokens);
    std::vector<int> words;
    for (const Token& token : tokens) words.push_back(token.word);
    return words;
}

} // namespace

void checkUtf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::optional<CodePoint> c = decode(text, at);
        if (!c)
            throw Error(ErrorKind::Data, "the text is not UTF-8 at byte " + std::to_string(at) +
                                             "; save or paste it as UTF-8 and try again");
        at += c->bytes;
    }
}

std::vector<Token> tokenise(TokeniserKind kind, std::string_view utf8) {
    return Tokeniser(kind).tokenise(utf8);
}

std::vector<std::string> tokeniseTexts(TokeniserKind kind, std::string_view utf8) {
    return Tokeniser(kind).tokeniseTexts(utf8);
}

std::string detokenise(TokeniserKind kind, const std::vector<std::string>& tokens) {
    return textOf(joinedTokens(kind, tokens));
}

std::vector<int> wordsOfPieces(TokeniserKind kind, const std::vector<std::string>& tokens) {
    return wordsOf(kind, joinedTokens(kind, tokens));
}

Tokeniser::Tokeniser(TokeniserKind kind, bool lowercase, SentencePiecePtr pieces, BpeCodesPtr codes,
                     const MosesRules& rules)
    : m_kind(kind),
      m_lowercase(lowercase),
      m_pieces(std::move(pieces)),
      m_codes(std::move(codes)),
      m_rules(rules) {
    const auto goTogether = [&](TokeniserKind wanted, bool there, const std::string& what) {
        if ((kind == wanted) == there) return;
        const std::string name(toText(kind));
        throw Error(ErrorKind::Argument, there ? what + " go with another tokeniser than " + name
                                               : "the tokeniser " + name + " needs " + what);
    };
    goTogether(TokeniserKind::SentencePiece, m_pieces != nullptr, "a SentencePiece model's pieces");
    goTogether(TokeniserKind::Bpe, m_codes != nullptr, "BPE codes");
}

std::vector<Token> Tokeniser::tokenise(std::string_view utf8) const {
    checkUtf8(utf8);
    std::vector<Token> tokens;
    if (makesPieces(m_kind)) {
        const auto pieces = [&](std::string_view text) {
            return m_pieces ? m_pieces->tokenise(text) : m_codes->tokenise(text);
        };
        if (!m_lowercase) {
            tokens = pieces(utf8);
        } else {
            const LoweredText lower = loweredText(utf8);
            tokens = pieces(lower.text);
            for (Token& token : tokens) {
                token.begin = lower.origin[static_cast<std::size_t>(token.begin)];
                token.end = lower.origin[static_cast<std::size_t>(token.end)];
            }
        }
    } else {
        tokens = m_kind == TokeniserKind::Words        ? words(utf8)
                 : m_kind == TokeniserKind::Characters ? characters(utf8)
                 : m_kind == TokeniserKind::Moses      ? mosesTokens(utf8, m_rules)
                                                       : stretches(utf8, blankOf(m_kind));
        if (m_lowercase)
            for (Token& token : tokens) token.text = lowered(token.text);
    }
    findWords(utf8, blankOf(m_kind), tokens);
    return tokens;
}

std::vector<std::string> Tokeniser::tokeniseTexts(std::string_view utf8) const {
    std::vector<std::string> texts;
    for (Token& token : tokenise(utf8)) texts.push_back(std::move(token.text));
    return texts;
}

std::vector<JoinedToken> Tokeniser::joined(const std::vector<std::string>& tokens) const {
    if (m_kind == TokeniserKind::Moses) return joinedMoses(tokens, m_rules);
    if (m_kind == TokeniserKind::Bpe) return joinedBpe(tokens, m_codes->separator());
    return joinedTokens(m_kind, tokens);
}

std::string Tokeniser::detokenise(const std::vector<std::string>& tokens) const {
    return textOf(joined(tokens));
}

std::vector<int> Tokeniser::wordsOfPieces(const std::vector<std::string>& tokens) const {
    return wordsOf(m_kind, joined(tokens));
}

} // namespace attn
