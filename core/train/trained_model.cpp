// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trained_model.h"

#include <cmath>

#include "core/io/model_file.h"
#include "core/run/self_test.h"
#include "core/train/preset.h"

namespace attn {

ModelCard trainedCard(const TrainRecipe& recipe, const Corpus& corpus) {
    ModelCard card;
    card.name = recipe.name;
    card.description = recipe.description;
    std::string mechanism = "attention of its own";
    for (const Preset& preset : presets())
        if (preset.name == recipe.model.attention) mechanism = preset.description;
    if (card.description.empty())
        card.description = (corpus.task().empty() ? "files" : corpus.task()) + ": " + mechanism;
    const Tokeniser& read = corpus.isSingle() ? corpus.targetTokeniser() : corpus.sourceTokeniser();
    card.foldCase = read.kind() == TokeniserKind::Words;
    card.task = corpus.task();
    card.provenance = {"trained by Attentoscope " ATTENTOSCOPE_VERSION};
    for (const std::string& line : corpus.provenance()) card.provenance.push_back(line);
    card.provenance.push_back("recipe: " + recipeText(recipe));
    card.examples = corpus.examples();
    return card;
}

ModelPtr trainedModel(const Model& model, const Parameters<float>& parameters, const std::string& line) {
    ModelCard card = model.card();
    card.provenance.push_back(line);
    const auto make = [&](std::optional<SelfTest> test) {
        return std::make_shared<const Model>(card, model.spec(), model.sides(), parameters, std::move(test));
    };
    const ModelPtr untested = make(std::nullopt);
    constexpr std::size_t longestTest = 200, longestSource = 1000; // what a model file may hold
    for (const std::string& example : card.examples) {
        if (example.size() > longestSource) continue;
        SelfTest test = makeSelfTest(*untested, example);
        if (test.target.size() > longestTest) test = makeSelfTest(*untested, example, longestTest);
        return make(std::move(test));
    }
    return untested;
}

void saveTrained(const Model& model, const std::string& path) {
    const float most = 65504; // of F16
    bool fits = true;
    for (const auto& entry : model.parameters().entries())
        for (const float x : entry.var.value()) fits = fits && std::abs(x) <= most;
    saveModel(model, path, fits ? StoredType::F16 : StoredType::F32);
}

} // namespace attn
