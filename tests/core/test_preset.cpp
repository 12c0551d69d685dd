// SPDX-License-Identifier: GPL-3.0-or-later
// Presets and compositions given as JSON: every one makes a model that can be built, run and differentiated.

#include <doctest/doctest.h>

#include "core/run/run.h"
#include "core/train/loss.h"
#include "core/train/preset.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

ModelRecipe smallRecipe(const std::string& attention) {
    ModelRecipe r;
    r.attention = attention;
    r.embedding = 6;
    r.encoderWidth = 5;
    r.decoderWidth = 8;
    r.attentionWidth = 4;
    r.readoutWidth = 6;
    r.heads = 2;
    return r;
}

std::string messageOf(const ModelRecipe& recipe) {
    try {
        const EncoderDecoderSpec spec = presetSpec(recipe, 9, 9);
        return "no error; faults: " + toText(spec.validate());
    } catch (const Error& error) {
        return (error.kind() == ErrorKind::Argument ? "" : "wrong kind: ") + std::string(error.what());
    }
}

/// Runs a sentence and takes one gradient; the model's parameters all get one, but for hard choices.
void tryOut(const ModelRecipe& recipe) {
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d", "e"});
    const EncoderDecoderSpec spec = presetSpec(recipe, words.size(), words.size());
    REQUIRE(toText(spec.validate()) == "");
    Random random(3);
    Parameters<float> parameters = Parameters<float>::initialised(spec.schema(), random);
    const EncoderDecoder<float> network(spec, parameters);
    Tape<float> tape;
    const PairBatch batch =
        makeBatch({{{4, 6, 5, 2}, {5, 7, 2}, {}}, {{7, 2}, {8, 4, 6, 2}, {}}}, words, words);
    const Var<float> loss = batchLoss(&tape, network, batch);
    REQUIRE(std::isfinite(loss.value()(0, 0)));
    tape.backward(loss);
    for (const auto& entry : parameters.entries())
        REQUIRE_MESSAGE((entry.var.hasGrad() || entry.shape.name.find("W_position") != std::string::npos),
                        entry.shape.name);
    ModelCard card;
    card.name = "m";
    const Model model(card, spec, {makeSide(SideRole::Source, words), makeSide(SideRole::Target, words)},
                      std::move(parameters));
    Recipe question;
    question.source = "a b c a";
    question.maxSteps = 6;
    const TracePtr trace = run(model, question);
    REQUIRE(!trace->steps.empty());
    const int maps = spec.attention ? spec.attention->maps() : 0;
    for (const Pass& pass : trace->passes) {
        const Row* const row = pass.row(0);
        REQUIRE((row ? static_cast<int>(row->heads.size()) : 0) == maps);
        const std::vector<float>& context = row ? row->context : pass.vector(StepVector::Context);
        REQUIRE(static_cast<int>(context.size()) == spec.contextWidth());
        for (int h = 0; h < maps; ++h)
            REQUIRE(row->heads[static_cast<std::size_t>(h)].weights.size() ==
                    trace->axes[0].positions.size());
    }
}

} // namespace

namespace {

struct EveryPresetWorksRow {
    std::string row;
    std::string name;
    std::string cell;
};

std::vector<EveryPresetWorksRow> everyPresetWorksRows() {
    std::vector<EveryPresetWorksRow> rows;
    for (const Preset& preset : presets())
        for (const char* cell : {"", "elman", "gru", "lstm"}) {
            if (preset.family != EncoderDecoderSpec::family) continue; // test_language_model
            rows.push_back({fixture::formatted("%s %s", preset.name.c_str(), cell), preset.name, cell});
        }
    return rows;
}

} // namespace

TEST_CASE("every preset works") {
    for (const EveryPresetWorksRow& row : everyPresetWorksRows()) {
        CAPTURE(row.row);
        const std::string& name = row.name;
        const std::string& cell = row.cell;
        ModelRecipe recipe = smallRecipe(name);
        tryOut(recipe);
        recipe.cell = cell;
        recipe.encoderLayers = 2;
        recipe.decoderLayers = 2;
        recipe.tied = true;
        tryOut(recipe);
        const EncoderDecoderSpec spec = presetSpec(recipe, 9, 9);
        if (!cell.empty()) {
            REQUIRE(std::string(toText(spec.encoder.cell.kind)) == recipe.cell);
            REQUIRE(spec.encoder.cell.kind == spec.decoder.cell.kind);
        }
        REQUIRE(spec.encoder.layers == 2);
        REQUIRE(spec.decoder.layers == 2);
        for (const ParameterShape& shape : spec.schema()) REQUIRE(shape.name != "output.W");
    }
}

