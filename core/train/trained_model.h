// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/data/corpus.h"
#include "core/model/model.h"
#include "core/train/recipe.h"

namespace attn {

/// The card of a model trained with this recipe on this corpus.
ModelCard trainedCard(const TrainRecipe& recipe, const Corpus& corpus);

/// `model` with these parameters, a line more of provenance, and the first of its examples as its self-test.
ModelPtr trainedModel(const Model& model, const Parameters<float>& parameters, const std::string& line);

/// Writes the model's file: in 16 bits a number where all fit, else in 32.
void saveTrained(const Model& model, const std::string& path);

} // namespace attn
