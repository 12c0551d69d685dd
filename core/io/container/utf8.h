// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace attn {

/// Length in bytes of the UTF-8 character (RFC 3629) at the start of the text, 0 if there is none.
std::size_t characterBytes(std::string_view text);
bool isUtf8(std::string_view bytes);
/// The text with U+FFFD in place of every byte that is not UTF-8.
std::string soundUtf8(std::string_view bytes);
/// Appends a character; U+FFFD for an invalid one (a lone surrogate, beyond U+10FFFF).
void appendUtf8(std::string& text, std::uint32_t character);
/// Converts UTF-8 to Latin-1; nothing if a character is not among its 256.
std::optional<std::string> utf8ToLatin1(std::string_view text);

} // namespace attn
