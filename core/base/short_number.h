// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <string>

namespace attn {

/// A number for a message, with five digits: "0.0125", "2.7183", "1e+06"; whatever the locale.
inline std::string shortNumber(double x) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, x, std::chars_format::general, 5).ptr};
}

} // namespace attn
