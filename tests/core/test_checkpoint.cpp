// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints: a training that was stopped and taken up makes the same files, byte for byte, as one that was
// not; averaging is the mean; a training that diverges names an array and leaves what was good.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/io/atomic_file.h"
#include "core/io/model_file.h"
#include "core/io/safetensors.h"
#include "core/run/run.h"
#include "core/train/divergence.h"
#include "core/train/trainer.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

TrainRecipe small(int steps) {
    TrainRecipe r;
    r.data.task = "reverse";
    r.model.embedding = 8, r.model.encoderWidth = 8, r.model.decoderWidth = 12, r.model.attentionWidth = 8,
    r.model.readoutWidth = 8;
    r.optimiser.batchWords = 96, r.schedule.steps = steps, r.schedule.warmUp = 10,
    r.optimiser.learningRate = 5e-3, r.noise.wordDropout = 0.05;
    r.data.validationPairs = 30, r.schedule.validateEvery = 20, r.schedule.average = 3,
    r.objective.guided = 0.2;
    return r;
}

} // namespace

struct CheckpointFixture {
    std::string path(const char* name) const { return m_folder.filePath(name); }
    static std::string bytes(const std::string& path) { return fixture::readAll(path); }
    TrainOptions options(const char* name) const {
        TrainOptions o;
        o.model = path(name) + ".safetensors";
        o.checkpoint = checkpointPathFor(o.model);
        o.probe = probeFile(probesPathFor(o.model));
        o.probes = {"a b c", "d e f g ||| g f e d"};
        return o;
    }
    void compare(const TrainOptions& a, const TrainOptions& b) const {
        for (const auto& [one, other] : {std::pair{a.model, b.model}, std::pair{a.checkpoint, b.checkpoint},
                                         std::pair{probesPathFor(a.model), probesPathFor(b.model)}}) {
            REQUIRE_MESSAGE(!bytes(one).empty(), one);
            REQUIRE_MESSAGE(bytes(one) == bytes(other), (one + " and " + other + " differ"));
        }
    }
    fixture::TemporaryFolder m_folder;
};

