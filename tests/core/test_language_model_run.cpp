// SPDX-License-Identifier: GPL-3.0-or-later
// Language models as whole models: runs, searches, batches, files, evaluation and training agree with one
// another and with the network.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/evaluate/evaluation.h"
#include "core/io/model_file.h"
#include "core/model/networks.h"
#include "core/run/forced_target.h"
#include "core/run/run.h"
#include "core/run/search/search.h"
#include "core/run/self_test.h"
#include "core/run/translate.h"
#include "core/run/word_choice.h"
#include "core/trace/trace_text.h"
#include "core/train/language_model_preset.h"
#include "core/train/trainer.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

const std::vector<std::string> kWords{"a", "b", "c", "d", "e"};

/// A model of a preset with random weights, loud enough that no distribution is near uniform.
ModelPtr modelOf(const std::string& preset, const std::function<void(LanguageModelSpec&)>& change = {},
                 std::uint64_t seed = 3) {
    ModelRecipe recipe;
    recipe.attention = preset;
    recipe.embedding = 6;
    recipe.decoderWidth = 12;
    recipe.attentionWidth = 5;
    recipe.readoutWidth = 7;
    recipe.decoderLayers = 2;
    const Vocabulary words = Vocabulary::ofWords(kWords);
    LanguageModelSpec spec = languageModelSpec(recipe, words.size()).value();
    if (change) change(spec);
    REQUIRE(toText(spec.validate()) == "");
    Random random(seed);
    auto parameters = Parameters<float>::initialised(spec.schema(), random);
    for (auto& entry : parameters.entries())
        for (float& x : entry.var.mutableValue()) x = 2 * x + 0.3F * static_cast<float>(random.normal());
    ModelCard card;
    card.name = "text";
    card.never = {"<pad>", "<s>", "<unk>"};
    card.examples = {"a b"};
    return std::make_shared<const Model>(card, spec, std::vector<Side>{makeSide(SideRole::Target, words)},
                                         std::move(parameters));
}

std::vector<ModelPtr> models() {
    std::vector<ModelPtr> all;
    for (const Preset& preset : languageModelPresets()) all.push_back(modelOf(preset.name));
    all.push_back(modelOf("daniluk2017-key-value", [](LanguageModelSpec& s) { s.attention->window = 2; }));
    all.push_back(modelOf("lstmn", [](LanguageModelSpec& s) { s.rnn.cell.startSlot = true; }));
    return all;
}

Recipe recipeOf(const std::string& prompt, SearchKind kind = SearchKind::Greedy) {
    Recipe recipe;
    recipe.source = prompt;
    recipe.search = kind;
    recipe.maxSteps = 14;
    return recipe;
}

std::vector<int> idsOf(const Trace& trace) {
    std::vector<int> ids;
    for (const int step : trace.bestPath()) ids.push_back(trace.steps[static_cast<std::size_t>(step)].wordId);
    return ids;
}

std::vector<double> logProbsOf(const Trace& trace) {
    std::vector<double> all;
    for (const int step : trace.bestPath())
        all.push_back(static_cast<double>(trace.steps[static_cast<std::size_t>(step)].logProb));
    return all;
}

bool near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](double x, double y) { return std::abs(x - y) <= tolerance; });
}

const std::vector<std::string> kPrompts{"", "a", "b c a", "e e d c b a"};

