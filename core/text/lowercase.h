// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// A text in lower case, and where each byte of it comes from.
struct LoweredText {
    std::string text;
    /// For each byte of `text` the byte of the original at which its code point starts; one more, the
    /// original's size, at the end.
    std::vector<int> origin;
};

/// Lower-cases each code point by itself (Unicode's simple mapping, independent of language), so that
/// lowering parts of a text gives the parts of the lowered text. The text must be UTF-8.
LoweredText loweredText(std::string_view utf8);
std::string lowered(std::string_view utf8);

} // namespace attn