namespace {

struct ResumedEqualsUninterruptedRow {
    std::string row;
    int stopAt;
    int every;
};

std::vector<ResumedEqualsUninterruptedRow> resumedEqualsUninterruptedRows() {
    std::vector<ResumedEqualsUninterruptedRow> rows;
    rows.push_back({"before anything", 0, 0});
    rows.push_back({"after the first update", 1, 7});
    rows.push_back({"between validations", 33, 0});
    rows.push_back({"at a validation", 40, 0});
    rows.push_back({"just before the end", 89, 10});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(CheckpointFixture, "resumed equals uninterrupted") {
    for (const ResumedEqualsUninterruptedRow& row : resumedEqualsUninterruptedRows()) {
        CAPTURE(row.row);
        const int stopAt = row.stopAt;
        const int every = row.every;
        const TrainRecipe recipe = small(90);
        const TrainOptions whole = options("whole");
        TrainOptions cut = options("cut");
        cut.checkpointEvery = every; // how often it is written changes nothing
        if (bytes(whole.model).empty()) train(recipe, whole);

        std::stop_source stop;
        if (stopAt == 0) stop.request_stop();
        const TrainResult first = train(
            recipe, cut,
            [&](const TrainProgress& p) {
                if (p.update == stopAt) stop.request_stop();
            },
            stop.get_token());
        REQUIRE(first.interrupted);
        REQUIRE(first.updates == stopAt);
        REQUIRE(openModel(cut.model) != nullptr); // usable at once
        const TrainResult second = resumeTraining(readCheckpoint(cut.checkpoint), cut);
        REQUIRE(!second.interrupted);
        compare(whole, cut);
        // A training that has ended ends in the same way when it is taken up again.
        resumeTraining(readCheckpoint(cut.checkpoint), cut);
        compare(whole, cut);
    }
}

TEST_CASE_FIXTURE(CheckpointFixture, "stopped in a validation") {
    // Stopped after the update that a validation follows, before it: the validation is made later.
    const TrainRecipe recipe = small(40);
    const TrainOptions whole = options("whole2"), cut = options("cut2");
    train(recipe, whole);
    std::stop_source stop;
    train(
        recipe, cut,
        [&](const TrainProgress& p) {
            if (p.update == 40 && !p.validated) stop.request_stop();
        },
        stop.get_token());
    REQUIRE(readCheckpoint(cut.checkpoint).state.validatedAt == 20);
    const TrainResult result = resumeTraining(readCheckpoint(cut.checkpoint), cut);
    REQUIRE(!result.interrupted);
    compare(whole, cut);
}

TEST_CASE_FIXTURE(CheckpointFixture, "what is written is read") {
    const TrainOptions o = options("written");
    train(small(30), o);
    const Checkpoint read = readCheckpoint(o.checkpoint);
    REQUIRE(read.recipe == small(30));
    REQUIRE(read.state.update == 30);
    REQUIRE(read.state.kept.size() == 2U);
    REQUIRE(read.state.kept[0].loss <= read.state.kept[1].loss);
    writeCheckpoint(path("again.training"), read);
    REQUIRE(bytes(path("again.training")) == bytes(o.checkpoint));
}

TEST_CASE_FIXTURE(CheckpointFixture, "a checkpoint of version 1 goes on to the same model") {
    // Version 1 had all fields of the recipe at its top, and none of those that came later.
    const TrainRecipe recipe = small(60);
    const TrainOptions whole = options("whole1"), cut = options("cut1");
    train(recipe, whole);
    std::stop_source stop;
    train(
        recipe, cut,
        [&](const TrainProgress& p) {
            if (p.update == 33) stop.request_stop();
        },
        stop.get_token());
    const std::string file = bytes(cut.checkpoint);
    std::uint64_t length = 0;
    for (int i = 7; i >= 0; --i)
        length = length << 8 | static_cast<unsigned char>(file[static_cast<std::size_t>(i)]);
    nlohmann::json header = nlohmann::json::parse(file.substr(8, length));
    nlohmann::json& metadata = header["__metadata__"];
    const auto nested = nlohmann::json::parse(metadata["recipe"].get<std::string>());
    nlohmann::json flat;
    for (const auto& [name, value] : nested.items())
        if (value.is_object())
            flat.update(value);
        else
            flat[name] = value;
    for (const char* later : {"sides", "coverage", "copy", "coverage_weight"})
        REQUIRE(flat.erase(later) == 1);
    metadata["recipe"] = flat.dump();
    metadata["version"] = "1";
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    fixture::writeAll(cut.checkpoint, fixture::littleEndian(text.size()) + text + file.substr(8 + length));
    REQUIRE(readCheckpoint(cut.checkpoint).recipe == recipe);
    resumeTraining(readCheckpoint(cut.checkpoint), cut);
    compare(whole, cut);
}

TEST_CASE_FIXTURE(CheckpointFixture, "faults are told") {
    const TrainOptions o = options("faults");
    train(small(20), o);
    const auto message = [](const std::string& file) -> std::string {
        try {
            readCheckpoint(file);
        } catch (const Error& e) {
            return e.what();
        }
        return "";
    };
    REQUIRE(fixture::contains(message(o.model), "faults.training")); // the model instead of the checkpoint
    REQUIRE(fixture::contains(message(path("none.training")), "none.training"));
    std::string text = bytes(o.checkpoint);
    const Checkpoint whole = readCheckpoint(o.checkpoint);
    // The first number of the first array becomes NaN.
    const std::size_t header = 8 + *reinterpret_cast<const std::uint64_t*>(text.data());
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::copy_n(reinterpret_cast<const char*>(&nan), sizeof nan, text.data() + header);
    fixture::writeAll(path("nan.training"), text);
    REQUIRE_MESSAGE(fixture::contains(message(path("nan.training")), "current/source_embedding.W"),
                    message(path("nan.training")));
    std::filesystem::resize_file(path("nan.training"), text.size() - 100);
    REQUIRE(!message(path("nan.training")).empty());
    Checkpoint bad = whole;
    bad.state.square[3](0, 0) = std::numeric_limits<float>::infinity();
    const std::string name = "square/" + modelSchema(bad.spec)[3].name;
    try {
        writeCheckpoint(o.checkpoint, bad);
        FAIL("an infinite number was written");
    } catch (const Error& e) {
        REQUIRE_MESSAGE(fixture::contains(e.what(), name), e.what());
    }
    REQUIRE(bytes(o.checkpoint).size() == bytes(path("nan.training")).size() + 100); // still there
    readCheckpoint(o.checkpoint);
}

TEST_CASE_FIXTURE(CheckpointFixture, "another corpus is refused") {
    const TrainOptions o = options("corpus");
    train(small(20), o);
    Checkpoint checkpoint = readCheckpoint(o.checkpoint);
    checkpoint.corpus ^= 1;
    try {
        resumeTraining(checkpoint, o);
        FAIL("a training went on with other sentences");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::Data);
    }
}

TEST_CASE_FIXTURE(CheckpointFixture, "averaging is the mean") {
    std::vector<KeptSet> sets(3);
    for (int k = 0; k < 3; ++k) {
        sets[static_cast<std::size_t>(k)].values = {Matrix<float>(1, 2), Matrix<float>(1, 1)};
        sets[static_cast<std::size_t>(k)].values[0](0, 0) = static_cast<float>(k + 1);
        sets[static_cast<std::size_t>(k)].values[0](0, 1) = static_cast<float>(-4 * k);
        sets[static_cast<std::size_t>(k)].values[1](0, 0) = 0.5f;
    }
    const ParameterValues mean = meanOf(sets);
    REQUIRE(mean[0](0, 0) == 2.0f);
    REQUIRE(mean[0](0, 1) == -4.0f);
    REQUIRE(mean[1](0, 0) == 0.5f);

    // At a tiny learning rate the sets are neighbours; the mean or the best is kept, by its loss.
    TrainRecipe recipe = small(80);
    TrainOptions o = options("average");
    const TrainResult result = train(recipe, o);
    REQUIRE(!result.averaging.empty());
    const Checkpoint last = readCheckpoint(o.checkpoint);
    REQUIRE(last.state.kept.size() == 3U);
    REQUIRE(*result.validationLoss <= last.state.kept.front().loss);
    const bool averaged = *result.validationLoss < last.state.kept.front().loss;
    const ParameterValues expected = averaged ? meanOf(last.state.kept) : last.state.kept.front().values;
    for (std::size_t i = 0; i < expected.size(); ++i)
        REQUIRE(result.model->parameters().entries()[i].var.value() == expected[i]);
    recipe.schedule.average = 1;
    REQUIRE(train(recipe).averaging.empty());
}

TEST_CASE_FIXTURE(CheckpointFixture, "explosion keeps the last good model") {
    TrainRecipe recipe = small(400);
    recipe.optimiser.learningRate = 100;
    recipe.schedule.warmUp = 200; // learns before it explodes
    recipe.schedule.validateEvery = 2;
    recipe.schedule.patience = 1000;
    const TrainOptions o = options("explodes");
    try {
        train(recipe, o);
        FAIL("a learning rate of 100 went unnoticed");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::Data);
        const std::string text = e.what();
        for (const char* part : {"diverged at update", "learning rate", "nats a word", "explodes.training"})
            REQUIRE_MESSAGE(fixture::contains(text, part), e.what());
        bool named = false;
        for (const ParameterShape& shape : modelSchema(openModel(o.model)->spec()))
            named = named || fixture::contains(text, shape.name);
        REQUIRE_MESSAGE(named, e.what());
    }
    REQUIRE(readCheckpoint(o.checkpoint).state.update > 0);
}

