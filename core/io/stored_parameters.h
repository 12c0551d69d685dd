// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/safetensors.h"
#include "core/nn/parameters.h"

namespace attn {

/// Copies every parameter of the schema out of a file. A missing, unused or misshapen one, a type that holds
/// no numbers of ours and numbers that are not finite are faults, all of them told; a missing name is told
/// with the unused one that it may be a misspelling of. With faults the result lacks those parameters.
Parameters<float> readParameters(const SafetensorsFile& file, const Schema& schema, Findings& faults);

} // namespace attn
