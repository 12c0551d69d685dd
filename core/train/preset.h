// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/model_spec.h"
#include "core/train/recipe.h"

namespace attn {

/// A named wiring: an attention and the decoder around it, as its paper has them.
struct Preset {
    std::string name;        ///< "bahdanau2015"
    std::string description; ///< for people
    std::string_view family; ///< of the model that it makes
};

/// All presets, in the order in which they are listed to people.
std::vector<Preset> presets();

/// The wiring that a recipe's preset and sizes make, for vocabularies of these sizes. In place of a preset's
/// name the recipe may hold JSON: an object with those fields of AttentionSpec that differ from its defaults,
/// and of "order", "input_feeding", "bridge", "readout", "readout_activation" those that differ from the
/// wiring of bahdanau2015. What is left out follows from the recipe: widths, 64 positions for the location
/// scores, the sigmoid for the scope monotonic. The result may still be illegal: validate() it. Throws
/// Error(Argument) listing the presets when there is none of that name, and with every fault of JSON that
/// cannot be read.
EncoderDecoderSpec presetSpec(const ModelRecipe& recipe, int sourceVocabulary, int targetVocabulary);

/// The same for presets of any family. One that reads no source has the target vocabulary alone.
ModelSpec modelSpec(const ModelRecipe& recipe, int sourceVocabulary, int targetVocabulary);

/// The default preset for single texts, or for pairs.
std::string defaultPreset(bool single);

/// The cell that a recipe names. Throws Error(Argument) with the names there are.
CellKind cellKind(const ModelRecipe& recipe);

} // namespace attn
