// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/alignment.h"
#include "app/attn/commands.h"
#include "app/attn/eval_data.h"
#include "app/attn/output.h"
#include "core/io/model_file.h"
#include "core/run/run.h"

namespace attn::cli {

namespace {

struct EvalCommand {
    std::string model, task, pairs, json;
    int count = 1000;
    std::uint64_t seed = 2'000'003;
};

const char* const examples = R"(Measures, over all sentence pairs:
  sentences right            the greedy translation is the reference, word for word
  next words right           the most probable word is the reference's, given the reference before it
  log-probability per word   of the reference, end symbols included, in nats
  alignment error rate       of Och & Ney 2003: heaviest source word of each reference word (mean of heads)
                             against gold links, where these are known

A file of pairs has "source TAB target" on each line, and may have a second TAB and gold links
counted from 0: 0-0 is a sure link from the first source word to the first target word, 1p2 a possible one.

Examples:
  attn eval en-fr-additive --task en-fr --count 500
  attn eval en-fr-additive --pairs mine.tsv --json -)";

struct Counts {
    long long sentences = 0, sentencesRight = 0, words = 0, wordsRight = 0, unknown = 0, linked = 0;
    double logProb = 0;
    AlignmentError alignment;
};

void measure(const Model& model, const EvalPair& pair, std::stop_token stop, Counts& counts) {
    Recipe recipe;
    recipe.source = pair.source;
    recipe.topK = 1;
    const TracePtr greedy = run(model, recipe, {.stop = stop, .progress = {}});
    std::vector<std::string> words = greedy->words(greedy->bestPath());
    if (greedy->complete) words.pop_back();
    if (greedy->complete && words == pair.targetTokens) ++counts.sentencesRight;

    recipe.search = SearchKind::Forced;
    recipe.target = pair.target;
    const TracePtr forced = run(model, recipe, {.stop = stop, .progress = {}});
    const std::vector<int> path = forced->bestPath();
    for (const int index : path) {
        const StepTrace& step = forced->steps[static_cast<std::size_t>(index)];
        ++counts.words;
        counts.logProb += step.logProb;
        if (!step.known) ++counts.unknown;
        // An unknown reference word is never right, though <unk> may be the model's choice.
        if (step.known && !step.candidates.empty() && step.candidates.front().id == step.wordId)
            ++counts.wordsRight;
    }
    if (!pair.links.empty()) {
        ++counts.linked;
        counts.alignment.add(pair.links, heaviestLinks(*forced, path, meanOfHeads));
    }
    ++counts.sentences;
}

double share(long long part, long long whole) {
    return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

std::string line(const char* name, double value, const std::string& remark) {
    return padRight(name, 26) + padLeft(decimal(value, 4), 9) + "  " + remark + "\n";
}

std::string report(const std::string& title, const Counts& n) {
    std::string text = title + "\n";
    text += line("sentences right", share(n.sentencesRight, n.sentences),
                 grouped(n.sentencesRight) + " of " + grouped(n.sentences) + ", greedy");
    text += line("next words right", share(n.wordsRight, n.words),
                 grouped(n.wordsRight) + " of " + grouped(n.words) + ", given the reference before");
    text +=
        line("log-probability per word", n.logProb / static_cast<double>(n.words), "nats, of the reference");
    if (n.linked)
        text += line("alignment error rate", n.alignment.rate(),
                     "precision " + decimal(n.alignment.precision(), 4) + ", recall " +
                         decimal(n.alignment.recall(), 4));
    return text;
}

nlohmann::ordered_json asJson(const Counts& n) {
    nlohmann::ordered_json json = {
        {"sentences", n.sentences},
        {"sentence_accuracy", share(n.sentencesRight, n.sentences)},
        {"words", n.words},
        {"unknown_words", n.unknown},
        {"word_accuracy", share(n.wordsRight, n.words)},
        {"log_prob_per_word", n.logProb / static_cast<double>(n.words)},
    };
    json["alignment_error_rate"] = nullptr;
    if (n.linked) {
        json["alignment_error_rate"] = n.alignment.rate();
        json["alignment_precision"] = n.alignment.precision();
        json["alignment_recall"] = n.alignment.recall();
    }
    return json;
}

void evaluate(EvalCommand command, std::stop_token stop) {
    const ModelPtr model = openModel(resolveModel(command.model));
    if (command.task.empty() && command.pairs.empty()) command.task = model->card().task;
    if (command.task.empty() && command.pairs.empty())
        throw Error(ErrorKind::Argument, "The model " + model->name() +
                                             " names no task of its own; give --task NAME or --pairs FILE.");
    const std::vector<EvalPair> pairs = command.pairs.empty()
                                            ? taskPairs(*model, command.task, command.count, command.seed)
                                            : filePairs(*model, command.pairs);
    const std::string data = command.pairs.empty() ? command.task : command.pairs;
    Counts counts;
    const auto throwStopped = [&] {
        throw Error(ErrorKind::Interrupted, "Stopped after " + grouped(counts.sentences) + " of " +
                                                grouped(static_cast<long long>(pairs.size())) +
                                                " sentences; nothing is reported.");
    };
    const bool watched = isatty(STDERR_FILENO);
    for (const EvalPair& pair : pairs) {
        if (stop.stop_requested()) throwStopped();
        try {
            measure(*model, pair, stop, counts);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Interrupted) throwStopped();
            throw Error(error.kind(), data +
                                          (pair.line ? ", line " + std::to_string(pair.line)
                                                     : ", sentence \"" + pair.source + "\"") +
                                          ": " + error.what());
        }
        if (watched && counts.sentences % 500 == 0) say(grouped(counts.sentences) + " sentences");
    }
    if (counts.unknown)
        say(grouped(counts.unknown) + " of " + grouped(counts.words) +
            " reference words are not in the model's vocabulary; they count as wrong.");
    const std::string drawn = command.pairs.empty() ? ", seed " + std::to_string(command.seed) : "";
    if (!command.json.empty()) {
        nlohmann::ordered_json json = {{"model", model->name()}, {"data", data}};
        if (command.pairs.empty()) json["seed"] = command.seed;
        json.update(asJson(counts));
        writeTo(command.json,
                json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    }
    if (command.json != "-")
        print(report(model->name() + " on " + data + ": " + grouped(counts.sentences) + " sentences" + drawn,
                     counts));
}

} // namespace

void addEval(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("eval", "Measure a model on sentence pairs");
    auto options = std::make_shared<EvalCommand>();
    command->add_option("MODEL", options->model, "Name of a bundled model, or a model file")->required();
    CLI::Option* pairs =
        command->add_option("--pairs", options->pairs, "Measure on the sentence pairs of this file");
    std::string tasks;
    for (const std::string& name : taskNames()) tasks += (tasks.empty() ? "" : ", ") + name;
    command
        ->add_option("--task", options->task,
                     "Measure on a built-in task: " + tasks + " (default: the model's own)")
        ->excludes(pairs);
    command
        ->add_option("--count", options->count,
                     "Sentences drawn from the task's test part, which is never trained on (default: 1000)")
        ->check(CLI::Range(1, 10'000'000))
        ->excludes(pairs);
    command->add_option("--seed", options->seed, "Seed they are drawn with (default: 2000003)")
        ->excludes(pairs);
    command->add_option("--json", options->json,
                        "Write the figures as JSON to a file, or to - for standard output");
    command->footer(examples);
    command->callback(
        [&session, options] { session.action = [&session, options] { evaluate(*options, session.stop); }; });
}

} // namespace attn::cli
