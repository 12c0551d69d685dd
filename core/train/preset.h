// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model_spec.h"
#include "core/train/recipe.h"

namespace attn {

/// A named wiring: an attention and the decoder around it, as its paper has them.
struct Preset {
    std::string name;        ///< "bahdanau2015"
    std::string description; ///< for people
};

/// All presets, in the order in which they are listed to people.
std::vector<Preset> presets();

/// The wiring that a recipe's preset and sizes make, for vocabularies of these sizes.
/// Throws Error(Argument) listing the presets when there is none of that name.
ModelSpec presetSpec(const TrainRecipe& recipe, int sourceVocabulary, int targetVocabulary);

} // namespace attn
