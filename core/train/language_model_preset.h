// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/model/language_model/spec.h"
#include "core/train/preset.h"

namespace attn {

/// The language models among the presets, in the order in which they are listed to people.
std::vector<Preset> languageModelPresets();

/// The wiring of a language model's preset; nothing if there is none of that name. Width and layers are the
/// decoder's of the recipe, the features' width the readout's. The result may still be illegal: validate()
/// it.
std::optional<LanguageModelSpec> languageModelSpec(const ModelRecipe& recipe, int vocabulary);

} // namespace attn
