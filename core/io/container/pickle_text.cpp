// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>

#include "core/io/container/pickle_machine.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

/// The number of `count` digits at the start of the text.
std::optional<std::uint32_t> digits(std::string_view text, std::size_t count, int base) {
    std::uint32_t value = 0;
    if (text.size() < count) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value, base);
    if (error != std::errc() || end != text.data() + count) return std::nullopt;
    return value;
}

} // namespace

std::string decimalOf(std::string_view twosComplement) {
    std::vector<std::uint32_t> words((twosComplement.size() + 3) / 4, 0);
    const bool negative =
        !twosComplement.empty() && static_cast<unsigned char>(twosComplement.back()) >= 0x80;
    for (std::size_t i = 0; i < words.size() * 4; ++i) {
        std::uint32_t byte = i < twosComplement.size() ? static_cast<unsigned char>(twosComplement[i])
                             : negative                ? 0xFF
                                                       : 0;
        words[i / 4] |= byte << i % 4 * 8;
    }
    if (negative) { // -x = ~x + 1
        std::uint64_t carry = 1;
        for (std::uint32_t& word : words) {
            carry += ~word;
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
    }
    std::string reversed;
    while (!words.empty() && words.back() == 0) words.pop_back();
    while (!words.empty()) {
        std::uint64_t rest = 0;
        for (std::size_t i = words.size(); i-- > 0;) {
            rest = rest << 32 | words[i];
            words[i] = static_cast<std::uint32_t>(rest / 1'000'000'000);
            rest %= 1'000'000'000;
        }
        while (!words.empty() && words.back() == 0) words.pop_back();
        for (int i = 0; i < 9 && (rest > 0 || !words.empty()); ++i, rest /= 10)
            reversed += static_cast<char>('0' + rest % 10);
    }
    if (reversed.empty()) return "0";
    if (negative) reversed += '-';
    return {reversed.rbegin(), reversed.rend()};
}

std::optional<std::string> unquoted(std::string_view literal) {
    if (literal.size() < 2 || literal.front() != literal.back() ||
        (literal.front() != '\'' && literal.front() != '"'))
        return std::nullopt;
    literal = literal.substr(1, literal.size() - 2);
    std::string text;
    while (!literal.empty()) {
        const std::size_t plain = std::min(literal.find('\\'), literal.size());
        text += literal.substr(0, plain);
        literal.remove_prefix(plain);
        if (literal.empty()) break;
        if (literal.size() < 2) return std::nullopt;
        const char escape = literal[1];
        literal.remove_prefix(2);
        constexpr std::string_view letters = "abfnrtv\\'\"", meanings = "\a\b\f\n\r\t\v\\'\"";
        if (const std::size_t at = letters.find(escape); at != std::string_view::npos) {
            text += meanings[at];
        } else if (escape == 'x') {
            const auto byte = digits(literal, 2, 16);
            if (!byte) return std::nullopt;
            text += static_cast<char>(*byte);
            literal.remove_prefix(2);
        } else if (escape >= '0' && escape <= '7') {
            std::uint32_t byte = static_cast<std::uint32_t>(escape - '0');
            for (int i = 0; i < 2 && !literal.empty() && literal[0] >= '0' && literal[0] <= '7'; ++i) {
                byte = byte * 8 + static_cast<std::uint32_t>(literal[0] - '0');
                literal.remove_prefix(1);
            }
            text += static_cast<char>(byte & 0xFF);
        } else {
            text += '\\';
            text += escape;
        }
    }
    return text;
}

std::string unescaped(std::string_view rawUnicodeEscape) {
    std::string text;
    std::string_view rest = rawUnicodeEscape;
    while (!rest.empty()) {
        const bool isShort = rest.starts_with("\\u");
        if (isShort || rest.starts_with("\\U")) {
            const std::size_t count = isShort ? 4 : 8;
            if (auto c = digits(rest.substr(2), count, 16)) {
                rest.remove_prefix(2 + count);
                // Two surrogates are one character, as Python 2 wrote those beyond U+FFFF.
                if (*c >= 0xD800 && *c < 0xDC00 && rest.starts_with("\\u"))
                    if (const auto low = digits(rest.substr(2), 4, 16);
                        low && *low >= 0xDC00 && *low < 0xE000) {
                        *c = 0x10000 + ((*c - 0xD800) << 10) + (*low - 0xDC00);
                        rest.remove_prefix(6);
                    }
                appendUtf8(text, *c);
                continue;
            }
        }
        appendUtf8(text, static_cast<unsigned char>(rest.front()));
        rest.remove_prefix(1);
    }
    return text;
}

} // namespace attn
