// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/text/vocabulary.h"

namespace attn {

/// Reads {"pad": 0, "bos": 1, "eos": 2, "unk": 3, "tokens": [...]}, the i-th token being row i. Words that
/// stand twice or are empty, special rows that are outside or the same are faults under `where`; the result
/// is then nothing.
std::optional<Vocabulary> vocabularyFromJson(const nlohmann::json& json, const std::string& where,
                                             Findings& faults);

/// What vocabularyFromJson() reads.
nlohmann::ordered_json vocabularyJson(const Vocabulary& vocabulary);

} // namespace attn
