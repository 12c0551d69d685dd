// SPDX-License-Identifier: GPL-3.0-or-later
// Keras' models run as Keras' layers compute: tokens, log-probabilities, weights and states equal those of an
// implementation in numpy (fixtures/keras/forward.py). What is not run is told by the layer's name.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/io/import/apply_plan.h"
#include "core/io/import/conventions.h"
#include "core/io/import/keras_graph.h"
#include "core/model/model.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using nlohmann::json;

namespace {

const std::string fixtures = ATTENTOSCOPE_FIXTURES "/keras/";

struct Imported {
    ImportPlan plan;
    AppliedPlan applied;
    ModelPtr model; ///< nullptr where there are faults

    std::string faults() const {
        Findings all;
        for (const Finding& finding : plan.findings)
            if (finding.severity == Severity::Fault) all.push_back(finding);
        return toText(all, "");
    }
};

Imported import(const std::string& path, const ImportOptions& options = {}) {
    ImportSource source(openArchive(path));
    if (!keras().recognises(source)) throw std::runtime_error(path + " is not recognised");
    Imported result;
    result.plan = keras().plan(source, options);
    if (!result.faults().empty()) return result;
    result.applied = applyPlan(result.plan, source);
    if (result.applied.complete && result.plan.source && result.plan.target) {
        result.plan.card.name = "keras";
        result.model = std::make_shared<Model>(result.plan.card, result.plan.spec, makeSides(result.plan),
                                               result.applied.parameters);
    }
    return result;
}

/// A fixture's architecture changed, in a copy of the fixture that has it beside it.
class Changed {
public:
    Changed() {
        for (const char* name :
             {"gru_additive.weights.h5", "source_vocabulary.json", "target_vocabulary.json"})
            std::filesystem::copy(fixtures + name, m_folder.filePath(name));
        architecture = json::parse(fixture::readAll(fixtures + "gru_additive.json"));
    }

    json& layer(const std::string& name) {
        for (json& layer : architecture["config"]["layers"])
            if (layer["name"] == name) return layer;
        throw std::runtime_error("no layer " + name);
    }
    std::string faults() const {
        fixture::writeAll(m_folder.filePath("gru_additive.json"), architecture.dump());
        return import(m_folder.filePath("gru_additive.weights.h5")).faults();
    }

    json architecture;

private:
    fixture::TemporaryFolder m_folder;
};

} // namespace

namespace {

struct RunsAsItsLayersComputeRow {
    std::string row;
    std::string file;
};

std::vector<RunsAsItsLayersComputeRow> runsAsItsLayersComputeRows() {
    std::vector<RunsAsItsLayersComputeRow> rows;
    rows.push_back({"lstm_dot", "lstm_dot.h5"});
    rows.push_back({"scaled_dot", "scaled_dot.keras"});
    rows.push_back({"gru_additive", "gru_additive.weights.h5"});
    rows.push_back({"bidirectional", "bidirectional.h5"});
    rows.push_back({"gru_projected", "gru_projected.keras"});
    return rows;
}

} // namespace

TEST_CASE("runs as its layers compute") {
    for (const RunsAsItsLayersComputeRow& row : runsAsItsLayersComputeRows()) {
        CAPTURE(row.row);
        const Imported imported = import(fixtures + row.file);
        REQUIRE_MESSAGE(imported.faults().empty(), imported.faults());
        for (const ParameterReport& report : imported.applied.report)
            REQUIRE_MESSAGE(
                (report.state != ParameterState::Missing && report.state != ParameterState::Misshapen),
                ((report.ours + " " + report.theirs + " " + report.expected + " " + report.found)));
        REQUIRE(imported.model);
        const json reference = json::parse(fixture::readAll(fixtures + row.row + ".reference.json"));
        double worst = 0;
        const auto compare = [&](double expected, double found) {
            worst = std::max(worst, std::abs(expected - found));
        };
        for (const json& given : reference["runs"]) {
            Recipe recipe;
            recipe.source = given["source"];
            recipe.maxSteps = reference["steps"];
            recipe.topK = 100;
            if (!given["target"].is_null()) {
                recipe.search = SearchKind::Forced;
                recipe.target = given["target"];
            }
            const TracePtr trace = run(*imported.model, recipe);
            const std::vector<int> path = trace->bestPath();
            REQUIRE(path.size() == given["tokens"].size());
            for (std::size_t t = 0; t < path.size(); ++t) {
                const StepTrace& step = trace->steps[static_cast<std::size_t>(path[t])];
                REQUIRE(step.wordId == given["tokens"][t].get<int>());
                const Pass& pass = trace->passOf(path[t]);
                REQUIRE(pass.output->candidates.size() == given["log_probs"][t].size());
                for (const Candidate& candidate : pass.output->candidates)
                    compare(given["log_probs"][t][static_cast<std::size_t>(candidate.id)], candidate.logProb);
                const std::vector<float>& weights = pass.row(0)->heads.at(0).weights;
                REQUIRE(weights.size() == given["weights"][t].size());
                for (std::size_t j = 0; j < weights.size(); ++j) compare(given["weights"][t][j], weights[j]);
                const std::vector<float>& hidden = pass.states.back().parts[0].values;
                REQUIRE(hidden.size() == given["states"][t].size());
                for (std::size_t i = 0; i < hidden.size(); ++i) compare(given["states"][t][i], hidden[i]);
            }
        }
        std::printf("%s: the worst difference is %.1e\n", row.row.c_str(), worst);
        REQUIRE(worst < 2e-5);
    }
}

