// SPDX-License-Identifier: GPL-3.0-or-later
// Model files: what PyTorch computes from the same weights comes out here; what is malformed is refused by
// name; what is written is read back.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <set>

#include "core/base/fields_json.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

const std::string fixtures = ATTENTOSCOPE_FIXTURES "/models/";
const char* const peers[] = {"torch_gru_additive", "torch_lstm_general_feed", "torch_gru_between_cells",
                             "torch_four_heads",   "torch_elman_concat",      "torch_lstm_dot_bridge"};

/// The largest difference between what a run recorded and what the peer computed, by array; above 1 in
/// proportion to the number.
class Comparison {
public:
    void numbers(const std::string& name, const float* ours, std::size_t count, const json& theirs) {
        if (theirs.size() != count) {
            m_problems += name + ": " + std::to_string(count) + " numbers, the peer has " +
                          std::to_string(theirs.size()) + "\n";
            return;
        }
        double& worst = m_worst[name];
        for (std::size_t i = 0; i < count; ++i) {
            const double peer = theirs[i].get<double>();
            const double difference = std::abs(ours[i] - peer) / std::max(1.0, std::abs(peer));
            if (!(difference <= 1e-5))
                m_problems += name + "[" + std::to_string(i) + "]: " + std::to_string(ours[i]) +
                              ", the peer has " + theirs[i].dump() + "\n";
            worst = std::max(worst, difference);
        }
    }
    void numbers(const std::string& name, const std::vector<float>& ours, const json& theirs) {
        numbers(name, ours.data(), ours.size(), theirs);
    }
    void equal(const std::string& name, long long ours, long long theirs) {
        if (ours != theirs)
            m_problems +=
                name + ": " + std::to_string(ours) + ", the peer has " + std::to_string(theirs) + "\n";
    }
    const std::string& problems() const { return m_problems; }
    std::string summary() const {
        std::string text;
        for (const auto& [name, worst] : m_worst) text += name + " " + json(worst).dump() + "  ";
        return text;
    }

private:
    std::map<std::string, double> m_worst;
    std::string m_problems;
};

const std::vector<float>& part(const std::vector<CellTrace::Part>& parts, StatePart which) {
    static const std::vector<float> none;
    for (const CellTrace::Part& p : parts)
        if (p.part == which) return p.values;
    return none;
}

void compareStep(const StepTrace& ours, const Pass& pass, const json& theirs, Comparison& compare) {
    compare.equal("word", ours.wordId, theirs["word"].get<int>());
    const json& weights = theirs["weights"];
    const Row* const row = pass.row(0);
    const std::vector<HeadTrace> heads = row ? row->heads : std::vector<HeadTrace>();
    compare.equal("maps", static_cast<long long>(heads.size()), static_cast<long long>(weights.size()));
    for (std::size_t h = 0; h < std::min(heads.size(), weights.size()); ++h) {
        if (theirs.contains("scores")) compare.numbers("scores", heads[h].scores, theirs["scores"][h]);
        compare.numbers("weights", heads[h].weights, weights[h]);
    }
    compare.numbers("context", row ? row->context : pass.vector(StepVector::Context), theirs["context"]);
    compare.numbers("features", pass.vector(StepVector::Features), theirs["features"]);
    const json& hidden = theirs["hidden"];
    compare.equal("cells", static_cast<long long>(pass.states.size()), static_cast<long long>(hidden.size()));
    for (std::size_t i = 0; i < std::min(pass.states.size(), hidden.size()); ++i) {
        compare.numbers("hidden", part(pass.states[i].parts, StatePart::Hidden), hidden[i]);
        if (theirs.contains("cell"))
            compare.numbers("cell", part(pass.states[i].parts, StatePart::Cell), theirs["cell"][i]);
    }
    const json& logProbs = theirs["log_probs"];
    std::vector<float> byId(logProbs.size(), NAN);
    for (const Candidate& candidate : pass.output->candidates)
        byId.at(static_cast<std::size_t>(candidate.id)) = candidate.logProb;
    compare.numbers("log_probs", byId, logProbs);
    compare.numbers("log_prob of the word", &ours.logProb, 1,
                    json::array({logProbs[static_cast<std::size_t>(theirs["word"].get<int>())]}));
}

void compareRun(const Trace& ours, const json& theirs, Comparison& compare) {
    const json& outputs = theirs["encoder_outputs"];
    const std::vector<Position>& source = ours.axes[0].positions;
    compare.equal("positions", static_cast<long long>(source.size()), static_cast<long long>(outputs.size()));
    for (std::size_t j = 0; j < std::min(source.size(), outputs.size()); ++j) {
        compare.equal("source id", source[j].id, theirs["ids"][j].get<int>());
        compare.numbers("encoder_outputs", ours.encoderOutputs.row(static_cast<int>(j)),
                        static_cast<std::size_t>(ours.encoderOutputs.cols()), outputs[j]);
    }
    for (std::size_t i = 0; i < ours.initialState.size(); ++i)
        compare.numbers("initial_hidden", part(ours.initialState[i].parts, StatePart::Hidden),
                        theirs["initial_hidden"][i]);
    const std::vector<int> path = ours.bestPath();
    compare.equal("steps", static_cast<long long>(path.size()),
                  static_cast<long long>(theirs["steps"].size()));
    for (std::size_t t = 0; t < std::min(path.size(), theirs["steps"].size()); ++t)
        compareStep(ours.steps[static_cast<std::size_t>(path[t])], ours.passOf(path[t]), theirs["steps"][t],
                    compare);
}

} // namespace

