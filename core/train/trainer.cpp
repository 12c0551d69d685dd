// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include <chrono>
#include <cmath>
#include <numbers>

#include "core/base/fields_json.h"
#include "core/model/encoder_decoder.h"
#include "core/run/self_test.h"
#include "core/tasks/split.h"
#include "core/train/adam.h"
#include "core/train/batch.h"
#include "core/train/preset.h"

namespace attn {

namespace {

/// Batches that are drawn, sorted by length and cut at a time.
constexpr int kPool = 32;

double learningRate(const TrainRecipe& r, int step) {
    if (step < r.warmUp) return r.learningRate * (step + 1) / r.warmUp;
    const double done = static_cast<double>(step - r.warmUp) / std::max(1, r.steps - r.warmUp);
    const double least = 0.02;
    return r.learningRate * (least + (1 - least) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
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

Findings TrainRecipe::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    const auto within = [&]<typename V>(const char* where, V value, V least, V most) {
        if (!(value >= least && value <= most))
            fault(where, "is " + toJson(value).dump() + "; expected " + toJson(least).dump() + " to " +
                             toJson(most).dump());
    };
    for (const auto& [where, text] : {std::pair{"name", &name}, std::pair{"description", &description}}) try {
            tokenise(TokeniserKind::Characters, *text);
        } catch (const Error& error) {
            fault(where, error.what());
        }
    if (name.empty()) fault("name", "is empty; a model needs a name");
    const int widest = 4096, many = 1'000'000'000;
    within("embedding", embedding, 1, widest);
    within("encoder_width", encoderWidth, 1, widest);
    within("decoder_width", decoderWidth, 1, widest);
    within("attention_width", attentionWidth, 1, widest);
    within("readout_width", readoutWidth, 1, widest);
    within("heads", heads, 1, 64);
    within("batch", batch, 1, 4096);
    within("steps", steps, 1, many);
    within("warm_up", warmUp, 0, many);
    within("learning_rate", learningRate, 1e-9, 1e3);
    within("clip", clip, 1e-9, 1e9);
    within("validation_pairs", validationPairs, 1, 100'000);
    within("validate_every", validateEvery, 1, many);
    within("patience", patience, 1, many);
    within("dropout", dropout, 0.0, 0.95);
    within("smoothing", smoothing, 0.0, 0.95);
    return faults;
}

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
        recipe.batch, source, target);

    const auto begin = std::chrono::steady_clock::now();
    std::vector<PairBatch> pool;
    std::vector<Matrix<float>> best;
    double bestLoss = 0, loss = 0, lastSeconds = 0;
    int step = 0, sinceBest = 0, words = 0;
    for (; step < recipe.steps && !stop.stop_requested() && sinceBest < recipe.patience; ++step) {
        if (pool.empty()) {
            pool = batchesByLength(
                draw(*task, Split::Train, kPool * recipe.batch, sentences, spec, source, target),
                recipe.batch, source, target);
            random.shuffle(pool);
        }
        const PairBatch batch = std::move(pool.back());
        pool.pop_back();
        Tape<float> tape;
        const Var<float> batchSum =
            batchLoss(&tape, network, batch, {recipe.dropout, &random}, recipe.smoothing);
        tape.backward(batchSum);
        const double norm = adam.step(learningRate(recipe, step), 1.0 / batch.words, recipe.clip);
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
