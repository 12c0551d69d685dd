// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/model/encoder_decoder.h"
#include "core/run/reading.h"
#include "core/run/record.h"
#include "core/run/typed_text.h"
#include "core/run/word_choice.h"

namespace attn {

namespace {

/// The largest trace, in bytes of attention vectors; a longer sentence would fill the memory.
constexpr double kMostTraceBytes = 4e9;
/// Score terms kept in a whole trace.
constexpr long long kMostTermsOfTrace = 64LL * 1024 * 1024;

/// Throws Error(Limit) if recording `steps` steps over `positions` positions would take too much memory.
void checkSize(const ModelSpec& spec, int positions, int steps) {
    constexpr double vectors = 8; // of HeadTrace
    const double bytes = vectors * sizeof(float) * positions * steps * spec.attention.maps();
    if (bytes > kMostTraceBytes)
        throw Error(ErrorKind::Limit,
                    "the source has " + std::to_string(positions) + " words; recording up to " +
                        std::to_string(steps) + " steps over it would take " +
                        std::to_string(static_cast<long long>(bytes / 1e9)) + " GB, the limit is " +
                        std::to_string(static_cast<long long>(kMostTraceBytes / 1e9)) +
                        " GB. Give a shorter sentence, or fewer steps");
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

} // namespace

TracePtr run(const Model& model, const Recipe& recipe, const RunOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    auto trace = std::make_shared<Trace>();
    trace->modelName = model.name();
    trace->recipeHash = recipe.hash();
    trace->attention = model.spec().attention;
    trace->sourceText = recipe.source;
    trace->source = typedSource(model, recipe.source);
    std::vector<GivenWord> given = givenWords(model, recipe);

    TokenBatch source;
    std::vector<std::string> sourceWords;
    for (const SourceToken& token : trace->source) {
        if (token.id < 0) continue; // a position without a word
        source.ids.push_back(token.id);
        sourceWords.push_back(token.text);
    }
    source.positions = static_cast<int>(source.ids.size());
    source.lengths = {source.positions};
    std::vector<std::string> extra; // words that can be copied and stand in no vocabulary
    if (model.spec().copy != CopyKind::None)
        extra = setCopyIds({sourceWords}, model.targetVocabulary(), source).front();
    for (GivenWord& word : given) // of a word that only the source has, the outcome is that it is copied
        if (const auto at = std::find(extra.begin(), extra.end(), word.text); at != extra.end())
            word.id = model.targetVocabulary().size() + static_cast<int>(at - extra.begin());
    const WordChoice choice(model);
    const Vocabulary& vocabulary = model.targetVocabulary();
    const bool forced = recipe.search == SearchKind::Forced;
    const int limit = forced                ? static_cast<int>(given.size())
                      : recipe.maxSteps > 0 ? recipe.maxSteps
                                            : 2 * source.positions + 20 + static_cast<int>(given.size());
    checkSize(model.spec(), static_cast<int>(trace->source.size()), limit);
    const int mostTerms = static_cast<int>(std::min<long long>(
        kMostScoreTerms,
        kMostTermsOfTrace / (static_cast<long long>(limit) * std::max(1, model.spec().attention.maps()))));
    const EncoderDecoder<float>& network = model.network();
    const Encoding<float> encoding = network.encode(nullptr, source);
    recordEncoder(encoding, *trace);
    DecoderState<float> state = network.start(nullptr, encoding);
    trace->initialState = recordInitialState(state);

    int previous = vocabulary.special().bos;
    for (int t = 0; t < limit; ++t) {
        if (options.stop.stop_requested())
            throw Error(ErrorKind::Interrupted, "stopped after " + std::to_string(t) + " words");
        const DecoderStep<float> step = network.step(nullptr, encoding, state, {previous});
        StepTrace record = recordStep(network, encoding, step, mostTerms);
        const std::vector<float> logProbs = recordOutput(network.output(nullptr, encoding, step).value(),
                                                         vocabulary, extra, recipe.topK, record);
        if (!std::isfinite(record.logSumExp))
            throw Error(ErrorKind::Data, "the model's output at step " + std::to_string(t + 1) +
                                             " is not finite: its numbers are too large to run");
        record.parent = t - 1;
        record.time = t;
        record.inputId = previous;
        record.inputText = t == 0 ? vocabulary.text(previous) : trace->steps.back().wordText;
        if (t < static_cast<int>(given.size())) {
            const GivenWord& word = given[static_cast<std::size_t>(t)];
            record.wordId = word.id;
            record.wordText = word.text;
            record.forced = true;
            record.known = word.id != vocabulary.special().unk;
        } else {
            const auto likeliest =
                static_cast<int>(std::max_element(logProbs.begin(), logProbs.end()) - logProbs.begin());
            record.wordId = choice.best(logProbs.data(), static_cast<int>(logProbs.size()), likeliest, t);
            const int beyond = record.wordId - vocabulary.size();
            record.wordText =
                beyond < 0 ? vocabulary.text(record.wordId) : extra[static_cast<std::size_t>(beyond)];
        }
        record.logProb = logProbs[static_cast<std::size_t>(record.wordId)];
        record.end = record.wordId == vocabulary.special().eos;
        trace->steps.push_back(std::move(record));
        if (options.progress) options.progress(t);
        if (trace->steps.back().end) {
            trace->complete = true;
            break;
        }
        previous = trace->steps.back().wordId;
        if (previous >= vocabulary.size()) previous = vocabulary.special().unk;
        state = step.state;
    }
    trace->leaves = {static_cast<int>(trace->steps.size()) - 1};
    trace->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return trace;
}

} // namespace attn
