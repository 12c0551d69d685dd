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

std::vector<Token> stretches(std::string_view text) {
    std::vector<Token> tokens;
    bool open = false;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = *decode(text, at);
        if (isBlank(c.value)) {
            open = false;
        } else {
            if (!open) tokens.push_back({"", static_cast<int>(at), 0});
            open = true;
            tokens.back().text += text.substr(at, c.bytes);
            tokens.back().end = static_cast<int>(at + c.bytes);
        }
        at += c.bytes;
    }
    return tokens;
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
    for (const Token& stretch : stretches(text)) {
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
    checkUtf8(utf8);
    switch (kind) {
        case TokeniserKind::Whitespace:
            return stretches(utf8);
        case TokeniserKind::Words:
            return words(utf8);
        case TokeniserKind::Characters:
            return characters(utf8);
        case TokeniserKind::SentencePiece:
            break;
    }
    throw Error(ErrorKind::Bug, "no tokeniser of that kind");
}

std::vector<std::string> tokeniseTexts(TokeniserKind kind, std::string_view utf8) {
    std::vector<std::string> texts;
    for (Token& token : tokenise(kind, utf8)) texts.push_back(std::move(token.text));
    return texts;
}

std::string detokenise(TokeniserKind kind, const std::vector<std::string>& tokens) {
    std::string text;
    if (kind == TokeniserKind::SentencePiece) {
        for (const std::string& token : tokens)
            for (std::size_t at = 0; at < token.size();) {
                const bool blank = std::string_view(token).substr(at).starts_with(pieceBlank);
                if (!blank || !text.empty()) text += blank ? ' ' : token[at];
                at += blank ? pieceBlank.size() : 1;
            }
        return text;
    }
    bool joins = true; // the next token follows without a blank
    for (const std::string& token : tokens) {
        const bool closing =
            token.size() == 1 && std::string_view(".,;:!?)").find(token[0]) != std::string_view::npos;
        const bool words = kind == TokeniserKind::Words;
        if (!joins && kind != TokeniserKind::Characters && !(words && closing)) text += ' ';
        text += token;
        const bool elided =
            token.size() > 1 && token.back() == '\'' && isElided(token.substr(0, token.size() - 1));
        joins = words && (elided || token == "(");
    }
    return text;
}

Tokeniser::Tokeniser(TokeniserKind kind, bool lowercase, SentencePiecePtr pieces)
    : m_kind(kind), m_lowercase(lowercase), m_pieces(std::move(pieces)) {
    if ((kind == TokeniserKind::SentencePiece) != (m_pieces != nullptr))
        throw Error(ErrorKind::Argument,
                    m_pieces
                        ? "a SentencePiece model does not go with the tokeniser " + std::string(toText(kind))
                        : std::string("the tokeniser sentencepiece needs a SentencePiece model"));
}

std::vector<Token> Tokeniser::tokenise(std::string_view utf8) const {
    if (m_kind != TokeniserKind::SentencePiece) {
        std::vector<Token> tokens = attn::tokenise(m_kind, utf8);
        if (m_lowercase)
            for (Token& token : tokens) token.text = lowered(token.text);
        return tokens;
    }
    checkUtf8(utf8);
    if (!m_lowercase) return m_pieces->tokenise(utf8);
    const LoweredText lower = loweredText(utf8);
    std::vector<Token> tokens = m_pieces->tokenise(lower.text);
    for (Token& token : tokens) {
        token.begin = lower.origin[static_cast<std::size_t>(token.begin)];
        token.end = lower.origin[static_cast<std::size_t>(token.end)];
    }
    return tokens;
}

std::vector<std::string> Tokeniser::tokeniseTexts(std::string_view utf8) const {
    std::vector<std::string> texts;
    for (Token& token : tokenise(utf8)) texts.push_back(std::move(token.text));
    return texts;
}

std::string Tokeniser::detokenise(const std::vector<std::string>& tokens) const {
    return attn::detokenise(m_kind, tokens);
}

} // namespace attn
