// SPDX-License-Identifier: GPL-3.0-or-later
// Batches, optimiser and trainer: padding changes nothing, the same recipe gives the same model, and a
// short training learns.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "core/model/networks.h"
#include "core/run/run.h"
#include "core/tasks/split.h"
#include "core/train/adam.h"
#include "core/train/loss.h"
#include "core/train/preset.h"
#include "core/train/trainer.h"
#include "core/train/workers.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

TrainRecipe small(int steps) {
    TrainRecipe r;
    r.data.task = "reverse";
    r.model.embedding = 16, r.model.encoderWidth = 16, r.model.decoderWidth = 24, r.model.attentionWidth = 16,
    r.model.readoutWidth = 16;
    r.optimiser.batchWords = 192, r.schedule.steps = steps, r.schedule.warmUp = 20,
    r.optimiser.learningRate = 5e-3, r.noise.embeddingDropout = r.noise.layerDropout = 0.1;
    r.data.validationPairs = 40, r.schedule.validateEvery = 100;
    return r;
}

} // namespace

TEST_CASE("padding changes nothing") {
    TrainRecipe recipe = small(1);
    for (const Preset& preset : presets()) {
        if (preset.family != EncoderDecoderSpec::family) continue;
        recipe.model.attention = preset.name;
        recipe.model.heads = 2;
        if (preset.name == "luong2015-dot" || preset.name == "cosine") recipe.model.decoderWidth = 32;
        const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d"});
        const EncoderDecoderSpec spec = presetSpec(recipe.model, words.size(), words.size());
        Random random(2);
        const Parameters<double> parameters = Parameters<double>::initialised(spec.schema(), random);
        const EncoderDecoder<double> network(spec, parameters);
        const std::vector<EncodedPair> pairs{
            {{4, 5, 6, 7, 2}, {4, 2}, {}}, {{6, 2}, {5, 7, 4, 2}, {}}, {{5, 5, 2}, {6, 6, 2}, {}}};
        double apart = 0;
        for (const EncodedPair& pair : pairs)
            apart += batchLoss<double>(nullptr, network, makeBatch({pair}, words, words)).value()(0, 0);
        const double together =
            batchLoss<double>(nullptr, network, makeBatch(pairs, words, words)).value()(0, 0);
        REQUIRE_MESSAGE(std::abs(apart - together) < 1e-9,
                        preset.name << ": " << apart << " apart, " << together << " together");
    }
}

TEST_CASE("adam is its formula") {
    Parameters<float> parameters;
    parameters.add({"x", {2}}, Matrix<float>(1, 2, 1.0f));
    Leaf<float>& x = parameters["x"];
    Adam adam(parameters);
    double mean[2] = {0, 0}, square[2] = {0, 0}, at[2] = {1, 1};
    const double gradients[3][2] = {{0.3, -0.1}, {0.2, 0.4}, {-0.5, 0.05}};
    for (int step = 1; step <= 3; ++step) {
        double norm = 0;
        for (int i = 0; i < 2; ++i) {
            x.mutableGrad()(0, i) = static_cast<float>(2 * gradients[step - 1][i]);
            norm += gradients[step - 1][i] * gradients[step - 1][i];
        }
        const double clip = std::min(1.0, 0.4 / std::sqrt(norm));
        const double told = adam.step(0.1, 0.5, 0.4);
        REQUIRE(std::abs(told - std::sqrt(norm)) < 1e-6);
        for (int i = 0; i < 2; ++i) {
            const double g = gradients[step - 1][i] * clip;
            mean[i] = 0.9 * mean[i] + 0.1 * g;
            square[i] = 0.999 * square[i] + 0.001 * g * g;
            at[i] -= 0.1 * (mean[i] / (1 - std::pow(0.9, step))) /
                     (std::sqrt(square[i] / (1 - std::pow(0.999, step))) + 1e-8);
            REQUIRE_MESSAGE(std::abs(static_cast<double>(x.value()(0, i)) - at[i]) < 1e-4,
                            std::to_string(step));
            REQUIRE(x.grad()(0, i) == 0.0f);
        }
    }
}

