// SPDX-License-Identifier: GPL-3.0-or-later
// Batches, optimiser and trainer: padding changes nothing, the same recipe gives the same model, and a
// short training learns.
#include <QTest>
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

using namespace attn;

namespace {

TrainRecipe small(int steps) {
    TrainRecipe r;
    r.task = "reverse";
    r.embedding = 16, r.encoderWidth = 16, r.decoderWidth = 24, r.attentionWidth = 16, r.readoutWidth = 16;
    r.batchWords = 192, r.steps = steps, r.warmUp = 20, r.learningRate = 5e-3,
    r.embeddingDropout = r.layerDropout = 0.1;
    r.validationPairs = 40, r.validateEvery = 100;
    return r;
}

} // namespace

class TestTrain : public QObject {
    Q_OBJECT
private slots:
    void paddingChangesNothing();
    void adamIsItsFormula();
    void everyPresetIsSoundAndLearns();
    void sameRecipeSameModel();
    void lossFallsAndTheTestIsKept();
    void stopKeepsWhatWasLearnt();
    void learningRateIsItsFormula();
    void guidedLossByHand();
    void guidedLossMovesAttention();
    void droppedWordsAreUnknown();
    void shardsMakeUpTheBatch();
    void threadsChangeNothingButRounding();
    void faultsAreToldTogether();
    void splitsAreApart();
};

void TestTrain::paddingChangesNothing() {
    TrainRecipe recipe = small(1);
    for (const Preset& preset : presets()) {
        recipe.attention = preset.name;
        recipe.heads = 2;
        if (preset.name == "luong2015-dot" || preset.name == "cosine") recipe.decoderWidth = 32;
        const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d"});
        const EncoderDecoderSpec spec = presetSpec(recipe, words.size(), words.size());
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
        QVERIFY2(std::abs(apart - together) < 1e-9, qPrintable(QString("%1: %2 apart, %3 together")
                                                                   .arg(QString::fromStdString(preset.name))
                                                                   .arg(apart)
                                                                   .arg(together)));
    }
}

void TestTrain::adamIsItsFormula() {
    Parameters<float> parameters;
    parameters.add({"x", {2}}, Matrix<float>(1, 2, 1.0f));
    const Var<float>& x = parameters["x"];
    Adam adam(parameters);
    double mean[2] = {0, 0}, square[2] = {0, 0}, at[2] = {1, 1};
    const double gradients[3][2] = {{0.3, -0.1}, {0.2, 0.4}, {-0.5, 0.05}};
    for (int step = 1; step <= 3; ++step) {
        double norm = 0;
        for (int i = 0; i < 2; ++i) {
            x.grad()(0, i) = static_cast<float>(2 * gradients[step - 1][i]);
            norm += gradients[step - 1][i] * gradients[step - 1][i];
        }
        const double clip = std::min(1.0, 0.4 / std::sqrt(norm));
        const double told = adam.step(0.1, 0.5, 0.4);
        QVERIFY(std::abs(told - std::sqrt(norm)) < 1e-6);
        for (int i = 0; i < 2; ++i) {
            const double g = gradients[step - 1][i] * clip;
            mean[i] = 0.9 * mean[i] + 0.1 * g;
            square[i] = 0.999 * square[i] + 0.001 * g * g;
            at[i] -= 0.1 * (mean[i] / (1 - std::pow(0.9, step))) /
                     (std::sqrt(square[i] / (1 - std::pow(0.999, step))) + 1e-8);
            QVERIFY2(std::abs(static_cast<double>(x.value()(0, i)) - at[i]) < 1e-4,
                     qPrintable(QString::number(step)));
            QCOMPARE(x.grad()(0, i), 0.0f);
        }
    }
}

void TestTrain::everyPresetIsSoundAndLearns() {
    for (const Preset& preset : presets()) {
        TrainRecipe recipe = small(60);
        recipe.validateEvery = 30; // makes it report
        recipe.attention = preset.name;
        recipe.heads = 2;
        if (preset.name == "luong2015-dot" || preset.name == "cosine") recipe.decoderWidth = 32;
        std::vector<double> losses;
        train(recipe, {}, [&](const TrainProgress& p) {
            if (!p.validated) losses.push_back(p.loss);
        });
        QCOMPARE(losses.size(), 60U);
        const double begin = std::accumulate(losses.begin(), losses.begin() + 20, 0.0),
                     end = std::accumulate(losses.end() - 20, losses.end(), 0.0);
        QVERIFY2(end < begin, preset.name.c_str());
    }
}

void TestTrain::sameRecipeSameModel() {
    const ModelPtr a = train(small(60)).model, b = train(small(60)).model;
    TrainRecipe other = small(60);
    other.seed = 2;
    const ModelPtr c = train(other).model;
    bool differs = false;
    for (const auto& entry : a->parameters().entries()) {
        QVERIFY2(entry.var.value() == b->parameters()[entry.shape.name].value(), entry.shape.name.c_str());
        differs = differs || !(entry.var.value() == c->parameters()[entry.shape.name].value());
    }
    QVERIFY(differs);
}