std::string messageOf(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("a prompt is given and the search goes on from it") {
    for (const ModelPtr& model : models())
        for (const std::string& prompt : kPrompts) {
            const TracePtr trace = run(*model, recipeOf(prompt));
            const auto typed = model->target().tokeniser.tokeniseTexts(prompt);
            REQUIRE(trace->prompt == static_cast<int>(typed.size()));
            const std::vector<int> path = trace->bestPath();
            REQUIRE(path.size() > typed.size());
            const auto words = trace->words(path);
            CHECK(std::equal(typed.begin(), typed.end(), words.begin()));
            for (std::size_t t = 0; t < path.size(); ++t) {
                const StepTrace& step = trace->steps[static_cast<std::size_t>(path[t])];
                CHECK(step.forced == (t < typed.size()));
                const Pass& pass = trace->passOf(path[t]);
                CHECK(pass.inputText == (t == 0 ? "<s>" : words[t - 1]));
                if (t < typed.size()) continue;
                const auto& all = pass.output->candidates;
                const auto& never = model->card().never;
                const auto best = std::find_if(all.begin(), all.end(), [&](const Candidate& candidate) {
                    return std::find(never.begin(), never.end(), candidate.text) == never.end();
                });
                CHECK(step.wordId == best->id);
            }
        }
}

TEST_CASE("a beam of one and a temperature of 0 are greedy") {
    for (const ModelPtr& model : models())
        for (const std::string& prompt : kPrompts) {
            const TracePtr greedy = run(*model, recipeOf(prompt));
            Recipe beam = recipeOf(prompt, SearchKind::Beam);
            beam.beam.width = 1;
            CHECK(idsOf(*run(*model, beam)) == idsOf(*greedy));
            CHECK(logProbsOf(*run(*model, beam)) == logProbsOf(*greedy));
            Recipe cold = recipeOf(prompt, SearchKind::Sample);
            cold.sample.temperature = 0;
            CHECK(idsOf(*run(*model, cold)) == idsOf(*greedy));
            CHECK(logProbsOf(*run(*model, cold)) == logProbsOf(*greedy));
        }
}

TEST_CASE("a beam is never worse than greedy, and beams of a batch are those of a run") {
    for (const ModelPtr& model : models())
        for (const std::string& prompt : kPrompts) {
            const auto total = [](const Trace& trace) {
                return trace.steps[static_cast<std::size_t>(trace.leaves.front())].score.total;
            };
            Recipe beam = recipeOf(prompt, SearchKind::Beam);
            beam.beam.width = 4;
            const TracePtr wide = run(*model, beam);
            CHECK(total(*wide) >= total(*run(*model, recipeOf(prompt))) - 1e-6);
            TranslateOptions options;
            options.search = SearchKind::Beam;
            options.beam = beam.beam;
            options.maxSteps = beam.maxSteps;
            const auto ids = model->target().vocabulary.ids(model->target().tokeniser.tokeniseTexts(prompt));
            const auto found = translate(*model, {{4}, ids, {}}, options);
            CHECK(found[1].ids == idsOf(*wide));
        }
}

TEST_CASE("the greedy text forced has greedy's probabilities") {
    for (const ModelPtr& model : models())
        for (const std::string& prompt : kPrompts) {
            const TracePtr greedy = run(*model, recipeOf(prompt));
            Recipe forced = recipeOf(prompt);
            forcedTarget(*model, *greedy, greedy->bestPath()).applyTo(forced);
            const TracePtr again = run(*model, forced);
            std::vector<int> ids = idsOf(*greedy);
            if (!greedy->complete) ids.push_back(model->target().vocabulary.special().eos);
            CHECK(idsOf(*again) == ids);
            std::vector<double> logProbs = logProbsOf(*again);
            logProbs.resize(greedy->bestPath().size());
            CHECK(logProbs == logProbsOf(*greedy));
        }
}

TEST_CASE("batches are the runs, whatever stands beside a text") {
    for (const ModelPtr& model : models()) {
        const Side& side = model->target();
        std::vector<std::vector<int>> prompts, targets;
        for (const std::string& prompt : kPrompts) {
            prompts.push_back(side.vocabulary.ids(side.tokeniser.tokeniseTexts(prompt)));
            targets.push_back({5, 7, 4, side.vocabulary.special().eos});
        }
        TranslateOptions options;
        options.maxSteps = 14;
        const auto free = translate(*model, prompts, options), followed = follow(*model, prompts, targets);
        for (std::size_t i = 0; i < kPrompts.size(); ++i) {
            const TracePtr greedy = run(*model, recipeOf(kPrompts[i]));
            CHECK(free[i].ids == idsOf(*greedy));
            CHECK(near(free[i].logProbs, logProbsOf(*greedy), 1e-4));
            Recipe forced = recipeOf(kPrompts[i], SearchKind::Forced);
            forced.target = "b d a";
            const TracePtr along = run(*model, forced);
            CHECK(followed[i].ids == idsOf(*along));
            CHECK(near(followed[i].logProbs, logProbsOf(*along), 1e-4));
        }
    }
}

TEST_CASE("a run's probabilities and weights are those of the text read whole") {
    for (const ModelPtr& model : models()) {
        Recipe recipe = recipeOf("b c", SearchKind::Forced);
        recipe.target = "a e e d";
        const TracePtr trace = run(*model, recipe);
        const std::vector<int> path = trace->bestPath(), ids = idsOf(*trace);
        std::vector<int> previous{model->target().vocabulary.special().bos};
        previous.insert(previous.end(), ids.begin(), ids.end() - 1);
        const auto& network = *model->networkIf<LanguageModel<float>>();
        const auto whole = network.read(nullptr, previous, {static_cast<int>(previous.size())});
        const Matrix<float> logits = network.logits(nullptr, whole.features).value();
        for (int t = 0; t < logits.rows(); ++t) {
            double sum = 0;
            for (int id = 0; id < logits.cols(); ++id) sum += std::exp(static_cast<double>(logits(t, id)));
            CHECK(static_cast<double>(logits(t, ids[static_cast<std::size_t>(t)])) - std::log(sum) ==
                  doctest::Approx(logProbsOf(*trace)[static_cast<std::size_t>(t)]).epsilon(1e-4));
            if (!whole.attention) continue;
            const Row* const row = trace->row(0, t, path);
            REQUIRE(row);
            REQUIRE(row->heads.front().weights.size() == static_cast<std::size_t>(t) + 1);
            for (int j = 0; j <= t; ++j)
                CHECK(std::abs(row->heads.front().weights[static_cast<std::size_t>(j)] -
                               whole.attention->heads.front().factors.weights.value()(t, j)) < 1e-5F);
        }
    }
}

TEST_CASE("the map is causal: no word looks at itself or at later ones") {
    for (const ModelPtr& model : models()) {
        const TracePtr trace = run(*model, recipeOf("b c a"));
        const std::vector<int> path = trace->bestPath();
        const auto& spec = std::get<LanguageModelSpec>(model->spec());
        const std::size_t layers = spec.rnn.cell.kind == CellKind::Lstmn ? 2 : 0;
        REQUIRE(trace->sites.size() == layers + (spec.attention ? 1 : 0));
        for (std::size_t s = 0; s < trace->sites.size(); ++s) {
            const Site& site = trace->sites[s];
            CHECK(site.kind == SiteKind::DecoderSelf);
            CHECK((site.queryAxis == 0 && site.keyAxis == 1 && trace->axes[1].read));
            for (int t = 0; t < static_cast<int>(path.size()); ++t) {
                const Row* const row = trace->row(static_cast<int>(s), t, path);
                REQUIRE(row);
                CHECK(row->query == t);
                const HeadTrace& head = row->heads.front();
                double sum = 0;
                for (std::size_t j = 0; j < head.weights.size(); ++j) {
                    sum += static_cast<double>(head.weights[j]);
                    if (static_cast<int>(j) >= t) CHECK((head.weights[j] == 0 && !head.allowed[j]));
                }
                CHECK(head.scores.size() == head.weights.size());
                if (t == 0)
                    CHECK(sum == 0);
                else if (!spec.rnn.cell.startSlot)
                    CHECK(sum == doctest::Approx(1));
                else
                    CHECK((sum > 0 && sum < 1)); // the slot has the rest
            }
        }
    }
}

TEST_CASE("a search projects one key a hypothesis and step") {
    const ModelPtr model = modelOf("daniluk2017-key-value");
    const auto& network = *model->networkIf<LanguageModel<float>>();
    const Vocabulary& words = model->target().vocabulary;
    const WordChoice choice(*model);
    for (const SearchKind kind : {SearchKind::Greedy, SearchKind::Beam}) {
        SearchOptions options;
        options.kind = kind;
        options.beam.width = 3;
        options.beam.keepGreedy = false;
        int steps = 0;
        long long projected = 0, most = 0;
        const auto count = [&](const auto&, const LanguageModelStep<float>& step, const auto&, int) {
            if (step.state.memory.positions > steps) {
                steps = step.state.memory.positions;
                most += step.state.memory.batch;
            }
            projected = step.state.memory.projectedRows;
        };
        auto encoding = network.encode(nullptr, 1);
        auto state = network.start(nullptr, encoding);
        search(network, std::move(encoding), std::move(state),
               Hypotheses(options, choice, words.special(), words.size(),
                          {SearchSentence{12, {4, 5, 7, 6, 4}, 0}}),
               count);
        REQUIRE(steps > 3);
        CHECK(projected == most);
    }
}

TEST_CASE("a file holds it, in both types, and its self-test is checked") {
    const fixture::TemporaryFolder folder;
    for (const ModelPtr& plain : models()) {
        const ModelPtr model =
            std::make_shared<const Model>(plain->card(), plain->spec(), plain->sides(), plain->parameters(),
                                          makeSelfTest(*plain, "a b", 9));
        const std::string path = folder.filePath("text.safetensors");
        saveModel(*model, path, StoredType::F32);
        const ModelPtr again = openModel(path);
        CHECK(again->spec() == model->spec());
        CHECK(again->card() == model->card());
        CHECK(again->source() == nullptr);
        CHECK(again->target().vocabulary == model->target().vocabulary);
        CHECK(traceText(*run(*again, recipeOf("c"))) == traceText(*run(*model, recipeOf("c"))));
        saveModel(*model, path, StoredType::F16);
        CHECK(openModel(path)->selfTest());
        SelfTest wrong = *model->selfTest();
        wrong.logProbs.back() -= 0.1;
        const Model lying(model->card(), model->spec(), model->sides(), model->parameters(), wrong);
        CHECK(messageOf([&] {
                  saveModel(lying, path, StoredType::F32);
                  openModel(path);
              }).find("self") != std::string::npos);
    }
}

TEST_CASE("perplexity is that of its own forced probabilities") {
    for (const ModelPtr& model : models()) {
        std::vector<EvalPair> texts;
        double logProb = 0;
        long long words = 0;
        for (const char* text : {"a b c", "e", "d d a b", "c a"}) {
            texts.push_back({"", text, model->target().tokeniser.tokeniseTexts(text), {}, 0});
            Recipe forced = recipeOf("", SearchKind::Forced);
            forced.target = text;
            for (const double x : logProbsOf(*run(*model, forced))) {
                logProb += x;
                ++words;
            }
        }
        const Evaluation found = evaluate(*model, texts, "texts", {});
        CHECK(!found.translated);
        CHECK(found.words == words);
        CHECK(found.perplexity() ==
              doctest::Approx(std::exp(-logProb / static_cast<double>(words))).epsilon(1e-4));
        CHECK(!found.alignment);
    }
}

TEST_CASE("what needs a source is refused with a reason") {
    const ModelPtr model = modelOf("daniluk2017-attention");
    CHECK(messageOf([&] { encoderDecoder(*model); }).find("language_model") != std::string::npos);
    Recipe beam = recipeOf("a", SearchKind::Beam);
    beam.beam.coveragePenalty = 0.2;
    CHECK(messageOf([&] { run(*model, beam); }).find("coverage") != std::string::npos);
    CHECK(messageOf([&] { taskPairs(*model, "reverse", 2, 1); }).find("en-lm") != std::string::npos);
    CHECK(messageOf([&] { run(*model, recipeOf("\xFF")); }).find("UTF-8") != std::string::npos);
    TrainRecipe recipe;
    recipe.data.task = "en-lm";
    CHECK(messageOf([&] { train(recipe); }).find("daniluk2017-attention") != std::string::npos);
    recipe.model.attention = "lstmn";
    recipe.model.coverage = true;
    CHECK(messageOf([&] { train(recipe); }).find("coverage") != std::string::npos);
    recipe.data.task = "en-fr";
    CHECK(messageOf([&] { train(recipe); }).find("sides") != std::string::npos);
}

TEST_CASE("a training that was stopped and resumed is one that was not, bit for bit") {
    const fixture::TemporaryFolder folder;
    TrainRecipe recipe;
    recipe.data.task = "en-lm";
    recipe.data.validationPairs = 20;
    recipe.model.attention = "daniluk2017-key-value-predict";
    recipe.model.embedding = 8;
    recipe.model.decoderWidth = 12;
    recipe.model.attentionWidth = recipe.model.readoutWidth = 8;
    recipe.optimiser.batchWords = 96;
    recipe.schedule.steps = 30;
    recipe.schedule.validateEvery = 10;
    const auto optionsOf = [&](const char* name) {
        TrainOptions options;
        options.model = folder.filePath(name) + ".safetensors";
        options.checkpoint = checkpointPathFor(options.model);
        return options;
    };
    const TrainOptions whole = optionsOf("whole"), parts = optionsOf("parts");
    train(recipe, whole);
    std::stop_source stop;
    train(
        recipe, parts,
        [&](const TrainProgress& progress) {
            if (progress.update == 13) stop.request_stop();
        },
        stop.get_token());
    const Checkpoint checkpoint = readCheckpoint(parts.checkpoint);
    CHECK(checkpoint.state.update == 13);
    const TrainResult result = resumeTraining(checkpoint, parts);
    CHECK(fixture::readAll(parts.model) == fixture::readAll(whole.model));
    CHECK(fixture::readAll(parts.checkpoint) == fixture::readAll(whole.checkpoint));
    CHECK(result.model->source() == nullptr);
    CHECK(result.model->card().task == "en-lm");
}
