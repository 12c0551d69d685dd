// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/model/encoder_decoder/record.h"
#include "core/run/copied_words.h"
#include "core/run/typed_text.h"
#include "core/run/word_choice.h"

namespace attn {

namespace {

/// The largest trace, in bytes of attention vectors; a longer sentence would fill the memory.
constexpr double kMostTraceBytes = 4e9;
/// Score terms kept in a whole trace.
constexpr long long kMostTermsOfTrace = 64LL * 1024 * 1024;

/// Throws Error(Limit) if recording `steps` steps over `positions` positions would take too much memory.
void checkSize(const std::vector<Site>& sites, int positions, int steps) {
    double bytes = 0;
    for (const Site& site : sites)
        bytes += static_cast<double>(sizeof(float)) * recordedVectors(site) * positions * steps * site.heads;
    if (bytes > kMostTraceBytes)
        throw Error(ErrorKind::Limit,
                    "the source has " + std::to_string(positions) + " words; recording up to " +
                        std::to_string(steps) + " steps over it would take " +
                        std::to_string(static_cast<long long>(bytes / 1e9)) + " GB, the limit is " +
                        std::to_string(static_cast<long long>(kMostTraceBytes / 1e9)) +
                        " GB. Give a shorter sentence, or fewer steps");
}

/// Score terms kept per head and step of a run.
int mostTerms(const std::vector<Site>& sites, int steps) {
    int heads = 0;
    for (const Site& site : sites) heads += site.rule ? site.heads : 0;
    return static_cast<int>(std::min<long long>(
        kMostScoreTerms, kMostTermsOfTrace / (static_cast<long long>(steps) * std::max(1, heads))));
}

/// The words that are given rather than chosen: a forced target with its end, or a prefix.
struct GivenWord {
    std::string text;
    int id;
};
std::vector<GivenWord> givenWords(const Model& model, const Recipe& recipe) {
    std::vector<GivenWord> words;
    if (recipe.search == SearchKind::Forced) {
        const TypedTarget target = typedTarget(model, recipe.target);
        for (std::size_t t = 0; t < target.ids.size(); ++t) words.push_back({target.words[t], target.ids[t]});
    } else {
        for (const std::string& word : recipe.prefix)
            words.push_back({word, wordId(model, model.targetVocabulary(), word)});
    }
    return words;
}

/// The source as the network reads it; positions without a word are left out.
struct ReadSource {
    TokenBatch tokens;
    std::vector<std::string> extra; ///< words that can be copied and that the target vocabulary lacks
};
ReadSource readSource(const Model& model, const std::vector<Position>& positions) {
    ReadSource source;
    std::vector<std::string> words;
    for (const Position& position : positions) {
        if (position.role == TokenRole::Empty) continue;
        source.tokens.ids.push_back(position.id);
        words.push_back(position.text);
    }
    source.tokens.positions = static_cast<int>(source.tokens.ids.size());
    source.tokens.lengths = {source.tokens.positions};
    if (model.spec().copy != CopyKind::None)
        source.extra = setCopyIds(words, model.targetVocabulary(), source.tokens);
    return source;
}

/// The step that follows the trace's last one: `given`, or the likeliest of the allowed words.
StepTrace nextStep(const Trace& trace, const std::vector<float>& logProbs, const GivenWord* given,
                   const OutputWords& words, const WordChoice& choice) {
    StepTrace step;
    step.time = static_cast<int>(trace.steps.size());
    step.parent = step.time - 1;
    step.pass = step.time;
    step.forced = given != nullptr;
    if (given) {
        step.wordId = given->id;
        step.wordText = given->text;
    } else {
        const auto likeliest =
            static_cast<int>(std::max_element(logProbs.begin(), logProbs.end()) - logProbs.begin());
        step.wordId = choice.best(logProbs.data(), static_cast<int>(logProbs.size()), likeliest, step.time);
        step.wordText = words.text(step.wordId);
    }
    step.role = words.role(step.wordId);
    step.logProb = logProbs[static_cast<std::size_t>(step.wordId)];
    if (!trace.steps.empty()) step.score = trace.steps.back().score;
    step.score.logProb += step.logProb;
    step.score.total = step.score.logProb;
    if (step.isEnd()) step.fate = Fate::Finished;
    return step;
}

} // namespace

TracePtr run(const Model& model, const Recipe& recipe, const RunOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    auto trace = std::make_shared<Trace>();
    trace->modelName = model.name();
    trace->recipeHash = recipe.hash();
    trace->sourceText = recipe.source;
    trace->axes = axesOf(model.spec());
    trace->sites = sitesOf(model.spec());
    std::vector<Position>& positions = trace->axes.front().positions;
    positions = typedSource(model, recipe.source);
    std::vector<GivenWord> given = givenWords(model, recipe);
    const ReadSource source = readSource(model, positions);
    const Vocabulary& vocabulary = model.targetVocabulary();
    const OutputWords words{vocabulary, source.extra};
    for (GivenWord& word : given) // of a word that only the source has, the outcome is that it is copied
        if (const auto at = std::find(source.extra.begin(), source.extra.end(), word.text);
            at != source.extra.end())
            word.id = vocabulary.size() + static_cast<int>(at - source.extra.begin());
    const int limit = recipe.search == SearchKind::Forced ? static_cast<int>(given.size())
                      : recipe.maxSteps > 0
                          ? recipe.maxSteps
                          : 2 * source.tokens.positions + 20 + static_cast<int>(given.size());
    checkSize(trace->sites, static_cast<int>(positions.size()), limit);

    const WordChoice choice(model);
    const EncoderDecoder<float>& network = model.network();
    const Encoding<float> encoding = network.encode(nullptr, source.tokens);
    recordEncoding(network, encoding, 0, *trace);
    DecoderState<float> state = network.start(nullptr, encoding);
    trace->initialState = recordState(state, 0);
    for (int t = 0; t < limit && !trace->complete; ++t) {
        if (options.stop.stop_requested())
            throw Error(ErrorKind::Interrupted, "stopped after " + std::to_string(t) + " words");
        const StepTrace* const before = t > 0 ? &trace->steps.back() : nullptr;
        int previous = before ? before->wordId : vocabulary.special().bos;
        if (previous >= vocabulary.size()) previous = vocabulary.special().unk;
        const DecoderStep<float> step = network.step(nullptr, encoding, state, {previous});
        const Var<float> logits = network.output(nullptr, encoding, step);
        RecordedOutput made = recordOutput(logits.value().row(0), logits.cols(), words, recipe.topK);
        if (!std::isfinite(made.output.logSumExp))
            throw Error(ErrorKind::Data, "the model's output at step " + std::to_string(t + 1) +
                                             " is not finite: its numbers are too large to run");
        Pass pass = recordPass(network, encoding, step, 0, mostTerms(trace->sites, limit));
        pass.inputId = previous;
        pass.inputText = before ? before->wordText : vocabulary.text(previous);
        pass.inputRole = before ? roleOf(vocabulary, previous) : TokenRole::Start;
        pass.output = std::move(made.output);
        const GivenWord* const word =
            t < static_cast<int>(given.size()) ? &given[static_cast<std::size_t>(t)] : nullptr;
        StepTrace next = nextStep(*trace, made.logProbs, word, words, choice);
        trace->passes.push_back(std::move(pass));
        trace->steps.push_back(std::move(next));
        trace->complete = trace->steps.back().isEnd();
        if (options.progress) options.progress(t);
        state = step.state;
    }
    trace->leaves = {static_cast<int>(trace->steps.size()) - 1};
    trace->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return trace;
}

} // namespace attn