TEST_CASE_FIXTURE(CheckpointFixture, "arrays that are not finite are named") {
    Parameters<float> parameters;
    for (const char* name : {"one", "two", "three"}) parameters.add({name, {2}}, Matrix<float>(1, 2, 1.0f));
    const auto text = [&] { return divergenceText(parameters, "so", 12, 0.5); };
    parameters["three"].mutableValue()(0, 1) = -7;
    REQUIRE_MESSAGE((fixture::contains(text(), "7") && fixture::contains(text(), "three") &&
                     fixture::contains(text(), "12")),
                    text());
    parameters["two"].mutableGrad()(0, 1) = std::numeric_limits<float>::infinity();
    parameters["three"].mutableGrad()(0, 1) = std::numeric_limits<float>::quiet_NaN();
    REQUIRE_MESSAGE((fixture::contains(text(), "gradient") && fixture::contains(text(), "two")), text());
    parameters["one"].mutableValue()(0, 0) = std::numeric_limits<float>::quiet_NaN();
    REQUIRE_MESSAGE((fixture::contains(text(), "one") && !fixture::contains(text(), "two")), text());
}

TEST_CASE_FIXTURE(CheckpointFixture, "patience is told") {
    TrainRecipe recipe = small(2000);
    recipe.optimiser.learningRate = 0.5; // too large to get better for long, too small to explode
    recipe.schedule.validateEvery = 5;
    recipe.schedule.patience = 2;
    const TrainOptions o = options("patience");
    const TrainResult result = train(recipe, o);
    REQUIRE((!result.interrupted && result.updates < 2000));
    REQUIRE(result.withoutBetter == 2);
    REQUIRE(resumeTraining(readCheckpoint(o.checkpoint), o).withoutBetter == 2);
    REQUIRE(train(small(20)).withoutBetter == 0);
}

