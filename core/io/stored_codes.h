// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/error.h"
#include "core/text/bpe.h"

namespace attn {

/// Reads {"version": "0.2", "separator": "@@", "merges": ["t h", "th e</w>"]}. What is malformed or too large
/// is a fault under `where`; the result is then nullptr.
BpeCodesPtr codesFromJson(const nlohmann::json& json, const std::string& where, Findings& faults);

/// What codesFromJson() reads.
nlohmann::ordered_json codesJson(const BpeCodes& codes);

} // namespace attn
