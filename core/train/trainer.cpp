// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/base/short_number.h"
#include "core/data/corpus.h"
#include "core/model/other_weights.h"
#include "core/train/adam.h"
#include "core/train/averaging.h"
#include "core/train/divergence.h"
#include "core/train/preset.h"
#include "core/train/trained_model.h"
#include "core/train/workers.h"

namespace attn {

namespace {

/// Batches that are drawn, sorted by length and cut at a time.
constexpr int kPool = 32;

/// A generator for one purpose at one place of a training, so that no state of generators needs storing.
enum class Purpose : std::uint64_t { Initial, Noise, Order };
Random randomFor(std::uint64_t seed, Purpose purpose, std::uint64_t place) {
    Random mixed(seed * 4 + static_cast<std::uint64_t>(purpose));
    return Random(mixed.next() + place);
}

class Training {
public:
    Training(const TrainRecipe& recipe, const TrainOptions& options,
             const std::function<void(const TrainProgress&)>& progress, std::stop_token stop);

    void takeUp(Checkpoint checkpoint);
    TrainResult run();

private:
    void validate();
    void update();
    void fillPool();
    void saveCheckpoint();
    void takeProbes();
    bool validationDue() const {
        return m_state.validatedAt != m_state.update && m_state.update > 0 &&
               (m_state.update % m_recipe.schedule.validateEvery == 0 ||
                m_state.update == m_recipe.schedule.steps);
    }
    bool ended() const {
        return m_state.update >= m_recipe.schedule.steps || m_state.sinceBest >= m_recipe.schedule.patience;
    }
    double validationLoss(bool stoppable);
    void setValues(const ParameterValues& values);
    /// The model of these numbers, written to its file too.
    ModelPtr save(const ParameterValues& values, const std::string& line) const;
    TrainResult finish();
    [[noreturn]] void diverge(const std::string& what, int update, double learningRate) const;
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
    }

