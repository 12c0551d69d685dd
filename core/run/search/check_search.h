// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"
#include "core/run/recipe.h"

namespace attn {

/// Throws Error(Argument) with every option of the search that is out of its bounds, and for a coverage
/// penalty on a model that does not attend to a source.
void checkSearch(const Model& model, SearchKind kind, const BeamOptions& beam, const SampleOptions& sample);

} // namespace attn