void TestTrain::lossFallsAndTheTestIsKept() {
    std::vector<double> validation;
    const ModelPtr model = train(small(300), {}, [&](const TrainProgress& p) {
                               if (p.validated) validation.push_back(p.validationLoss);
                           }).model;
    QCOMPARE(validation.size(), 3U);
    QVERIFY(validation.back() < 0.9 * validation.front());
    QVERIFY(model->selfTest().has_value());
    Recipe recipe;
    recipe.source = model->selfTest()->source;
    const TracePtr trace = run(*model, recipe);
    QCOMPARE(trace->words(trace->bestPath()), model->selfTest()->target);
    for (std::size_t i = 0; i < trace->steps.size(); ++i)
        QVERIFY(std::abs(static_cast<double>(trace->steps[i].logProb) - model->selfTest()->logProbs[i]) <
                1e-9);
}

void TestTrain::stopKeepsWhatWasLearnt() {
    std::stop_source stop;
    int updates = 0;
    const TrainResult result = train(
        small(5000), {},
        [&](const TrainProgress&) {
            if (++updates == 7) stop.request_stop();
        },
        stop.get_token());
    QCOMPARE(updates, 7);
    QCOMPARE(result.updates, 7);
    QVERIFY(result.interrupted && !result.validationLoss && result.model);
}

void TestTrain::learningRateIsItsFormula() {
    TrainRecipe r;
    r.learningRate = 0.8, r.warmUp = 4, r.steps = 12;
    const auto close = [](double a, double b) { return std::abs(a - b) < 1e-12; };
    for (const Decay decay : {Decay::Cosine, Decay::InverseSqrt, Decay::Constant}) {
        r.decay = decay;
        QVERIFY(close(r.learningRateAt(0), 0.2) && close(r.learningRateAt(2), 0.6));
        QVERIFY(close(r.learningRateAt(3), 0.8));
    }
    QVERIFY(close(r.learningRateAt(11), 0.8));
    r.decay = Decay::InverseSqrt;
    QVERIFY(close(r.learningRateAt(15), 0.4)); // sqrt(4 / 16) of it
    r.decay = Decay::Cosine;
    QVERIFY(close(r.learningRateAt(4), 0.8));
    QVERIFY(close(r.learningRateAt(8), 0.408)); // half way from 0.8 to 0.016
    QVERIFY(close(r.learningRateAt(12), 0.016));
}

void TestTrain::guidedLossByHand() {
    // Two sentences, two target words each: the rows are word 0 of both, then word 1 of both.
    PairBatch batch;
    batch.source.lengths = {3, 2}, batch.source.positions = 3, batch.steps = 2, batch.words = 4;
    batch.gold = {4, 4, 2, 2};
    batch.links = {{{0, 0, true}, {2, 0, true}, {1, 0, false}}, {{1, 1, false}}};
    const auto gold = goldSources(batch);
    QCOMPARE(gold, (std::vector<std::vector<int>>{{0, 2}, {}, {}, {1}})); // possible ones where none is sure
    QCOMPARE(linkedWords(batch), 2);
    QCOMPARE(guidedWeight(0.5, batch), 0.5 * 4 / 2);
    Matrix<double> weights(4, 3);
    const double values[] = {0.2, 0.5, 0.3, 0.4, 0.6, 0, 0.1, 0.1, 0.8, 0.75, 0.25, 0};
    std::copy(std::begin(values), std::end(values), weights.begin());
    const Var<double> w(weights, true);
    Tape<double> tape;
    const Var<double> loss = alignmentLoss(&tape, w, gold);
    QVERIFY(std::abs(loss.value()(0, 0) - (-std::log(0.5) - std::log(0.25))) < 1e-5);
    tape.backward(loss);
    const double expected[] = {-2, 0, -2, 0, 0, 0, 0, 0, 0, 0, -4, 0};
    for (int i = 0; i < 12; ++i) QVERIFY(std::abs(w.grad().data()[i] - expected[i]) < 1e-4);
}

void TestTrain::guidedLossMovesAttention() {
    // The reversed sentence's gold weight is larger in a model that was guided than in one that was not.
    double loss[2];
    for (const bool guided : {false, true}) {
        TrainRecipe recipe = small(100);
        recipe.guided = guided ? 1 : 0;
        const ModelPtr model = train(recipe).model;
        const EncoderDecoder<float>& network = encoderDecoder(*model);
        const auto task = makeTask("reverse");
        Random random(9);
        std::vector<EncodedPair> pairs;
        for (int i = 0; i < 20; ++i)
            pairs.push_back(encodePair(task->generate(random), network.spec(), model->source()->vocabulary,
                                       model->target().vocabulary));
        const PairBatch batch = makeBatch(pairs, model->source()->vocabulary, model->target().vocabulary);
        const BatchLoss<float> parts = trainingLoss<float>(nullptr, network, batch, {}, {0, 1});
        QVERIFY(parts.guided.defined());
        loss[guided] = static_cast<double>(parts.guided.value()(0, 0)) / linkedWords(batch);
    }
    QVERIFY2(loss[1] < loss[0] - 0.1, qPrintable(QString("%1 %2").arg(loss[0]).arg(loss[1])));
}

