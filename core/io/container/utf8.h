// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace attn {

/// Bytes of the character of UTF-8 (RFC 3629) that the text begins with, 0 if it begins with none.
std::size_t characterBytes(std::string_view text);
bool isUtf8(std::string_view bytes);
/// The text with U+FFFD in place of every byte that is not UTF-8.
std::string soundUtf8(std::string_view bytes);
/// Appends a character; U+FFFD for what is none (a lone surrogate, beyond U+10FFFF).
void appendUtf8(std::string& text, std::uint32_t character);
/// The Latin-1 of UTF-8; nothing if a character is none of its 256.
std::optional<std::string> utf8ToLatin1(std::string_view text);

} // namespace attn