TEST_CASE("imports with a self test") {
    for (const char* name : {"lstm_dot.h5", "scaled_dot.keras", "gru_additive.weights.h5"}) {
        const ImportReport report = importModel(fixtures + name);
        REQUIRE(report.toolkit == "Keras");
        REQUIRE_MESSAGE((report.model && report.model->selfTest()), toText(report));
        Recipe recipe;
        recipe.source = "the cat sleeps";
        const TracePtr direct = run(*import(fixtures + name).model, recipe),
                       through = run(*report.model, recipe);
        REQUIRE(through->words(through->bestPath()) == direct->words(direct->bestPath()));
    }
}

TEST_CASE("wiring is read") {
    const EncoderDecoderSpec lstm = import(fixtures + "lstm_dot.h5").plan.spec;
    REQUIRE(lstm.encoder.layers == 2);
    REQUIRE(lstm.bridge == BridgeKind::Copy);
    REQUIRE(lstm.attention->score == Score::Dot);
    REQUIRE(lstm.readout.kind == ReadoutKind::Join);
    REQUIRE((lstm.sourceEnd && !lstm.sourceStart));
    const EncoderDecoderSpec scaled = import(fixtures + "scaled_dot.keras").plan.spec;
    REQUIRE(scaled.bridge == BridgeKind::Layers);
    REQUIRE(scaled.readout.kind == ReadoutKind::Attentional);
    REQUIRE(std::abs(scaled.attention->temperature - 1 / 0.6) < 1e-6);
    const EncoderDecoderSpec gru = import(fixtures + "gru_additive.weights.h5").plan.spec;
    REQUIRE((gru.encoder.cell.twoBiases && gru.encoder.cell.resetAfter));
    REQUIRE(gru.attention->score == Score::Additive);
    REQUIRE(gru.attention->attentionWidth == 5);
    REQUIRE(gru.attention->heads == 0);
    REQUIRE(import(fixtures + "bidirectional.h5").plan.spec.encoder.bidirectional);
    const EncoderDecoderSpec projected = import(fixtures + "gru_projected.keras").plan.spec;
    REQUIRE((!projected.encoder.cell.resetAfter && !projected.encoder.cell.twoBiases));
    REQUIRE(projected.bridge == BridgeKind::Zero);
    REQUIRE(projected.attention->heads == 1);
    const auto evidence = import(fixtures + "scaled_dot.keras").plan.evidence;
    REQUIRE_MESSAGE(
        evidence.front().find("class Functional with 12 layers, written by Keras 3.3.3") != std::string::npos,
        evidence.front());
}

TEST_CASE("every array is accounted for") {
    for (const char* name : {"lstm_dot.h5", "scaled_dot.keras", "gru_additive.weights.h5", "bidirectional.h5",
                             "gru_projected.keras"}) {
        int used = 0;
        for (const ParameterReport& report : import(fixtures + name).applied.report) {
            REQUIRE_MESSAGE(report.state != ParameterState::Unused, (name + (": " + report.theirs)));
            used += report.state == ParameterState::Used ? 1 : 0;
        }
        REQUIRE(used > 5);
    }
}

