// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/run/recipe.h"
#include "core/trace/trace.h"

namespace attn {

/// How a path of a run is forced again.
struct ForcedTarget {
    std::string text; ///< as a person would write it; what to show
    /// The path token by token if typing `text` would not give the same tokens: an end symbol in the middle,
    /// a word that the tokeniser would split otherwise. Empty if typing does.
    std::vector<std::string> tokens;

    /// Makes the recipe force the path.
    void applyTo(Recipe& recipe) const;
};

/// `trace` is a run of the model. The text is what typedTarget() reads as the path's tokens where there is
/// such a text; of a path without an end symbol it is the whole sentence, which typing ends.
ForcedTarget forcedTarget(const Model& model, const Trace& trace, const std::vector<int>& path);

} // namespace attn
