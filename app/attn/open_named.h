// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace attn::cli {

/// Opens a model by bundled name or path. Throws what resolveModel() and openModel() throw; for a name
/// that is neither, Error(Data) lists the bundled names and the closest of them first.
ModelPtr openNamed(const std::string& nameOrPath);

/// The candidate fewest single-character edits away from `name`; empty if none is near.
std::string closestName(const std::string& name, const std::vector<std::string>& candidates);

} // namespace attn::cli
