// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/io/container/data_tree.h"

namespace attn {

/// What a YAML text may hold at most.
struct YamlLimits {
    std::size_t bytes = 100'000'000;
    int depth = 64; ///< lists and mappings within one another
    /// Scalars, lists and mappings altogether, those behind an alias counted as often as they are named.
    std::size_t nodes = 200'000;
};

/// One YAML document. Scalars are Text as they are spelt, quoted or not: "on", "no", 007 and 1e3 stay what
/// they are. A plain null (~, null or nothing) is None with its spelling in Datum::text; as a key it is Text
/// like any other. An alias is the very node that it names; tags are not looked at. No document: no root.
/// Errors start with `where` and name line and column: Error(Data) for what is no YAML, no UTF-8, has a
/// second document, a key that is no scalar or stands twice, an alias of what it stands in;
/// Error(Unsupported) for the merge key "<<"; Error(Limit) beyond the limits.
DataTree readYaml(std::string_view text, const std::string& where, const YamlLimits& limits = {});

} // namespace attn
