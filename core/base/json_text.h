// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace attn {

/// What a JSON text may hold at most.
struct JsonLimits {
    int depth = 32;                  ///< arrays and objects within one another
    std::size_t values = 10'000'000; ///< values and keys altogether
};

/// Parses JSON from a file that nobody vouches for: ill-formed UTF-8, duplicate keys, nesting deeper and
/// content larger than the limits are faults at `where`, like any error of syntax. With a fault the
/// result is null.
nlohmann::json parseJson(std::string_view text, const std::string& where, Findings& faults,
                         const JsonLimits& limits = {});

/// A text of more than `longest` bytes cut there or before, between two characters of UTF-8, and "..." put
/// behind.
std::string shortened(std::string text, std::size_t longest);

/// A value as it stands in a message: its JSON, cut after about 60 characters.
std::string brief(const nlohmann::json& value);

} // namespace attn