namespace {

struct LayersThatAreNotRunAreNamedRow {
    std::string row;
    std::function<void(Changed&)> change;
    std::string text;
};

std::vector<LayersThatAreNotRunAreNamedRow> layersThatAreNotRunAreNamedRows() {
    std::vector<LayersThatAreNotRunAreNamedRow> rows;
    using Change = std::function<void(Changed&)>;
    const auto row = [&](const char* name, const Change& change, const char* text) {
        rows.push_back({name, change, std::string(text)});
    };
    const auto set = [](const char* layer, const char* key, const json& value) {
        return Change([=](Changed& file) { file.layer(layer)["config"][key] = value; });
    };
    row("hard_sigmoid", set("gru", "recurrent_activation", "hard_sigmoid"),
        "gru (GRU): has gates of hard_sigmoid");
    row("selu", set("gru_1", "activation", "selu"), "gru_1 (GRU): has the activation selu");
    row("custom activation", set("gru_1", "activation", {{"class_name", "function"}, {"config", "mine"}}),
        "activation mine");
    row("backwards", set("gru", "go_backwards", true), "gru (GRU): reads backwards");
    row("projection", set("dense", "activation", "relu"),
        "dense (Dense): has the activation relu before attention");
    row("output", set("dense_2", "activation", "sigmoid"),
        "dense_2 (Dense): is the output; Dense with softmax");
    row(
        "normalisation",
        [](Changed& file) { file.layer("embedding_1")["class_name"] = "LayerNormalization"; },
        "embedding_1 (LayerNormalization): stands in the decoder");
    row(
        "attention",
        [](Changed& file) { file.layer("additive_attention")["class_name"] = "MultiHeadAttention"; },
        "additive_attention (MultiHeadAttention): is joined to the decoder's states");
    row(
        "queries of the source",
        [](Changed& file) {
            auto& inputs = file.layer("additive_attention")["inbound_nodes"][0];
            std::swap(inputs[0], inputs[2]);
        },
        "additive_attention (AdditiveAttention): asks with gru (GRU)");
    row(
        "adding", [](Changed& file) { file.layer("concatenate")["class_name"] = "Add"; },
        "concatenate (Add): stands between the decoder and the output");
    row(
        "states of the wrong kind",
        [](Changed& file) {
            file.layer("gru_1")["inbound_nodes"][0][1] = {"embedding", 0, 0, json::object()};
        },
        "gru_1 (GRU): begins with embedding (Embedding)");
    row(
        "sequential", [](Changed& file) { file.architecture["class_name"] = "Sequential"; },
        "is of the class Sequential");
    row(
        "two outputs",
        [](Changed& file) {
            file.architecture["config"]["output_layers"].push_back({"gru", 0, 0});
        },
        "there are 2; a model with one output");
    row(
        "circle", [](Changed& file) { file.layer("gru")["inbound_nodes"][0][0][0] = "gru"; },
        "gru (GRU): is called on its own output");
    return rows;
}

} // namespace

TEST_CASE("layers that are not run are named") {
    for (const LayersThatAreNotRunAreNamedRow& row : layersThatAreNotRunAreNamedRows()) {
        CAPTURE(row.row);
        const std::function<void(Changed&)>& change = row.change;
        const std::string& text = row.text;
        Changed file;
        REQUIRE(file.faults() == "");
        change(file);
        const std::string faults = file.faults();
        REQUIRE_MESSAGE(faults.find(text) != std::string::npos, faults);
    }
}

TEST_CASE("weights alone ask for their architecture") {
    fixture::TemporaryFolder folder;
    const std::string path = folder.filePath("w.weights.h5");
    std::filesystem::copy(fixtures + "gru_additive.weights.h5", path);
    const Imported alone = import(path);
    REQUIRE_MESSAGE(alone.faults().find("architecture: is missing") != std::string::npos, alone.faults());
    REQUIRE(alone.plan.files.front().note.find("w.json") != std::string::npos);
    ImportOptions options;
    options.config = fixtures + "gru_additive.json";
    const Imported named = import(path, options);
    REQUIRE_MESSAGE(named.faults().empty(), named.faults());
    REQUIRE((!named.model && named.applied.complete)); // the vocabularies are asked for
    REQUIRE(named.plan.files.size() == std::size_t{3});
    // Keras' own Tokenizer: ids from 1, its words in a text within the JSON.
    json words = json::parse(fixture::readAll(fixtures + "source_vocabulary.json"));
    words.erase("<pad>");
    const json tokenizer = {
        {"class_name", "Tokenizer"},
        {"config", {{"word_index", words.dump()}, {"lower", true}, {"char_level", false}}}};
    options.sourceVocabulary = folder.filePath("tokenizer.json");
    fixture::writeAll(options.sourceVocabulary, tokenizer.dump());
    options.targetVocabulary = fixtures + "target_vocabulary.json";
    const Imported whole = import(path, options);
    REQUIRE((whole.model && whole.model->source()->tokeniser.lowercase()));
    REQUIRE(whole.model->source()->vocabulary.special() == (SpecialTokens{0, -1, 1, 2}));
    REQUIRE(whole.model->source()->vocabulary.text(4) == "cat");
    // One that is damaged is a fault like any other.
    words["cat"] = nullptr;
    fixture::writeAll(options.sourceVocabulary,
                      json{{"class_name", "Tokenizer"}, {"config", {{"word_index", words.dump()}}}}.dump());
    const Imported damaged = import(path, options);
    REQUIRE_MESSAGE(damaged.faults().find("word_index, token \"cat\"") != std::string::npos,
                    damaged.faults());
}

