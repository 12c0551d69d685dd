// SPDX-License-Identifier: GPL-3.0-or-later
// Training of models that copy (See et al. 2017): what the targets are, the loss and its gradients, and a
// small model that learns to copy words which it has never seen.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/autograd/gradient_check.h"
#include "core/model/networks.h"
#include "core/run/run.h"
#include "core/train/loss.h"
#include "core/train/preset.h"
#include "core/train/trainer.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

using Ids = std::vector<int>;

/// A pointer-generator of a few units.
EncoderDecoderSpec smallSpec(int source, int target, CopyKind copy = CopyKind::Attention) {
    ModelRecipe recipe;
    recipe.attention = "pointer-generator";
    recipe.copy = copy;
    recipe.embedding = 3;
    recipe.encoderWidth = recipe.decoderWidth = recipe.attentionWidth = recipe.readoutWidth = 4;
    return presetSpec(recipe, source, target);
}

/// Parameters drawn at random, biases too.
template <typename T>
Parameters<T> randomParameters(const EncoderDecoderSpec& spec) {
    Random random(3);
    Parameters<T> all;
    for (const ParameterShape& shape : spec.schema()) {
        Matrix<T> value(shape.rows(), shape.cols());
        for (T& x : value) x = static_cast<T>(0.5 * random.normal());
        all.add(shape, std::move(value));
    }
    return all;
}

const Vocabulary kSource = Vocabulary::ofWords({"take", "the"}), kTarget = Vocabulary::ofWords({"the"});
constexpr int kThe = 4, kUnk = 3, kEnd = 2, kStart = 1; // of the target; it has 5 words

Example example(std::vector<std::string> source, std::vector<std::string> target) {
    return {std::move(source), std::move(target), {}};
}

PairBatch batchOf(const EncoderDecoderSpec& spec) {
    const TextForm form = textFormOf(spec);
    return makeBatch(
        {encodePair(example({"take", "the", "emu", "emu"}, {"the", "emu", "take"}), form, kSource, kTarget),
         encodePair(example({"yak", "emu"}, {"emu", "gnu"}), form, kSource, kTarget)},
        kSource, kTarget);
}

} // namespace

TEST_CASE("words that only the source has are outputs of their own") {
    const TextForm copies{false, true, true};
    const EncodedPair pair = encodePair(example({"the", "emu", "take", "emu"}, {"emu", "the", "take", "gnu"}),
                                        copies, kSource, kTarget);
    CHECK(pair.source == Ids{5, kUnk, 4, kUnk, kEnd});
    CHECK(pair.copyIds == Ids{kThe, 5, 6, 5, kEnd}); // "emu" 5 and "take" 6, by first appearance
    CHECK(pair.extraWords == 2);
    CHECK(pair.target == Ids{5, kThe, 6, kUnk, kEnd}); // "gnu" is nowhere
    const EncodedPair plain = encodePair(example({"emu"}, {"emu"}), {}, kSource, kTarget);
    CHECK(plain.copyIds.empty());
    CHECK(plain.target == Ids{kUnk, kEnd});
}

TEST_CASE("a batch pads what is copied, and an extra word enters the decoder as unknown") {
    const EncoderDecoderSpec spec = smallSpec(kSource.size(), kTarget.size());
    const PairBatch batch = batchOf(spec);
    CHECK(batch.source.copyIds == Ids{5, kThe, 6, 6, kEnd, 5, 6, kEnd, -1, -1});
    CHECK(batch.source.extraWords == 2);
    CHECK(batch.gold == Ids{kThe, 6, 6, kUnk, 5, kEnd, kEnd, -1});
    CHECK(batch.previous == Ids{kStart, kStart, kThe, kUnk, kUnk, kUnk, kUnk, 0});
    const PairBatch second = shardOf(batch, 1, 2);
    CHECK(second.source.copyIds == Ids{5, 6, kEnd});
    CHECK(second.gold == Ids{6, kUnk, kEnd});
}

