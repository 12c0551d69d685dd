// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include <chrono>
#include <cmath>

#include "core/base/fields_json.h"
#include "core/model/encoder_decoder.h"
#include "core/run/self_test.h"
#include "core/tasks/split.h"
#include "core/train/adam.h"
#include "core/train/loss.h"
#include "core/train/preset.h"

namespace attn {

namespace {

/// Batches that are drawn, sorted by length and cut at a time.
constexpr int kPool = 32;

/// Sentence pairs in a batch, about twelve words each.
int sentencesOf(const TrainRecipe& recipe) {
    return std::max(1, recipe.batchWords / 12);
}

std::vector<EncodedPair> draw(const Task& task, Split split, int count, Random& random, const ModelSpec& spec,
                              const Vocabulary& source, const Vocabulary& target) {
    std::vector<EncodedPair> pairs;
    for (int i = 0; i < count; ++i)
        pairs.push_back(encodePair(generateFrom(task, split, random), spec, source, target));
    return pairs;
}

std::vector<Matrix<float>> valuesOf(const Parameters<float>& parameters) {
    std::vector<Matrix<float>> values;
    for (const auto& entry : parameters.entries()) values.push_back(entry.var.value());
    return values;
}

double validationLoss(const EncoderDecoder<float>& network, const std::vector<PairBatch>& batches) {
    double loss = 0;
    int words = 0;
    for (const PairBatch& batch : batches) {
        loss += static_cast<double>(batchLoss<float>(nullptr, network, batch).value()(0, 0));
        words += batch.words;
    }
    return loss / words;
}

ModelCard cardOf(const TrainRecipe& recipe, const Task& task, int steps, double loss) {
    ModelCard card;
    card.name = recipe.name;
    card.description = recipe.description;
    for (const Preset& preset : presets())
        if (card.description.empty() && preset.name == recipe.attention)
            card.description = std::string(task.name()) + ": " + preset.description;
    card.sourceTokeniser = card.targetTokeniser =
        fromText<TokeniserKind>(task.tokeniser()).value_or(TokeniserKind::Words);
    card.foldCase = card.sourceTokeniser == TokeniserKind::Words;
    card.task = task.name();
    char best[64];
    std::snprintf(best, sizeof best, "%.5f", loss);
    card.provenance = {
        "trained by Attentoscope " ATTENTOSCOPE_VERSION " on its own task " + std::string(task.name()),
        "recipe: " + toJson(recipe).dump(),
        "stopped after " + std::to_string(steps) + " updates; best validation loss " + best +
            " nats per word"};
    card.examples = task.showcase();
    return card;
}

} // namespace

ModelPtr train(const TrainRecipe& recipe, const std::function<void(const TrainProgress&)>& progress,
               std::stop_token stop) {
    throwFaults(ErrorKind::Argument, "this training cannot be started:", recipe.validate());
    const std::unique_ptr<Task> task = makeTask(recipe.task);
    const Vocabulary source = Vocabulary::ofWords(task->sourceTokens()),
                     target = Vocabulary::ofWords(task->targetTokens());
    const ModelSpec spec = presetSpec(recipe, source.size(), target.size());
    throwFaults(ErrorKind::Argument, "this training cannot be started:", spec.validate());

    Random random(recipe.seed), sentences(recipe.seed + 1), validationSentences(1);
    const Parameters<float> parameters = Parameters<float>::initialised(modelSchema(spec), random);
    const EncoderDecoder<float> network(spec, parameters);
    Adam adam(parameters);
    const std::vector<PairBatch> validation = batchesByLength(
        draw(*task, Split::Validation, recipe.validationPairs, validationSentences, spec, source, target),
        sentencesOf(recipe), source, target);

    const auto begin = std::chrono::steady_clock::now();
    std::vector<PairBatch> pool;
    std::vector<Matrix<float>> best;
    double bestLoss = 0, loss = 0, lastSeconds = 0;
    int step = 0, sinceBest = 0, words = 0;
    for (; step < recipe.steps && !stop.stop_requested() && sinceBest < recipe.patience; ++step) {
        if (pool.empty()) {
            pool = batchesByLength(
                draw(*task, Split::Train, kPool * sentencesOf(recipe), sentences, spec, source, target),
                sentencesOf(recipe), source, target);
            random.shuffle(pool);
        }
        const PairBatch batch = std::move(pool.back());
        pool.pop_back();
        Tape<float> tape;
        const Var<float> batchSum =
            batchLoss(&tape, network, batch,
                      {recipe.embeddingDropout, recipe.layerDropout, recipe.attentionDropout, 1, &random},
                      recipe.smoothing);
        tape.backward(batchSum);
        const double norm = adam.step(recipe.learningRateAt(step), 1.0 / batch.words, recipe.clip);
        loss += static_cast<double>(batchSum.value()(0, 0));
        words += batch.words;
        if (!std::isfinite(norm))
            throw Error(ErrorKind::Data, "the gradient is not finite at update " + std::to_string(step + 1) +
                                             "; try a lower learning rate");
        const bool validationDue = (step + 1) % recipe.validateEvery == 0 || step + 1 == recipe.steps;
        if ((step + 1) % 100 != 0 && !validationDue) continue;
        TrainProgress report;
        report.step = step + 1;
        report.loss = loss / words;
        report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        report.wordsPerSecond = words / (report.seconds - lastSeconds);
        if (validationDue) {
            report.validated = true;
            report.validationLoss = validationLoss(network, validation);
            report.best = best.empty() || report.validationLoss < bestLoss;
            sinceBest = report.best ? 0 : sinceBest + 1;
            if (report.best) {
                best = valuesOf(parameters);
                bestLoss = report.validationLoss;
            }
        }
        lastSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        loss = words = 0;
        if (progress) progress(report);
    }
    if (best.empty()) {
        best = valuesOf(parameters);
        bestLoss = validationLoss(network, validation);
    }
    Parameters<float> kept;
    for (std::size_t i = 0; i < best.size(); ++i) kept.add(parameters.entries()[i].shape, std::move(best[i]));
    const ModelCard card = cardOf(recipe, *task, step, bestLoss);
    const SelfTest test = makeSelfTest(Model(card, spec, source, target, kept), card.examples.front());
    return std::make_shared<Model>(card, spec, source, target, std::move(kept), test);
}

} // namespace attn