TEST_CASE("every preset is sound and learns") {
    for (const Preset& preset : presets()) {
        TrainRecipe recipe = small(60);
        if (preset.family == LanguageModelSpec::family) recipe.data.sides = TextSides::Target;
        recipe.schedule.validateEvery = 30; // makes it report
        recipe.model.attention = preset.name;
        recipe.model.heads = 2;
        if (preset.name == "luong2015-dot" || preset.name == "cosine") recipe.model.decoderWidth = 32;
        std::vector<double> losses;
        train(recipe, {}, [&](const TrainProgress& p) {
            if (!p.validated) losses.push_back(p.loss);
        });
        REQUIRE(losses.size() == 60U);
        const double begin = std::accumulate(losses.begin(), losses.begin() + 20, 0.0),
                     end = std::accumulate(losses.end() - 20, losses.end(), 0.0);
        REQUIRE_MESSAGE(end < begin, preset.name);
    }
}

TEST_CASE("same recipe same model") {
    const ModelPtr a = train(small(60)).model, b = train(small(60)).model;
    TrainRecipe other = small(60);
    other.seed = 2;
    const ModelPtr c = train(other).model;
    bool differs = false;
    for (const auto& entry : a->parameters().entries()) {
        REQUIRE_MESSAGE(entry.var.value() == b->parameters()[entry.shape.name].value(), entry.shape.name);
        differs = differs || !(entry.var.value() == c->parameters()[entry.shape.name].value());
    }
    REQUIRE(differs);
}

TEST_CASE("loss falls and the test is kept") {
    std::vector<double> validation;
    const ModelPtr model = train(small(300), {}, [&](const TrainProgress& p) {
                               if (p.validated) validation.push_back(p.validationLoss);
                           }).model;
    REQUIRE(validation.size() == 3U);
    REQUIRE(validation.back() < 0.9 * validation.front());
    REQUIRE(model->selfTest().has_value());
    Recipe recipe;
    recipe.source = model->selfTest()->source;
    const TracePtr trace = run(*model, recipe);
    REQUIRE(trace->words(trace->bestPath()) == model->selfTest()->target);
    for (std::size_t i = 0; i < trace->steps.size(); ++i)
        REQUIRE(std::abs(static_cast<double>(trace->steps[i].logProb) - model->selfTest()->logProbs[i]) <
                1e-9);
}

TEST_CASE("stop keeps what was learnt") {
    std::stop_source stop;
    int updates = 0;
    const TrainResult result = train(
        small(5000), {},
        [&](const TrainProgress&) {
            if (++updates == 7) stop.request_stop();
        },
        stop.get_token());
    REQUIRE(updates == 7);
    REQUIRE(result.updates == 7);
    REQUIRE((result.interrupted && !result.validationLoss && result.model));
}

TEST_CASE("learning rate is its formula") {
    TrainRecipe r;
    r.optimiser.learningRate = 0.8, r.schedule.warmUp = 4, r.schedule.steps = 12;
    const auto close = [](double a, double b) { return std::abs(a - b) < 1e-12; };
    for (const Decay decay : {Decay::Cosine, Decay::InverseSqrt, Decay::Constant}) {
        r.schedule.decay = decay;
        REQUIRE((close(r.learningRateAt(0), 0.2) && close(r.learningRateAt(2), 0.6)));
        REQUIRE(close(r.learningRateAt(3), 0.8));
    }
    REQUIRE(close(r.learningRateAt(11), 0.8));
    r.schedule.decay = Decay::InverseSqrt;
    REQUIRE(close(r.learningRateAt(15), 0.4)); // sqrt(4 / 16) of it
    r.schedule.decay = Decay::Cosine;
    REQUIRE(close(r.learningRateAt(4), 0.8));
    REQUIRE(close(r.learningRateAt(8), 0.408)); // half way from 0.8 to 0.016
    REQUIRE(close(r.learningRateAt(12), 0.016));
}