TEST_CASE("coverage loss by hand") {
    const Matrix<double> a = [] {
        Matrix<double> m(3, 2);
        const double values[] = {0.2, 0.8, 0.6, 0.4, 0.9, 0.1};
        std::copy(std::begin(values), std::end(values), m.begin());
        return m;
    }();
    Matrix<double> cov(3, 2, 0.5);
    cov(1, 0) = 0.6; // equal: the gradient is the coverage's
    const Var<double> weights(a, true), coverage(cov, true);
    Tape<double> tape;
    const Var<double> loss = coverageLoss(&tape, weights, coverage, {4, 4, -1}); // the last row is padding
    CHECK(loss.value()(0, 0) == doctest::Approx(0.2 + 0.5 + 0.6 + 0.4));
    tape.backward(loss);
    const double ofWeights[] = {1, 0, 0, 1, 0, 0}, ofCoverage[] = {0, 1, 1, 0, 0, 0};
    for (int i = 0; i < 6; ++i) {
        CHECK(weights.grad().data()[i] == ofWeights[i]);
        CHECK(coverage.grad().data()[i] == ofCoverage[i]);
    }
}

TEST_CASE("coverage loss is 0 at the first step and at most 1 at any") {
    const EncoderDecoderSpec spec = smallSpec(kSource.size(), kTarget.size());
    const auto parameters = randomParameters<double>(spec);
    const EncoderDecoder<double> network(spec, parameters);
    const auto lossOf = [&](std::vector<std::string> target) {
        const PairBatch batch = makeBatch(
            {encodePair(example({"the", "emu"}, std::move(target)), textFormOf(spec), kSource, kTarget)},
            kSource, kTarget);
        return trainingLoss<double>(nullptr, network, batch, {}, {0, 0, 1}).coverage.value()(0, 0);
    };
    CHECK(lossOf({}) == 0);
    const double two = lossOf({"the"}), three = lossOf({"the", "emu"});
    CHECK(two > 0);
    CHECK(two <= 1);
    CHECK(three > two);
    CHECK(three <= two + 1 + 1e-12);
}

TEST_CASE("gradients of copying with the coverage loss") {
    for (const CopyKind copy : {CopyKind::Attention, CopyKind::Own}) {
        CAPTURE(toText(copy));
        const EncoderDecoderSpec spec = smallSpec(kSource.size(), kTarget.size(), copy);
        REQUIRE(toText(spec.validate()) == "");
        const auto parameters = randomParameters<double>(spec);
        const EncoderDecoder<double> network(spec, parameters);
        const PairBatch batch = batchOf(spec);
        std::vector<std::pair<std::string, Var<double>>> variables;
        for (const auto& entry : parameters.entries()) variables.emplace_back(entry.shape.name, entry.var);
        const auto loss = [&](Tape<double>* tape) {
            return trainingLoss(tape, network, batch, {}, {0, 0, 0.7}).total;
        };
        for (const GradientReport& r : checkGradients(loss, variables, 6))
            CHECK_MESSAGE(r.worst <= 1e-6, r.name << "[" << r.index << "] is off by " << r.worst);
    }
}

TEST_CASE("the loss is what running along the target says") {
    const EncoderDecoderSpec spec = smallSpec(kSource.size(), kTarget.size());
    ModelCard card;
    card.name = "small";
    const Model model(card, spec, {makeSide(SideRole::Source, kSource), makeSide(SideRole::Target, kTarget)},
                      randomParameters<float>(spec));
    Recipe recipe;
    recipe.source = "take the emu emu";
    recipe.target = "the emu take gnu";
    recipe.search = SearchKind::Forced;
    const TracePtr trace = run(model, recipe);
    double logProb = 0;
    for (const auto& step : trace->steps) logProb += static_cast<double>(step.logProb);
    const PairBatch batch =
        makeBatch({encodePair(example({"take", "the", "emu", "emu"}, {"the", "emu", "take", "gnu"}),
                              textFormOf(spec), kSource, kTarget)},
                  kSource, kTarget);
    const BatchLoss<float> loss = trainingLoss<float>(nullptr, encoderDecoder(model), batch, {}, {});
    CHECK(static_cast<double>(loss.words.value()(0, 0)) == doctest::Approx(-logProb).epsilon(1e-5));
}

