// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <algorithm>
#include <chrono>

#include "core/model/encoder_decoder/record.h"
#include "core/model/language_model/record.h"
#include "core/model/network.h"
#include "core/run/interventions.h"
#include "core/run/reading.h"
#include "core/run/search/check_search.h"
#include "core/run/search/search.h"
#include "core/run/typed_text.h"
#include "core/run/word_choice.h"

namespace attn {

namespace {

/// The largest trace, in bytes of attention vectors; a longer sentence would fill the memory.
constexpr double kMostTraceBytes = 4e9;
/// Score terms kept in a whole trace.
constexpr long long kMostTermsOfTrace = 64LL * 1024 * 1024;

/// Throws Error(Limit) if recording this many passes of paths up to `steps` tokens would take too much
/// memory.
void checkSize(const Trace& trace, int steps, long long passes) {
    double bytes = 0;
    int longest = 0;
    for (const Site& site : trace.sites) {
        const Axis& keys = trace.axes[static_cast<std::size_t>(site.keyAxis)];
        const int positions = keys.isDecoded() ? steps : static_cast<int>(keys.positions.size());
        longest = std::max(longest, positions);
        bytes += static_cast<double>(sizeof(float)) * recordedVectors(site) * positions *
                 static_cast<double>(passes) * site.heads;
    }
    if (bytes > kMostTraceBytes)
        throw Error(ErrorKind::Limit,
                    "the attention has " + std::to_string(longest) + " positions; recording up to " +
                        std::to_string(passes) + " steps over them would take " +
                        std::to_string(static_cast<long long>(bytes / 1e9)) + " GB, the limit is " +
                        std::to_string(static_cast<long long>(kMostTraceBytes / 1e9)) +
                        " GB. Give a shorter sentence, fewer steps or a narrower beam");
}

/// Score terms kept per head and pass of a run.
int mostTerms(const std::vector<Site>& sites, long long passes) {
    int heads = 0;
    for (const Site& site : sites) heads += site.rule ? site.heads : 0;
    return static_cast<int>(std::min<long long>(
        kMostScoreTerms, kMostTermsOfTrace / (std::max(1LL, passes) * std::max(1, heads))));
}

/// The tokens that are given rather than chosen: a prompt, then a forced target with its end, or a prefix. A
/// word that only the source has is given as the outcome that it is copied.
std::vector<GivenWord> givenWords(const Model& model, const Recipe& recipe, std::vector<GivenWord> prompt,
                                  const std::vector<std::string>& extra) {
    std::vector<GivenWord> words = std::move(prompt);
    if (recipe.search == SearchKind::Forced && !(recipe.target.empty() && !recipe.prefix.empty())) {
        const TypedTarget target = typedTarget(model, recipe.target);
        for (std::size_t t = 0; t < target.ids.size(); ++t) words.push_back({target.words[t], target.ids[t]});
    } else {
        for (const std::string& word : recipe.prefix)
            words.push_back({word, wordId(model, model.target().vocabulary, word)});
    }
    for (GivenWord& word : words)
        if (const auto at = std::find(extra.begin(), extra.end(), word.text); at != extra.end())
            word.id = model.target().vocabulary.size() + static_cast<int>(at - extra.begin());
    for (const GivenWord& word : words)
        if (word.id < 0)
            throw Error(ErrorKind::Argument, "the model does not know \"" + word.text +
                                                 "\", and its target vocabulary has no symbol for unknown "
                                                 "words; begin with other words");
    return words;
}

/// The tree's nodes as the trace's steps, and what each pass read.
void recordTree(const SearchTree& tree, const std::vector<GivenWord>& given, const OutputWords& words,
                Trace& trace) {
    const Vocabulary& vocabulary = words.vocabulary;
    for (const SearchNode& node : tree.nodes) {
        StepTrace step;
        step.parent = node.parent;
        step.time = node.time;
        step.pass = node.pass;
        step.wordId = node.word;
        step.wordText = node.given ? given[static_cast<std::size_t>(node.time)].text : words.text(node.word);
        step.role = words.role(node.word);
        step.forced = node.given;
        step.logProb = static_cast<float>(node.logProb);
        step.score = node.score;
        step.fate = node.fate;
        step.lostAt = node.lostAt;
        Pass& pass = trace.passes[static_cast<std::size_t>(node.pass)];
        const StepTrace* const before =
            node.parent < 0 ? nullptr : &trace.steps[static_cast<std::size_t>(node.parent)];
        pass.inputId = before ? before->wordId : vocabulary.special().bos;
        if (pass.inputId >= vocabulary.size()) pass.inputId = vocabulary.special().unk;
        pass.inputText = before ? before->wordText : vocabulary.text(pass.inputId);
        pass.inputRole = before ? roleOf(vocabulary, pass.inputId) : TokenRole::Start;
        trace.steps.push_back(std::move(step));
    }
    trace.leaves = tree.leaves;
    trace.complete =
        !tree.leaves.empty() && trace.steps[static_cast<std::size_t>(tree.leaves.front())].isEnd();
}

/// Decodes by a family's network and records it.
template <Stepper N>
void decode(const N& network, const Model& model, const Recipe& recipe, const RunOptions& options,
            Trace& trace) {
    auto read = readTyped(network, model, recipe.source, trace);
    trace.prompt = static_cast<int>(read.prompt.size());
    const OutputWords words{model.target().vocabulary, read.extra};
    const std::vector<GivenWord> given = givenWords(model, recipe, std::move(read.prompt), read.extra);
    SearchSentence question;
    for (const GivenWord& word : given) question.given.push_back(word.id);
    const int length = static_cast<int>(given.size());
    question.limit =
        recipe.search == SearchKind::Forced ? length : stepLimit(recipe.maxSteps, read.words, length);
    const int rows = recipe.search == SearchKind::Beam ? recipe.beam.width + recipe.beam.keepGreedy : 1;
    const long long passes = static_cast<long long>(rows) * question.limit;
    checkSize(trace, question.limit, passes);

    SearchOptions search;
    search.kind = recipe.search;
    if (search.kind == SearchKind::Beam) search.beam = recipe.beam;
    search.sample = recipe.sample;
    search.exact = search.keepLost = true;
    search.stop = options.stop;
    search.progress = options.progress;
    const WordChoice choice(model);
    Interventions interventions(recipe.edits);
    const Taps<float>& taps = interventions.taps();
    typename N::Encoding encoding = network.encode(nullptr, read.input, {}, taps);
    recordEncoding(network, encoding, 0, trace);
    typename N::State state = network.start(nullptr, encoding, taps);
    trace.initialState = recordState(state, 0);
    interventions.record(0, -1, trace);
    const int terms = mostTerms(trace.sites, passes);
    const auto record = [&](const auto& encoded, const auto& step, const Matrix<float>& logits, int row) {
        trace.passes.push_back(recordPass(network, encoded, step, row, terms));
        trace.passes.back().output = recordOutput(logits.row(row), logits.cols(), words, recipe.topK);
        interventions.record(row, static_cast<int>(trace.passes.size()) - 1, trace);
    };
    const std::vector<SearchTree> trees =
        attn::search(network, std::move(encoding), std::move(state),
                     Hypotheses(search, choice, words.vocabulary.special(), words.vocabulary.size(),
                                {std::move(question)}),
                     record, taps);
    recordTree(trees.front(), given, words, trace);
}

} // namespace

TracePtr run(const Model& model, const Recipe& recipe, const RunOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    checkSearch(model, recipe.search, recipe.beam, recipe.sample);
    throwFaults(ErrorKind::Argument, "these edits cannot be made:", faultsOf(recipe.edits, model.sites()));
    auto trace = std::make_shared<Trace>();
    trace->modelName = model.name();
    trace->recipeHash = recipe.hash();
    trace->sourceText = recipe.source;
    trace->axes = model.axes();
    trace->sites = model.sites();
    model.visit([&](const auto& network) { decode(network, model, recipe, options, *trace); });
    trace->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return trace;
}

} // namespace attn
