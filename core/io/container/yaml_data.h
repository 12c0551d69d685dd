// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/io/container/data_tree.h"

namespace attn {

/// Limits for a YAML text.
struct YamlLimits {
    std::size_t bytes = 100'000'000;
    int depth = 64; ///< nesting of lists and mappings
    /// Scalars, lists and mappings in total, those behind an alias counted at each use.
    std::size_t nodes = 200'000;
};

/// Reads one YAML document. Scalars are Text as spelt, quoted or not: "on", "no", 007 and 1e3 are not
/// converted. A plain null (~, null or nothing) is None with its spelling in Datum::text; as a key it is Text
/// like any other. An alias is the same node as its anchor; tags are ignored. Without a document there is no
/// root. Errors start with `where` and name line and column: Error(Data) for invalid YAML or UTF-8, a second
/// document, a key that is not a scalar or occurs twice, an alias inside its own anchor;
/// Error(Unsupported) for the merge key "<<"; Error(Limit) beyond the limits.
DataTree readYaml(std::string_view text, const std::string& where, const YamlLimits& limits = {});

} // namespace attn