TEST_CASE("guided loss by hand") {
    // Two sentences, two target words each: the rows are word 0 of both, then word 1 of both.
    PairBatch batch;
    batch.source.lengths = {3, 2}, batch.source.positions = 3, batch.steps = 2, batch.words = 4;
    batch.gold = {4, 4, 2, 2};
    batch.links = {{{0, 0, true}, {2, 0, true}, {1, 0, false}}, {{1, 1, false}}};
    const auto gold = goldSources(batch);
    REQUIRE(gold == (std::vector<std::vector<int>>{{0, 2}, {}, {}, {1}})); // possible ones where none is sure
    REQUIRE(linkedWords(batch) == 2);
    REQUIRE(guidedWeight(0.5, batch) == 0.5 * 4 / 2);
    Matrix<double> weights(4, 3);
    const double values[] = {0.2, 0.5, 0.3, 0.4, 0.6, 0, 0.1, 0.1, 0.8, 0.75, 0.25, 0};
    std::copy(std::begin(values), std::end(values), weights.begin());
    const Var<double> w(weights, true);
    Tape<double> tape;
    const Var<double> loss = alignmentLoss(&tape, w, gold);
    REQUIRE(std::abs(loss.value()(0, 0) - (-std::log(0.5) - std::log(0.25))) < 1e-5);
    tape.backward(loss);
    const double expected[] = {-2, 0, -2, 0, 0, 0, 0, 0, 0, 0, -4, 0};
    for (int i = 0; i < 12; ++i) REQUIRE(std::abs(w.grad().data()[i] - expected[i]) < 1e-4);
}

TEST_CASE("guided loss moves attention") {
    // The reversed sentence's gold weight is larger in a model that was guided than in one that was not.
    double loss[2];
    for (const bool guided : {false, true}) {
        TrainRecipe recipe = small(100);
        recipe.objective.guided = guided ? 1 : 0;
        const ModelPtr model = train(recipe).model;
        const auto task = makeTask("reverse");
        Random random(9);
        std::vector<EncodedPair> pairs;
        for (int i = 0; i < 20; ++i)
            pairs.push_back(encodePair(task->generate(random), textFormOf(model->spec()),
                                       model->source()->vocabulary, model->target().vocabulary));
        const PairBatch batch = makeBatch(pairs, model->source()->vocabulary, model->target().vocabulary);
        const BatchLoss<float> parts =
            trainingLoss<float>(nullptr, encoderDecoder(*model), batch, {}, {0, 1, 0});
        REQUIRE(parts.guided.defined());
        loss[guided] = static_cast<double>(parts.guided.value()(0, 0)) / linkedWords(batch);
    }
    REQUIRE_MESSAGE(loss[1] < loss[0] - 0.1, loss[0] << " " << loss[1]);
}

TEST_CASE("dropped words are unknown") {
    const Vocabulary words = Vocabulary::ofWords({"a", "b"});
    std::vector<EncodedPair> pairs;
    for (int i = 0; i < 200; ++i) pairs.push_back({{4, 5, 4, 5, 2}, {5, 5, 4, 4, 2}, {}});
    pairs.push_back({{4, 2}, {5, 2}, {}});
    const PairBatch whole = makeBatch(pairs, words, words);
    PairBatch dropped = whole;
    Random random(3);
    dropWords(dropped, 0.25, words.special(), words.special(), random);
    REQUIRE(dropped.gold == whole.gold);
    int unknown = 0, could = 0;
    const auto count = [&](const std::vector<int>& before, const std::vector<int>& after) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            could += before[i] >= 4;
            unknown += after[i] != before[i];
            REQUIRE((after[i] == before[i] || (before[i] >= 4 && after[i] == 3)));
        }
    };
    count(whole.source.ids, dropped.source.ids);
    count(whole.previous, dropped.previous);
    REQUIRE(could == 1602);
    REQUIRE(std::abs(unknown - 400) < 90); // five standard deviations
}

