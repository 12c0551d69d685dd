// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace attn_reader {

/// The texts of an attribute, of fixed or variable length; nothing if the object has no such attribute.
/// Throws Error(Data) naming `path` for one that is no text or is damaged, Error(Limit) for more than
/// 100,000 texts or 64 MB.
std::optional<std::vector<std::string>> readTexts(hid_t object, const std::string& name,
                                                  const std::string& path);

/// Those attributes of a group that say how its arrays belong together: model_config, keras_version and
/// backend as texts; layer_names and weight_names as lists, put together where Keras divided a long one
/// ("weight_names0", "weight_names1"). Null where it has none. Throws as readTexts().
nlohmann::json attributesOf(hid_t group, const std::string& path);

} // namespace attn_reader