TEST_CASE_FIXTURE(CheckpointFixture, "abandoned parts go away") {
    const pid_t dead = fork();
    if (dead == 0) _exit(0);
    REQUIRE(waitpid(dead, nullptr, 0) == dead);
    const std::string target = path("parts.txt"), gone = target + ".part-" + std::to_string(dead);
    const std::string others[] = {target + ".part-1",                        // of a process that runs
                                  target + ".part-x" + std::to_string(dead), // of somebody else
                                  path("other.txt.part-") + std::to_string(dead)};
    const auto make = [](const std::string& name) {
        fixture::writeAll(name, "part");
        return fixture::readAll(name) == "part";
    };
    REQUIRE((make(gone) && make(gone + "-3")));
    for (const std::string& name : others) REQUIRE(make(name));
    AtomicFile first(target); // not disturbed by the second one
    first.write("first");
    AtomicFile second(target);
    second.write("second");
    first.commit();
    second.commit();
    REQUIRE(bytes(target) == "second");
    REQUIRE(!std::filesystem::exists(gone));
    REQUIRE(!std::filesystem::exists(gone + "-3"));
    for (const std::string& name : others) REQUIRE(std::filesystem::exists(name));
}

TEST_CASE("probes are traces of a copy of the model") {
    TrainOptions options;
    options.probes = {"a b c", "d e ||| e d"};
    std::vector<ProbeTrace> probes;
    options.probe = [&](const ProbeTrace& probe) { probes.push_back(probe); };
    const TrainResult result = train(small(20), options);
    std::vector<int> updates;
    for (const ProbeTrace& probe : probes) updates.push_back(probe.update);
    REQUIRE(updates == (std::vector<int>{0, 0, 1, 1, 2, 2, 5, 5, 10, 10, 20, 20}));
    for (std::size_t i = 0; i < probes.size(); ++i) {
        REQUIRE(probes[i].sentence == i % 2);
        REQUIRE(probes[i].trace->sourceText == (i % 2 ? "d e" : "a b c"));
    }
    // The last trace is what the model that came out of it makes of the sentence.
    Recipe recipe;
    recipe.source = "a b c";
    const TracePtr again = run(*result.model, recipe), last = probes[10].trace;
    REQUIRE(again->steps.size() == last->steps.size());
    for (std::size_t t = 0; t < again->steps.size(); ++t)
        REQUIRE(again->steps[t].logProb == last->steps[t].logProb);
    REQUIRE(probes[0].trace->steps[0].logProb != last->steps[0].logProb);
}

TEST_CASE_FIXTURE(CheckpointFixture, "probes are replayable") {
    const TrainOptions o = options("probes");
    train(small(40), o);
    std::vector<int> updates;
    std::istringstream lines(bytes(probesPathFor(o.model)));
    for (std::string line; std::getline(lines, line);) {
        const auto json = nlohmann::json::parse(line);
        updates.push_back(json["update"].get<int>());
        const std::size_t S = json["source"].size(), T = json["target"].size();
        REQUIRE(json["weights"].size() == 1U); // heads
        REQUIRE(json["weights"][0].size() == T);
        for (const auto& row : json["weights"][0]) {
            REQUIRE(row.size() == S);
            double total = 0;
            for (const auto& w : row) total += w.get<double>();
            REQUIRE(std::abs(total - 1) < 1e-3);
        }
        if (S == 5) REQUIRE(json["target"] == nlohmann::json({"g", "f", "e", "d", "</s>"})); // forced
    }
    REQUIRE(updates == (std::vector<int>{0, 0, 1, 1, 2, 2, 5, 5, 10, 10, 20, 20, 40, 40}));
}