struct ModelFileFixture {
    fixture::TemporaryFolder m_folder;
    std::string path(const char* name = "model.safetensors") const { return m_folder.filePath(name); }
    /// The peer's model with a self-test.
    ModelPtr testedModel() const {
        fixture::writeAll(path(), fixture::testedModel().bytes());
        return openModel(path());
    }
};

namespace {

struct ComputesWhatPyTorchComputesRow {
    std::string row;
    std::string name;
};

std::vector<ComputesWhatPyTorchComputesRow> computesWhatPyTorchComputesRows() {
    std::vector<ComputesWhatPyTorchComputesRow> rows;
    for (const char* name : peers) rows.push_back({name, std::string(name)});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(ModelFileFixture, "computes what py torch computes") {
    for (const ComputesWhatPyTorchComputesRow& row : computesWhatPyTorchComputesRows()) {
        CAPTURE(row.row);
        const std::string& name = row.name;
        const ModelPtr model = openModel(fixtures + name + ".safetensors");
        REQUIRE(model->name() == name);
        const json reference = json::parse(fixture::readAll(fixtures + name + ".json"));
        REQUIRE(reference["runs"].size() >= 8);
        Comparison compare;
        for (const json& expected : reference["runs"]) {
            Recipe recipe;
            recipe.source = expected["source"].get<std::string>();
            recipe.maxSteps = expected["max_steps"].get<int>();
            recipe.topK = model->target().vocabulary.size();
            if (!expected["target"].is_null()) {
                recipe.search = SearchKind::Forced;
                recipe.target = expected["target"].get<std::string>();
            }
            compareRun(*run(*model, recipe), expected, compare);
        }
        REQUIRE_MESSAGE(compare.problems().empty(), compare.problems().substr(0, 2000));
        std::printf("largest differences: %s\n", compare.summary().c_str());
    }
}

TEST_CASE_FIXTURE(ModelFileFixture, "what was saved is opened") {
    for (const ComputesWhatPyTorchComputesRow& row : computesWhatPyTorchComputesRows()) {
        CAPTURE(row.row);
        const std::string& name = row.name;
        const ModelPtr model =
            name == "torch_gru_additive" ? testedModel() : openModel(fixtures + name + ".safetensors");
        saveModel(*model, path("saved"), StoredType::F32);
        const ModelPtr again = openModel(path("saved"));
        REQUIRE(again->card() == model->card());
        REQUIRE(again->spec() == model->spec());
        REQUIRE(again->selfTest() == model->selfTest());
        REQUIRE(again->source()->vocabulary == model->source()->vocabulary);
        REQUIRE(again->target().vocabulary == model->target().vocabulary);
        const auto &before = model->parameters().entries(), &after = again->parameters().entries();
        REQUIRE(after.size() == before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            REQUIRE(after[i].shape == before[i].shape);
            REQUIRE_MESSAGE(after[i].var.value() == before[i].var.value(), before[i].shape.name);
        }
        saveModel(*again, path("saved again"), StoredType::F32);
        REQUIRE(fixture::readAll(path("saved")) == fixture::readAll(path("saved again")));

        saveModel(*model, path("half"), StoredType::F16);
        const ModelPtr half = openModel(path("half"));
        REQUIRE(half->selfTest().has_value() == model->selfTest().has_value());
        for (std::size_t i = 0; i < before.size(); ++i)
            for (std::size_t k = 0; k < before[i].var.value().size(); ++k) {
                const float x = before[i].var.value().data()[k];
                // 11 significant bits; below 2^-14 steps of 2^-24.
                REQUIRE(std::abs(half->parameters().entries()[i].var.value().data()[k] - x) <=
                        std::max(std::ldexp(std::abs(x), -11), std::ldexp(1.0F, -25)));
            }
    }
}

namespace {

struct WhatCouldNotBeOpenedIsNotSavedRow {
    std::string row;
    int spoilt;
    std::vector<std::string> fragments;
};

std::vector<WhatCouldNotBeOpenedIsNotSavedRow> whatCouldNotBeOpenedIsNotSavedRows() {
    std::vector<WhatCouldNotBeOpenedIsNotSavedRow> rows;
    const auto row = [&](const char* name, int spoilt, const std::vector<std::string>& fragments) {
        rows.push_back({name, spoilt, fragments});
    };
    row("sound", 0, {});
    row("texts that are not UTF-8", 1,
        {"card.description: is not valid UTF-8", "card.examples[1]: is not valid UTF-8",
         "self_test.source: is not valid UTF-8"});
    row("no name", 2, {"card.name: is empty"});
    row("a long self-test", 3, {"self_test.source: has 1001 bytes", "self_test.tolerance: is 2"});
    row("a false self-test", 4, {"fails its own self-test"});
    row("a parameter too many", 5, {"spare: is not a parameter of this spec"});
    row("a row where a vector should be", 6, {"attention.v: has shape [1, 7]; expected [7]"});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(ModelFileFixture, "what could not be opened is not saved") {
    for (const WhatCouldNotBeOpenedIsNotSavedRow& row : whatCouldNotBeOpenedIsNotSavedRows()) {
        CAPTURE(row.row);
        const int spoilt = row.spoilt;
        const std::vector<std::string>& fragments = row.fragments;
        const ModelPtr sound = testedModel();
        ModelCard card = sound->card();
        SelfTest test = *sound->selfTest();
        Parameters<float> parameters;
        for (const auto& entry : sound->parameters().entries()) {
            ParameterShape shape = entry.shape;
            if (spoilt == 6 && shape.name == "attention.v") shape.shape = {1, 7};
            parameters.add(shape, entry.var.value());
        }
        if (spoilt == 1) {
            card.description = test.source = "caf\xE9";
            card.examples = {"sound", "\xFF"};
        }
        if (spoilt == 2) card.name = "";
        if (spoilt == 3) {
            test.source = std::string(1001, 'a');
            test.tolerance = 2;
        }
        if (spoilt == 4) test.logProbs.front() -= 0.01;
        if (spoilt == 5) parameters.add({"spare", {2}}, Matrix<float>(1, 2));
        const Model model(card, sound->spec(), sound->sides(), parameters, test);
        for (const StoredType type : {StoredType::F32, StoredType::F16}) {
            // A rounded model's self-test is made anew, so that it is never false.
            const bool refused = !fragments.empty() && !(spoilt == 4 && type == StoredType::F16);
            std::string message;
            try {
                saveModel(model, path("spoilt"), type);
                REQUIRE(openModel(path("spoilt")) != nullptr);
            } catch (const Error& error) {
                REQUIRE_MESSAGE((refused && error.kind() == ErrorKind::Argument), error.what());
                message = error.what();
            }
            REQUIRE(!message.empty() == refused);
            REQUIRE(std::filesystem::exists(m_folder.filePath("spoilt")) == !refused);
            for (const std::string& fragment : fragments)
                REQUIRE_MESSAGE((!refused || message.find(fragment) != std::string::npos), message);
            std::filesystem::remove(m_folder.filePath("spoilt"));
        }
    }
}

TEST_CASE_FIXTURE(ModelFileFixture, "vocabularies that could not be opened cannot be made") {
    for (const auto& [tokens, special, fragment] :
         {std::tuple{std::vector<std::string>{"a", "", "c", "d"}, SpecialTokens{}, "tokens[1]: is empty"},
          std::tuple{std::vector<std::string>{"a", "b", "c", "a"}, SpecialTokens{},
                     "tokens[3]: \"a\" stands twice, first as row 0"},
          std::tuple{std::vector<std::string>{"a", "b", "c", "d"}, SpecialTokens{0, 1, 2, 2},
                     "unk: is 2, and so is eos"}}) {
        try {
            const Vocabulary vocabulary(tokens, special);
            FAIL(fragment);
        } catch (const Error& error) {
            REQUIRE_MESSAGE(std::string(error.what()).find(fragment) != std::string::npos, error.what());
        }
    }
}

TEST_CASE_FIXTURE(ModelFileFixture, "bundled models are found by name") {
    fixture::TemporaryFolder folder;
    const std::string file = folder.filePath("tiny.safetensors");
    fixture::writeAll(file, fixture::soundModel());
    fixture::writeAll(folder.filePath("notes.txt"), "");
    ::setenv("ATTENTOSCOPE_MODELS", folder.path().c_str(), 1);
    REQUIRE(resolveModel("tiny") == file);
    REQUIRE(resolveModel(file) == file);
    const std::vector<std::string> names = bundledModels();
    REQUIRE(std::find(names.begin(), names.end(), "tiny") != names.end());
    REQUIRE(std::find(names.begin(), names.end(), "notes") == names.end());
    REQUIRE(std::is_sorted(names.begin(), names.end()));
    for (const std::string unknown : {"tinny", "", "folder/none.safetensors"}) {
        try {
            resolveModel(unknown);
            FAIL("was found");
        } catch (const Error& error) {
            REQUIRE(error.kind() == ErrorKind::Data);
            REQUIRE_MESSAGE(std::string(error.what()).find("tiny") != std::string::npos, error.what());
        }
    }
    ::unsetenv("ATTENTOSCOPE_MODELS");
}
