// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe of a training: nested parts, and what was written before there were parts.
#include <doctest/doctest.h>

#include <set>

#include "core/base/fields_json.h"
#include "core/train/recipe.h"

using namespace attn;

namespace {

TrainRecipe unusual() {
    TrainRecipe r;
    r.name = "mine";
    r.seed = 18'000'000'000'000'000'000U;
    r.data.pairs = {"a.tsv"};
    r.data.sides = TextSides::Target;
    r.data.lowercase = true;
    r.model.attention = R"({"score": "general"})";
    r.model.copy = CopyKind::Own;
    r.objective.coverageWeight = 0.5;
    r.noise.wordDropout = 0.25;
    r.optimiser.learningRate = 0.125;
    r.schedule.decay = Decay::Constant;
    return r;
}

} // namespace

TEST_CASE("a recipe is read as it was written") {
    for (const TrainRecipe& recipe : {TrainRecipe{}, unusual()}) {
        Findings faults;
        CHECK(readRecipe(recipeText(recipe), "recipe", faults) == recipe);
        CHECK(toText(faults) == "");
    }
}

TEST_CASE("recipes from before there were parts are read") {
    // As version 1.1 wrote them into checkpoints and models.
    const char* const flat =
        R"({"name":"mine","description":"","task":"reverse","pairs":[],"validation":[],"lowercase":false,)"
        R"("max_length":50,"tokens":"","source_words":7,"target_words":0,"attention":"coverage","cell":"gru",)"
        R"("encoder_layers":2,"decoder_layers":1,"embedding":64,"encoder_width":96,"decoder_width":160,)"
        R"("attention_width":96,"readout_width":96,"heads":4,"tied":true,"embedding_dropout":0.1,)"
        R"("layer_dropout":0.2,"attention_dropout":0.0,"word_dropout":0.05,"smoothing":0.1,"guided":0.5,)"
        R"("batch_words":100,"steps":300,"warm_up":4,"learning_rate":0.004,"decay":"inverse_sqrt","clip":2.0,)"
        R"("seed":9,"validation_pairs":20,"validate_every":30,"patience":3,"average":2})";
    TrainRecipe wanted;
    wanted.name = "mine";
    wanted.seed = 9;
    wanted.data.task = "reverse";
    wanted.data.maxLength = 50;
    wanted.data.sourceWords = 7;
    wanted.data.validationPairs = 20;
    wanted.model.attention = "coverage";
    wanted.model.cell = "gru";
    wanted.model.encoderLayers = 2;
    wanted.model.tied = true;
    wanted.objective.smoothing = 0.1;
    wanted.objective.guided = 0.5;
    wanted.noise.layerDropout = 0.2;
    wanted.noise.wordDropout = 0.05;
    wanted.optimiser.batchWords = 100;
    wanted.optimiser.learningRate = 0.004;
    wanted.optimiser.clip = 2;
    wanted.schedule.steps = 300;
    wanted.schedule.warmUp = 4;
    wanted.schedule.decay = Decay::InverseSqrt;
    wanted.schedule.validateEvery = 30;
    wanted.schedule.patience = 3;
    wanted.schedule.average = 2;
    Findings faults;
    CHECK(readRecipe(flat, "recipe", faults) == wanted);
    CHECK(toText(faults) == "");
}

TEST_CASE("faults of a recipe's text are named with their part") {
    const auto faultsOf = [](const char* text) {
        Findings faults;
        readRecipe(text, "recipe", faults);
        return toText(faults, "");
    };
    CHECK(faultsOf(R"({"encoder_layers": 17})") == "recipe.model.encoder_layers: is 17; expected 1 to 16");
    CHECK(faultsOf(R"({"model": {"encoder_layers": 17}})") ==
          "recipe.model.encoder_layers: is 17; expected 1 to 16");
    CHECK(faultsOf(R"({"layers": 1})").find("unknown field \"layers\"") != std::string::npos);
    CHECK(faultsOf(R"({"model": 3, "heads": 2})").find("recipe.model: expected an object") !=
          std::string::npos);
    CHECK_FALSE(faultsOf("[1]").empty());
    CHECK_FALSE(faultsOf("{").empty());
}

TEST_CASE("no two parts have a field of one name, and none has a part's name") {
    TrainRecipe recipe;
    std::set<std::string> names;
    visitLeaves(recipe, [&](const std::string& name, auto&, const auto&...) {
        CHECK_MESSAGE(names.insert(name).second, name);
    });
    visitFields(recipe, [&](const std::string& name, auto& field, const auto&...) {
        if constexpr (detail::HasFields<std::remove_reference_t<decltype(field)>>)
            CHECK_MESSAGE(!names.contains(name), name);
    });
    CHECK(names.contains("seed"));
    CHECK(names.contains("coverage_weight"));
}

TEST_CASE("every fault of a recipe is reported at once") {
    TrainRecipe recipe;
    recipe.data.maxLength = 0;
    recipe.model.heads = 65;
    recipe.objective.coverageWeight = -1;
    recipe.noise.layerDropout = 1;
    recipe.optimiser.clip = 0;
    recipe.schedule.average = 0;
    const std::string text = toText(recipe.validate());
    for (const char* field : {"max_length", "heads", "coverage_weight", "layer_dropout", "clip", "average"})
        CHECK_MESSAGE(text.find(field) != std::string::npos, field);
    CHECK(recipe.validate().size() == 6);
    CHECK(TrainRecipe{}.validate().empty());
}