TEST_CASE("shards make up the batch") {
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c"});
    const std::vector<EncodedPair> pairs{
        {{4, 2}, {4, 5, 6, 2}, {{0, 0, true}}}, {{4, 5, 2}, {6, 2}, {{1, 0, true}}}, {{5, 6, 4, 2}, {2}, {}}};
    const PairBatch batch = makeBatch(pairs, words, words);
    const PairBatch first = shardOf(batch, 0, 2), second = shardOf(batch, 1, 2);
    const PairBatch expected = makeBatch({pairs[0], pairs[2]}, words, words);
    REQUIRE(first.source.ids == expected.source.ids);
    REQUIRE(first.previous == expected.previous);
    REQUIRE(first.gold == expected.gold);
    REQUIRE(first.words == 5);
    REQUIRE(second.source.positions == 3); // no longer than its own sentence
    REQUIRE(second.steps == 2);
    REQUIRE((second.links.size() == 1 && second.links[0] == pairs[1].links));
}

TEST_CASE("threads change nothing but rounding") {
    const auto gradientsWith = [](int threads) {
        const TrainRecipe recipe = small(1);
        const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d"});
        const EncoderDecoderSpec spec = presetSpec(recipe.model, words.size(), words.size());
        Random random(4);
        auto parameters = Parameters<float>::initialised(spec.schema(), random);
        std::vector<EncodedPair> pairs;
        for (int i = 0; i < 7; ++i) {
            pairs.push_back({{}, {}, {{0, 0, true}}});
            for (int n = random.below(5); n >= 0; --n) pairs.back().source.push_back(4 + random.below(4));
            for (int n = random.below(5); n >= 0; --n) pairs.back().target.push_back(4 + random.below(4));
        }
        const PairBatch batch = makeBatch(pairs, words, words);
        Workers workers(spec, parameters, threads);
        Adam adam(parameters);
        std::vector<double> numbers;
        ObjectiveRecipe objective;
        objective.guided = 0.5;
        for (int update = 0; update < 3; ++update) { // the copies follow the updates
            numbers.push_back(workers.gradients(batch, objective));
            adam.step(1e-2, 1.0 / batch.words, 1.0, &workers);
        }
        numbers.push_back(workers.losses({batch, batch}).at(1));
        for (const auto& entry : parameters.entries())
            for (const float x : entry.var.value()) numbers.push_back(static_cast<double>(x));
        return numbers;
    };
    const std::vector<double> one = gradientsWith(1);
    for (const int threads : {2, 3, 12}) { // 12: more than there are sentences
        const std::vector<double> many = gradientsWith(threads);
        REQUIRE(many.size() == one.size());
        // Adam's first updates depend on the sign of a gradient alone, so that rounding can move a number
        // whose gradient is nearly zero; the losses tell whether anything else differs.
        for (std::size_t i = 0; i < 4; ++i)
            REQUIRE_MESSAGE(
                std::abs(many[i] - one[i]) < 1e-3 * std::abs(one[i]),
                threads << " threads, number " << i << ": " << many[i] << ", one thread " << one[i]);
        REQUIRE(gradientsWith(threads) == many); // the same number of threads, the same bits
    }
}

TEST_CASE("faults are told together") {
    TrainRecipe recipe = small(0);
    recipe.noise.layerDropout = 1;
    recipe.model.embedding = 0;
    try {
        train(recipe);
        FAIL("a recipe with faults was trained");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::Argument);
        for (const char* field : {"steps", "layer_dropout", "embedding"})
            REQUIRE_MESSAGE(fixture::contains(e.what(), field), e.what());
    }
}

TEST_CASE("splits are apart") {
    const auto task = makeTask("en-fr");
    Random random(1);
    int counts[3] = {0, 0, 0};
    for (int i = 0; i < 4000; ++i) ++counts[static_cast<int>(splitOf(task->generate(random)))];
    // 94, 3 and 3 of 100: within five standard deviations
    REQUIRE((std::abs(counts[1] - 120) < 55 && std::abs(counts[2] - 120) < 55));
    for (int i = 0; i < 50; ++i) REQUIRE(splitOf(generateFrom(*task, Split::Test, random)) == Split::Test);
}