TEST_CASE("architectures of any shape are read") {
    const auto graphOf = [](const json& layers) {
        Findings findings;
        const json model = {{"class_name", "Functional"},
                            {"config", {{"layers", layers}, {"output_layers", {"b", 0, 0}}}}};
        KerasGraph graph = readKerasGraph(model.dump(), "a", findings);
        if (!findings.empty()) throw std::runtime_error(toText(findings));
        return graph;
    };
    const json a = {
        {"class_name", "InputLayer"}, {"config", {{"name", "a"}}}, {"inbound_nodes", json::array()}};
    const auto b = [](const json& nodes) {
        return json{
            {"class_name", "LSTM"}, {"name", "b"}, {"config", {{"units", 3}}}, {"inbound_nodes", nodes}};
    };
    const json tensor = {{"class_name", "__keras_tensor__"}, {"config", {{"keras_history", {"a", 0, 0}}}}};
    for (const json& nodes :
         {json::parse(R"([[["a", 0, 0, {}]]])"), json::parse(R"([["a", 0, 0, {}]])"),
          json::parse(R"([[["a", 0, 0]]])"), json::parse(R"([[["a", 7, 0, {}]]])"),
          json::array({json{{"args", json::array({tensor})}, {"kwargs", {{"training", false}}}}}),
          json::array({json{{"args", json::array()}, {"kwargs", {{"sequences", tensor}}}}})}) {
        const KerasGraph graph = graphOf({a, b(nodes)});
        REQUIRE(graph.layers[1].calls.size() == std::size_t{1});
        REQUIRE(graph.layers[1].calls[0].inputs.size() == std::size_t{1});
        REQUIRE(graph.layers[1].calls[0].inputs[0].layer == 0);
        REQUIRE(graph.outputs[0].layer == 1);
    }
    const KerasGraph states = graphOf(
        {a,
         b(json::parse(R"([[["a", 0, 0, {"initial_state": [["a", 0, 1], ["a", 0, 2]], "mask": true}]]])"))});
    REQUIRE(states.layers[1].calls[0].keywords.at("initial_state").size() == std::size_t{2});
    REQUIRE(states.layers[1].calls[0].switches.contains("mask"));
}

TEST_CASE("damaged architectures are faults") {
    const std::string whole = fixture::readAll(fixtures + "gru_additive.json");
    Random random(5);
    ImportSource source(openArchive(fixtures + "gru_additive.weights.h5"));
    fixture::TemporaryFolder folder;
    ImportOptions options;
    options.config = folder.filePath("architecture.json");
    int planned = 0;
    for (int i = 0; i < 1000; ++i) {
        std::string text = whole;
        for (int changes = 1 + random.below(3); changes > 0; --changes) {
            const auto at = static_cast<std::size_t>(random.below(static_cast<int>(text.size())));
            if (random.below(2) == 0)
                text[at] = static_cast<char>(random.below(128));
            else
                text.erase(at, static_cast<std::size_t>(1 + random.below(40)));
        }
        fixture::writeAll(options.config, text);
        const ImportPlan plan = keras().plan(source, options); // throws nothing, whatever it reads
        const bool faulty = std::ranges::any_of(
            plan.findings, [](const Finding& finding) { return finding.severity == Severity::Fault; });
        if (!faulty) applyPlan(plan, source);
        planned += faulty ? 0 : 1;
    }
    std::printf("%d of 1000 damaged architectures made a plan\n", planned);
    REQUIRE(planned < 900);
}
