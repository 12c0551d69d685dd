// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/base/enum_text.h"

namespace attn {

/// What a model does with a text: it reads the source and writes the target.
enum class SideRole { Source, Target };
template <>
struct EnumNames<SideRole> {
    static constexpr std::array names{std::pair{SideRole::Source, std::string_view("source")},
                                      std::pair{SideRole::Target, std::string_view("target")}};
};

/// A side that a spec asks for.
struct SideNeed {
    SideRole role;
    const char* field; ///< of the spec, that gives the number of words
    int words;
};

} // namespace attn
