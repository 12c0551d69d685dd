// SPDX-License-Identifier: GPL-3.0-or-later
// Batches, optimiser and trainer: padding changes nothing, the same recipe gives the same model, and a
// short training learns.
#include <QTest>
#include <cmath>

#include "core/run/run.h"
#include "core/tasks/split.h"
#include "core/train/adam.h"
#include "core/train/loss.h"
#include "core/train/preset.h"
#include "core/train/trainer.h"

using namespace attn;

namespace {

TrainRecipe small(int steps) {
    TrainRecipe r;
    r.task = "reverse";
    r.embedding = 16, r.encoderWidth = 16, r.decoderWidth = 24, r.attentionWidth = 16, r.readoutWidth = 16;
    r.batchWords = 192, r.steps = steps, r.warmUp = 20, r.learningRate = 5e-3, r.embeddingDropout = r.layerDropout = 0.1;
    r.validationPairs = 40, r.validateEvery = 100;
    return r;
}

} // namespace

class TestTrain : public QObject {
    Q_OBJECT
private slots:
    void paddingChangesNothing();
    void batchesHoldEveryPairOnce();
    void adamIsItsFormula();
    void everyPresetIsSoundAndLearns();
    void sameRecipeSameModel();
    void lossFallsAndTheTestIsKept();
    void stopKeepsWhatWasLearnt();
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
        const ModelSpec spec = presetSpec(recipe, words.size(), words.size());
        Random random(2);
        const Parameters<double> parameters = Parameters<double>::initialised(modelSchema(spec), random);
        const EncoderDecoder<double> network(spec, parameters);
        const std::vector<EncodedPair> pairs{
            {{4, 5, 6, 7, 2}, {4, 2}}, {{6, 2}, {5, 7, 4, 2}}, {{5, 5, 2}, {6, 6, 2}}};
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

void TestTrain::batchesHoldEveryPairOnce() {
    const Vocabulary words = Vocabulary::ofWords({"a", "b"});
    std::vector<EncodedPair> pairs;
    for (int n = 1; n <= 23; ++n)
        pairs.push_back({std::vector<int>(static_cast<std::size_t>(n * 7 % 23 + 1), 4), {5, 2}});
    int sentences = 0, words_ = 0, longest = 0;
    for (const PairBatch& batch : batchesByLength(pairs, 5, words, words)) {
        sentences += batch.source.batch();
        words_ += batch.words;
        QVERIFY(batch.source.positions >= longest); // sorted by length
        longest = batch.source.positions;
    }
    QCOMPARE(sentences, 23);
    QCOMPARE(words_, 46);
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
        train(recipe, [&](const TrainProgress& p) { losses.push_back(p.loss); });
        QCOMPARE(losses.size(), 2U);
        QVERIFY2(losses[1] < losses[0], preset.name.c_str());
    }
}

void TestTrain::sameRecipeSameModel() {
    const ModelPtr a = train(small(60)), b = train(small(60));
    TrainRecipe other = small(60);
    other.seed = 2;
    const ModelPtr c = train(other);
    bool differs = false;
    for (const auto& entry : a->parameters().entries()) {
        QVERIFY2(entry.var.value() == b->parameters()[entry.shape.name].value(), entry.shape.name.c_str());
        differs = differs || !(entry.var.value() == c->parameters()[entry.shape.name].value());
    }
    QVERIFY(differs);
}

void TestTrain::lossFallsAndTheTestIsKept() {
    std::vector<double> validation;
    const ModelPtr model = train(small(300), [&](const TrainProgress& p) {
        if (p.validated) validation.push_back(p.validationLoss);
    });
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
    int reports = 0;
    const ModelPtr model = train(
        small(5000),
        [&](const TrainProgress&) {
            ++reports;
            stop.request_stop();
        },
        stop.get_token());
    QCOMPARE(reports, 1);
    QVERIFY(model != nullptr);
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