namespace {

struct CompositionsWorkRow {
    std::string row;
    std::string json;
};

std::vector<CompositionsWorkRow> compositionsWorkRows() {
    std::vector<CompositionsWorkRow> rows;
    for (
        const char* json :
        {"{}", R"({"score": "general"})", R"( {"score": "location", "scope": "local_p", "window": 2})",
         R"({"score": "scaled_dot", "heads": 2, "normaliser": "sparsemax", "order": "between_cells"})",
         R"({"score": "concat", "order": "current_state", "input_feeding": true, "readout": "attentional", "bridge": "last"})",
         R"({"scope": "monotonic"})", R"({"score": "none", "order": "current_state", "readout": "join"})",
         R"({"coverage": true, "relevance": true, "gate": "scalar", "readout_activation": "maxout"})"})
        rows.push_back({json, json});
    return rows;
}

} // namespace

TEST_CASE("compositions work") {
    for (const CompositionsWorkRow& row : compositionsWorkRows()) {
        CAPTURE(row.row);
        const std::string& json = row.json;
        tryOut(smallRecipe(json));
    }
}

TEST_CASE("what is left out follows from the recipe") {
    const EncoderDecoderSpec spec = presetSpec(
        smallRecipe(R"({"score": "location", "scope": "monotonic", "heads": 2, "gate": "elementwise"})"), 9,
        9);
    REQUIRE(spec.attention->queryWidth == 8);
    REQUIRE(spec.attention->keyWidth == 10);
    REQUIRE(spec.attention->valueWidth == 10);
    REQUIRE(spec.attention->attentionWidth == 4);
    REQUIRE(spec.attention->headWidth == 2);
    REQUIRE(spec.attention->maxPositions == 64);
    REQUIRE(spec.attention->normaliser == Normaliser::Sigmoid);
    REQUIRE(spec.attention->gate == Gate::Elementwise);
    REQUIRE(presetSpec(smallRecipe("{}"), 9, 9) == presetSpec(smallRecipe("bahdanau2015"), 9, 9));
    REQUIRE(presetSpec(smallRecipe(R"({"attention_width": 7})"), 9, 9).attention->attentionWidth == 7);
    // dot and cosine compare the states as they are.
    for (const char* name : {"luong2015-dot", "cosine"})
        REQUIRE(presetSpec(smallRecipe(name), 9, 9).encoder.outputWidth() == 8);
}

TEST_CASE("without attention the context stays the same") {
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d", "e"});
    const EncoderDecoderSpec spec = presetSpec(smallRecipe("none"), words.size(), words.size());
    Random random(3);
    ModelCard card;
    card.name = "m";
    const Model model(card, spec, {makeSide(SideRole::Source, words), makeSide(SideRole::Target, words)},
                      Parameters<float>::initialised(spec.schema(), random));
    Recipe question;
    question.source = "a b c a";
    question.maxSteps = 6;
    const TracePtr trace = run(model, question);
    // [forward at the end; backward at the start], as the encoder's layers have them.
    const int last = static_cast<int>(trace->axes[0].positions.size()) - 1, width = spec.encoder.cell.width;
    std::vector<float> expected(trace->tracks[0].parts[0].values.row(last),
                                trace->tracks[0].parts[0].values.row(last) + width);
    expected.insert(expected.end(), trace->tracks[1].parts[0].values.row(0),
                    trace->tracks[1].parts[0].values.row(0) + width);
    REQUIRE((!trace->tracks[0].place.backward && trace->tracks[1].place.backward));
    for (const Pass& pass : trace->passes) {
        REQUIRE(pass.rows.empty());
        REQUIRE(pass.vector(StepVector::Context) == expected);
    }
}

TEST_CASE("faults are told") {
    const auto told = [](const ModelRecipe& recipe, std::initializer_list<const char*> texts) {
        const std::string message = messageOf(recipe);
        for (const char* text : texts)
            REQUIRE_MESSAGE(message.find(text) != std::string::npos, (message + " lacks " + text));
    };
    told(smallRecipe("bahdanau"),
         {"no attention preset \"bahdanau\"", "bahdanau2015, luong2015-dot", "none"});
    told(smallRecipe("{\"score\": \"dott\", \"ordr\": 1, \"heads\": -2}"),
         {"attention.score", "dott", "ordr", "attention.heads"});
    told(smallRecipe("{\"score\": "), {"attention"});
    told(smallRecipe(R"({"score": "dot"})"), {"query_width is 8, key_width is 10"});
    told(smallRecipe(R"({"query_width": 3})"), {"attention.query_width", "3", "8"});
    told(smallRecipe(R"({"scope": "monotonic", "normaliser": "softmax"})"), {"normaliser", "sigmoid"});
    ModelRecipe recipe = smallRecipe("none");
    recipe.cell = "vanilla";
    told(recipe, {"vanilla", "elman, gru, lstm"});
    recipe = smallRecipe("bahdanau2015");
    recipe.tied = true;
    recipe.readoutWidth = 7;
    told(recipe, {"tied_embeddings", "7", "6"});
}