TEST_CASE("a small model learns to copy words that it has never seen") {
    // "... take X ... leave Y ..." in either order, for words X and Y of which nearly all are seen once: the
    // answer is X, which has to be found by its neighbour and copied.
    const fixture::TemporaryFolder folder;
    Random random(5);
    const auto word = [&] {
        std::string text;
        for (int i = 0; i < 6; ++i) text += static_cast<char>('a' + random.below(26));
        return text;
    };
    const auto sentence = [&](const std::string& x) {
        std::string parts[2] = {"take " + x, "leave " + word()}, text;
        const int first = random.below(2);
        for (const std::string& part : {parts[first], parts[1 - first]}) {
            for (int i = random.below(3); i > 0; --i) text += random.below(2) ? "so " : "now ";
            text += part + " ";
        }
        return text + "please";
    };
    std::string pairs;
    for (int i = 0; i < 2000; ++i) {
        const std::string x = word();
        pairs += sentence(x) + "\tok " + x + "\n";
    }
    TrainRecipe recipe;
    recipe.data.pairs = {folder.filePath("pairs.tsv")};
    fixture::writeAll(recipe.data.pairs[0], pairs);
    recipe.data.tokens = "whitespace";
    recipe.data.sourceWords = 5; // take, leave, so, now, please
    recipe.data.targetWords = 1; // ok
    recipe.data.validationPairs = 50;
    recipe.model.attention = "pointer-generator";
    recipe.model.embedding = recipe.model.encoderWidth = recipe.model.attentionWidth = 12;
    recipe.model.decoderWidth = recipe.model.readoutWidth = 16;
    recipe.objective.coverageWeight = 0.2;
    recipe.noise = {0, 0, 0, 0};
    recipe.optimiser.batchWords = 128;
    recipe.optimiser.learningRate = 1e-2;
    recipe.schedule.steps = 300;
    recipe.schedule.warmUp = 20;
    recipe.schedule.validateEvery = 100;
    const ModelPtr model = train(recipe).model;
    CHECK(textFormOf(model->spec()).copies);
    int right = 0;
    for (int i = 0; i < 50; ++i) {
        const std::string x = word();
        Recipe question;
        question.source = sentence(x);
        const TracePtr trace = run(*model, question);
        right += trace->complete && trace->steps.size() == 3 && trace->steps[1].wordText == x;
        CHECK_FALSE(model->target().vocabulary.contains(x));
    }
    CHECK_MESSAGE(right >= 48, right << " of 50 words were copied");
}

TEST_CASE("options that do not go together are refused") {
    const auto faultOf = [](const TrainRecipe& recipe) {
        try {
            train(recipe);
            return std::string();
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::Argument);
            return std::string(error.what());
        }
    };
    TrainRecipe recipe;
    recipe.data.task = "reverse";
    recipe.model.attention = "pointer-generator";
    recipe.objective.smoothing = 0.1;
    CHECK(faultOf(recipe).find("smoothing") != std::string::npos);
    recipe.objective = {0, 0, 1};
    recipe.model.attention = "none";
    CHECK(faultOf(recipe).find("coverage_weight") != std::string::npos);
    recipe.objective = {};
    recipe.model.copy = CopyKind::Attention;
    CHECK(faultOf(recipe).find("copy") != std::string::npos);
    recipe.model.attention = "luong2015-general";
    recipe.model.copy = CopyKind::None;
    recipe.model.coverage = true;
    CHECK(faultOf(recipe).find("coverage") != std::string::npos);
}
