// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

namespace attn {

/// The same model with other numbers, without the self-test, which speaks of the old ones.
/// Throws Error(Data) where they do not fit.
ModelPtr withParameters(const Model& model, Parameters<float> parameters);

/// The same model with another self-test; the numbers are shared.
ModelPtr withSelfTest(const Model& model, SelfTest test);

/// The model with its matrices rounded to 16 bits (Parameters::keepHalf): decoding one sentence reads half
/// the memory. The given model stays as it is.
ModelPtr withHalfWeights(const Model& model);

} // namespace attn
