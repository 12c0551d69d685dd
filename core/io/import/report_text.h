// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/io/import/import.h"

namespace attn {

/// One parameter's fate in a line: "attention.W missing: expected 96 x 96, ...".
std::string parameterLine(const ParameterReport& report);

} // namespace attn