    TrainRecipe m_recipe;
    TrainOptions m_options;
    std::function<void(const TrainProgress&)> m_progress;
    std::stop_token m_stop;
    std::unique_ptr<Corpus> m_corpus;
    ModelSpec m_spec;
    Schema m_schema;
    Parameters<float> m_parameters;
    Adam m_adam;
    Workers m_workers;
    Model m_initial; ///< before the first update; lends its card, vocabularies and tokenisers to those after
    Probes m_probes;
    std::vector<PairBatch> m_validation;
    std::vector<PairBatch> m_pool;
    TrainState m_state;          ///< its arrays are filled for checkpoints only
    bool m_checkpointed = false; ///< the checkpoint is of the present state
    bool m_written = false;      ///< there is a checkpoint of this training
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

TrainRecipe checked(const TrainRecipe& recipe, const TrainOptions& options) {
    Findings faults = recipe.validate();
    for (Finding& finding : options.validate()) faults.push_back(std::move(finding));
    throwFaults(ErrorKind::Argument, "this training cannot be started:", faults);
    return recipe;
}

/// What the recipe's model asks of its sentences, which no vocabulary changes.
TextForm formOf(const TrainRecipe& recipe) {
    constexpr int anySize = 5;
    return textFormOf(modelSpec(recipe.model, anySize, anySize));
}

ModelSpec checkedSpec(const TrainRecipe& recipe, const Corpus& corpus) {
    const ModelSpec spec =
        modelSpec(recipe.model, corpus.sourceVocabulary().size(), corpus.targetVocabulary().size());
    const TextForm form = textFormOf(spec);
    Findings faults = validate(spec);
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    if (corpus.isSingle() != form.single) {
        faults.clear(); // they would be of the side that is missing
        if (form.single)
            fault("sides", "is " + std::string(toText(recipe.data.sides)) +
                               "; expected source or target: this model reads single texts");
        else
            fault("attention", "is " + recipe.model.attention +
                                   ", whose model reads a source and writes a target, but the data are texts "
                                   "by themselves; choose a language model, " +
                                   defaultPreset(true) + " for instance, or give pairs");
    }
    if (form.single && (recipe.model.coverage || recipe.model.copy != CopyKind::None))
        fault(recipe.model.coverage ? "coverage" : "copy", "is for models that read a source");
    if (form.copies && recipe.objective.smoothing > 0)
        fault("smoothing",
              "is " + shortNumber(recipe.objective.smoothing) +
                  "; expected 0 for a model that copies, as most of its outputs cannot be copied");
    if (recipe.objective.coverageWeight > 0 && (form.single || sitesOf(spec).empty()))
        fault("coverage_weight", "is for models with attention to a source");
    throwFaults(ErrorKind::Argument, "this training cannot be started:", faults);
    return spec;
}

/// The corpus's sides that the spec asks for.
std::vector<Side> sidesFor(const ModelSpec& spec, const Corpus& corpus) {
    std::vector<Side> sides;
    for (const SideNeed& need : sidesOf(spec))
        sides.push_back(need.role == SideRole::Source
                            ? Side{need.role, corpus.sourceVocabulary(), corpus.sourceTokeniser()}
                            : Side{need.role, corpus.targetVocabulary(), corpus.targetTokeniser()});
    return sides;
}

Parameters<float> initial(const TrainRecipe& recipe, const Schema& schema) {
    Random random = randomFor(recipe.seed, Purpose::Initial, 0);
    return Parameters<float>::initialised(schema, random);
}

Training::Training(const TrainRecipe& recipe, const TrainOptions& options,
                   const std::function<void(const TrainProgress&)>& progress, std::stop_token stop)
    : m_recipe(checked(recipe, options)),
      m_options(options),
      m_progress(progress),
      m_stop(std::move(stop)),
      m_corpus(makeCorpus(recipe.data, recipe.seed, formOf(recipe))),
      m_spec(checkedSpec(recipe, *m_corpus)),
      m_schema(modelSchema(m_spec)),
      m_parameters(initial(recipe, m_schema)),
      m_adam(m_parameters),
      m_workers(m_spec, m_parameters, options.threads),
      m_initial(trainedCard(recipe, *m_corpus), m_spec, sidesFor(m_spec, *m_corpus), m_parameters),
      m_probes(options.probes, options.probe),
      m_validation(batchesByWords(m_corpus->validation(), recipe.optimiser.batchWords,
                                  m_corpus->sourceVocabulary(), m_corpus->targetVocabulary())) {
    if (m_options.note)
        for (const Finding& finding : m_corpus->findings()) m_options.note(finding);
    if (m_options.checkpointEvery == 0) m_options.checkpointEvery = m_recipe.schedule.validateEvery;
    m_state.pool = m_corpus->position();
}

void Training::takeUp(Checkpoint checkpoint) {
    if (checkpoint.corpus != m_corpus->fingerprint())
        throw Error(
            ErrorKind::Data,
            "The sentence pairs differ from those this run was started with: the files have changed, or "
            "another version of this program makes them. It cannot be continued; start a new one.");
    if (!(checkpoint.spec == m_spec))
        throw Error(ErrorKind::Data,
                    "The checkpoint's model is not the one that its recipe makes in this version "
                    "of the program. It cannot be continued; start a new training.");
    m_state = std::move(checkpoint.state);
    setValues(m_state.values);
    m_adam.restore(std::move(m_state.mean), std::move(m_state.square), m_state.update);
    m_state.values.clear();
    m_corpus->setPosition(m_state.pool);
    if (m_state.poolUsed > 0) {
        const int used = m_state.poolUsed;
        fillPool();
        if (static_cast<std::size_t>(used) > m_pool.size())
            throw Error(ErrorKind::Data, "The checkpoint's place in the sentence pairs does not exist.");
        m_state.poolUsed = used;
    }
    m_checkpointed = m_written = true;
}

ModelPtr Training::save(const ParameterValues& values, const std::string& line) const {
    ModelPtr model = trainedModel(m_initial, parametersOf(m_schema, values), line);
    if (!m_options.model.empty()) saveTrained(*model, m_options.model);
    return model;
}

void Training::setValues(const ParameterValues& values) {
    for (std::size_t i = 0; i < values.size(); ++i) m_parameters.entries()[i].var.mutableValue() = values[i];
}

void Training::fillPool() {
    m_state.pool = m_corpus->position();
    m_state.poolUsed = 0;
    const std::uint64_t order =
        randomFor(m_recipe.seed, Purpose::Order, m_state.pool.epoch * 1'000'003 + m_state.pool.index).next();
    m_pool = batchesByWords(m_corpus->nextPool(static_cast<long long>(kPool) * m_recipe.optimiser.batchWords),
                            m_recipe.optimiser.batchWords, m_corpus->sourceVocabulary(),
                            m_corpus->targetVocabulary(), order);
}

void Training::diverge(const std::string& what, int update, double learningRate) const {
    std::string text = divergenceText(m_parameters, what, update, learningRate);
    if (!m_state.kept.empty() && !m_options.model.empty())
        text += "\n" + m_options.model + " holds the best model until then, of update " +
                std::to_string(m_state.kept.front().update) + " with a validation loss of " +
                shortNumber(m_state.kept.front().loss) + " nats a word.";
    if (m_written) text += "\n" + m_options.checkpoint + " holds the last good state.";
    throw Error(ErrorKind::Data, text + "\nStart again with a lower learning rate or more warm-up.");
}

void Training::saveCheckpoint() {
    m_checkpointed = true;
    if (m_options.checkpoint.empty()) return;
    Checkpoint checkpoint{m_recipe, m_spec, m_corpus->fingerprint(), std::move(m_state)};
    checkpoint.state.values = valuesOf(m_parameters);
    checkpoint.state.mean = m_adam.mean();
    checkpoint.state.square = m_adam.square();
    writeCheckpoint(m_options.checkpoint, checkpoint);
    m_written = true;
    m_state = std::move(checkpoint.state);
    m_state.values.clear();
    m_state.mean.clear();
    m_state.square.clear();
}

/// The loss over all validation pairs, in nats a word; without meaning where it was stopped.
double Training::validationLoss(bool stoppable) {
    double loss = 0;
    int words = 0;
    const auto stopped = [&] { return stoppable && m_stop.stop_requested(); };
    for (const double batch : m_workers.losses(m_validation, stopped)) loss += batch;
    for (const PairBatch& batch : m_validation) words += batch.words;
    return loss / words;
}

void Training::validate() {
    const double loss = validationLoss(true);
    if (m_stop.stop_requested()) return; // made when the run is resumed
    if (hasDiverged(loss, m_state.firstLoss))
        diverge("the validation loss is " + shortNumber(loss) + " nats a word, the first batch's was " +
                    shortNumber(m_state.firstLoss),
                m_state.update, m_recipe.learningRateAt(m_state.update - 1));
    m_state.validatedAt = m_state.update;
    m_checkpointed = false;
    std::vector<KeptSet>& kept = m_state.kept;
    const bool best = kept.empty() || loss < kept.front().loss;
    m_state.sinceBest = best ? 0 : m_state.sinceBest + 1;
    keepIfAmongBest(kept, static_cast<std::size_t>(m_recipe.schedule.average), loss, m_state.update,
                    m_parameters);
    if (best && !m_options.model.empty())
        save(kept.front().values, "after " + std::to_string(m_state.update) +
                                      " updates of an unfinished run; validation loss " + shortNumber(loss) +
                                      " nats per word");
    if (!m_progress) return;
    TrainProgress report;
    report.update = m_state.update;
    report.loss = m_state.lastLoss;
    report.learningRate = m_recipe.learningRateAt(m_state.update - 1);
    report.seconds = seconds();
    report.validated = true;
    report.validationLoss = loss;
    report.best = best;
    m_progress(report);
}

void Training::update() {
    // A pool that is used up is replaced when the next batch is needed, so that a checkpoint between the two
    // names the same place whether or not the run was interrupted.
    if (m_pool.empty() || static_cast<std::size_t>(m_state.poolUsed) == m_pool.size()) fillPool();
    PairBatch batch = m_pool[static_cast<std::size_t>(m_state.poolUsed)];
    Random random = randomFor(m_recipe.seed, Purpose::Noise, static_cast<std::uint64_t>(m_state.update));
    dropWords(batch, m_recipe.noise.wordDropout, m_corpus->sourceVocabulary().special(),
              m_corpus->targetVocabulary().special(), random);
    const double sum = m_workers.gradients(batch, m_recipe.objective, m_recipe.noise, &random);
    const double loss = sum / batch.words, rate = m_recipe.learningRateAt(m_state.update);
    const int update = m_state.update + 1;
    if (m_state.update == 0) m_state.firstLoss = loss;
    if (hasDiverged(loss, m_state.firstLoss))
        diverge("the loss is " + shortNumber(loss) + " nats a word, the first batch's was " +
                    shortNumber(m_state.firstLoss),
                update, rate);
    // Only now it is known that the parameters are good.
    if (!m_checkpointed && m_state.update % m_options.checkpointEvery == 0) saveCheckpoint();
    const double norm = m_adam.step(rate, 1.0 / batch.words, m_recipe.optimiser.clip, &m_workers);
    if (!std::isfinite(norm)) diverge("the gradient is not finite", update, rate);
    m_checkpointed = false;
    m_state.update = update;
    m_state.lastLoss = loss;
    ++m_state.poolUsed;
    if (!m_progress) return;
    TrainProgress report;
    report.update = update;
    report.loss = loss;
    report.words = batch.words;
    report.learningRate = rate;
    report.seconds = seconds();
    m_progress(report);
}

void Training::takeProbes() {
    if (m_probes.due(m_state.update, m_state.validatedAt == m_state.update && m_state.update > 0))
        m_probes.run(*withParameters(m_initial, m_parameters), m_state.update, m_state.lastLoss);
}

TrainResult Training::run() {
    while (true) {
        if (validationDue()) validate();
        const bool stopped = m_stop.stop_requested();
        if (!(stopped && validationDue())) takeProbes();
        if (stopped || ended()) break;
        update();
    }
    if (!m_checkpointed || m_state.update == 0) saveCheckpoint();
    return finish();
}

TrainResult Training::finish() {
    TrainResult result;
    result.updates = m_state.update;
    result.interrupted = !ended() || validationDue();
    if (!result.interrupted && m_state.update < m_recipe.schedule.steps)
        result.withoutBetter = m_state.sinceBest;
    std::vector<KeptSet>& kept = m_state.kept;
    const std::string stoppedAfter = "stopped after " + std::to_string(m_state.update) + " updates";
    if (kept.empty()) {
        result.model = save(valuesOf(m_parameters), stoppedAfter + ", before the first validation");
        return result;
    }
    const KeptSet* chosen = &kept.front();
    std::string how = stoppedAfter + "; ";
    KeptSet mean;
    if (!result.interrupted && kept.size() > 1) {
        mean.values = meanOf(kept);
        setValues(mean.values);
        mean.loss = validationLoss(false);
        const std::string losses = shortNumber(mean.loss) + " nats a word, the best single one's is " +
                                   shortNumber(kept.front().loss);
        const bool better = mean.loss <= kept.front().loss;
        result.averaging = "The mean of the best " + std::to_string(kept.size()) +
                           " parameter sets has a validation loss of " + losses +
                           (better ? "; the mean is kept." : "; the single one is kept.");
        if (better) {
            chosen = &mean;
            how += "mean of the parameters after";
            for (const KeptSet& set : kept)
                how += " " + std::to_string(set.update) + (&set == &kept.back() ? "" : ",");
            how += " updates; ";
        }
    }
    char loss[64];
    std::snprintf(loss, sizeof loss, "%.5f", chosen->loss);
    result.validationLoss = chosen->loss;
    result.model = save(chosen->values, how + "validation loss " + loss + " nats per word");
    return result;
}

} // namespace

Findings TrainOptions::validate() const {
    Findings faults;
    checkBounds(*this, "", faults);
    return faults;
}

TrainResult train(const TrainRecipe& recipe, const TrainOptions& options,
                  const std::function<void(const TrainProgress&)>& progress, std::stop_token stop) {
    return Training(recipe, options, progress, std::move(stop)).run();
}

TrainResult resumeTraining(Checkpoint checkpoint, const TrainOptions& options,
                           const std::function<void(const TrainProgress&)>& progress, std::stop_token stop) {
    Training training(checkpoint.recipe, options, progress, std::move(stop));
    training.takeUp(std::move(checkpoint));
    return training.run();
}

} // namespace attn
