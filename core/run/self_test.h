// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/model/model.h"

namespace attn {

/// The greedy run of a sentence, as a self-test stores it. `maxSteps` as in Recipe: 0 is 2 x source length
/// + 20. Throws what run() throws.
SelfTest makeSelfTest(const Model& model, const std::string& source, int maxSteps = 0);

} // namespace attn
