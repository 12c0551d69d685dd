// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/error.h"
#include "core/model/model_spec.h"

namespace attn {

/// Reads the spec of a family, with every fault under "spec". Throws Error(Unsupported) naming the families
/// that are read if there is none of that name.
ModelSpec specFromJson(const std::string& family, const nlohmann::json& json, Findings& faults);

/// Turns the spec of an encoder-decoder of content version 1 to 3 into the last version's: there, the score
/// "none" says that there is no attention.
void upgradeSpec(nlohmann::json& spec, Findings& faults);

/// What specFromJson() reads.
nlohmann::ordered_json specJson(const ModelSpec& spec);

} // namespace attn
