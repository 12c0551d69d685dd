// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/lowercase.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace attn {

LoweredText loweredText(std::string_view utf8) {
    LoweredText lower;
    lower.text.reserve(utf8.size());
    const auto size = static_cast<int32_t>(utf8.size());
    for (int32_t at = 0; at < size;) {
        const int32_t begin = at;
        UChar32 c = 0;
        U8_NEXT(utf8.data(), at, size, c);
        char bytes[U8_MAX_LENGTH];
        int32_t length = 0;
        U8_APPEND_UNSAFE(bytes, length, u_tolower(c));
        lower.text.append(bytes, static_cast<std::size_t>(length));
        lower.origin.insert(lower.origin.end(), static_cast<std::size_t>(length), begin);
    }
    lower.origin.push_back(size);
    return lower;
}

std::string lowered(std::string_view utf8) {
    return loweredText(utf8).text;
}

} // namespace attn