void TestTrain::droppedWordsAreUnknown() {
    const Vocabulary words = Vocabulary::ofWords({"a", "b"});
    std::vector<EncodedPair> pairs;
    for (int i = 0; i < 200; ++i) pairs.push_back({{4, 5, 4, 5, 2}, {5, 5, 4, 4, 2}, {}});
    pairs.push_back({{4, 2}, {5, 2}, {}});
    const PairBatch whole = makeBatch(pairs, words, words);
    PairBatch dropped = whole;
    Random random(3);
    dropWords(dropped, 0.25, words.special(), words.special(), random);
    QCOMPARE(dropped.gold, whole.gold);
    int unknown = 0, could = 0;
    const auto count = [&](const std::vector<int>& before, const std::vector<int>& after) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            could += before[i] >= 4;
            unknown += after[i] != before[i];
            QVERIFY(after[i] == before[i] || (before[i] >= 4 && after[i] == 3));
        }
    };
    count(whole.source.ids, dropped.source.ids);
    count(whole.previous, dropped.previous);
    QCOMPARE(could, 1602);
    QVERIFY(std::abs(unknown - 400) < 90); // five standard deviations
}

void TestTrain::shardsMakeUpTheBatch() {
    const Vocabulary words = Vocabulary::ofWords({"a", "b", "c"});
    const std::vector<EncodedPair> pairs{
        {{4, 2}, {4, 5, 6, 2}, {{0, 0, true}}}, {{4, 5, 2}, {6, 2}, {{1, 0, true}}}, {{5, 6, 4, 2}, {2}, {}}};
    const PairBatch batch = makeBatch(pairs, words, words);
    const PairBatch first = shardOf(batch, 0, 2), second = shardOf(batch, 1, 2);
    const PairBatch expected = makeBatch({pairs[0], pairs[2]}, words, words);
    QCOMPARE(first.source.ids, expected.source.ids);
    QCOMPARE(first.previous, expected.previous);
    QCOMPARE(first.gold, expected.gold);
    QCOMPARE(first.words, 5);
    QCOMPARE(second.source.positions, 3); // no longer than its own sentence
    QCOMPARE(second.steps, 2);
    QVERIFY(second.links.size() == 1 && second.links[0] == pairs[1].links);
}

void TestTrain::threadsChangeNothingButRounding() {
    const auto gradientsWith = [](int threads) {
        const TrainRecipe recipe = small(1);
        const Vocabulary words = Vocabulary::ofWords({"a", "b", "c", "d"});
        const EncoderDecoderSpec spec = presetSpec(recipe, words.size(), words.size());
        Random random(4);
        const auto parameters = Parameters<float>::initialised(spec.schema(), random);
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
        GradientOptions options;
        options.guided = 0.5;
        for (int update = 0; update < 3; ++update) { // the copies follow the updates
            numbers.push_back(workers.gradients(batch, options));
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
        QCOMPARE(many.size(), one.size());
        // Adam's first updates depend on the sign of a gradient alone, so that rounding can move a number
        // whose gradient is nearly zero; the losses tell whether anything else differs.
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY2(std::abs(many[i] - one[i]) < 1e-3 * std::abs(one[i]),
                     qPrintable(QString("%1 threads, number %2: %3, one thread %4")
                                    .arg(threads)
                                    .arg(i)
                                    .arg(many[i])
                                    .arg(one[i])));
        QVERIFY(gradientsWith(threads) == many); // the same number of threads, the same bits
    }
}

void TestTrain::faultsAreToldTogether() {
    TrainRecipe recipe = small(0);
    recipe.layerDropout = 1;
    recipe.embedding = 0;
    try {
        train(recipe);
        QFAIL("a recipe with faults was trained");
    } catch (const Error& e) {
        QCOMPARE(e.kind(), ErrorKind::Argument);
        for (const char* field : {"steps", "layer_dropout", "embedding"})
            QVERIFY2(QString(e.what()).contains(field), e.what());
    }
}

void TestTrain::splitsAreApart() {
    const auto task = makeTask("en-fr");
    Random random(1);
    int counts[3] = {0, 0, 0};
    for (int i = 0; i < 4000; ++i) ++counts[static_cast<int>(splitOf(task->generate(random)))];
    // 94, 3 and 3 of 100: within five standard deviations
    QVERIFY(std::abs(counts[1] - 120) < 55 && std::abs(counts[2] - 120) < 55);
    for (int i = 0; i < 50; ++i) QCOMPARE(splitOf(generateFrom(*task, Split::Test, random)), Split::Test);
}

QTEST_GUILESS_MAIN(TestTrain)
#include "test_train.moc"
