// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/commands.h"
#include "app/attn/model_choice.h"
#include "app/attn/output.h"
#include "app/attn/search_options.h"
#include "core/autograd/row_product.h"
#include "core/base/fields_json.h"
#include "core/evaluate/evaluation.h"

namespace attn::cli {

namespace {

struct EvalCommand {
    ModelChoice model;
    std::string task, json, output, tokens;
    std::vector<std::string> pairs;
    int count = 1000, threads = 1;
    std::uint64_t seed = 2'000'003;
    SearchOptionValues search;

    /// How the translations are found: "greedy" or "beam 5".
    std::string searchText() const {
        return search.beamWidth > 0 ? "beam " + std::to_string(search.beamWidth) : "greedy";
    }
};

const char* const examples = R"(Measures, over all sentence pairs:
  loss                  -log-probability of the reference per word, end symbols included, in nats
  next words right      the most probable word is the reference's, given the reference before it
  sentences right       the translation (greedy, or --beam) is the reference, word for word; below it, by the
                        source's length and by whether sure gold links cross
  BLEU, chrF            of the translations as text, by sacrebleu's definitions; the signature says how
  alignment error rate  of Och & Ney 2003: heaviest source word of each reference word (mean of heads)
                        against gold links, where these are known
  attention entropy     of a reference word's weights (mean of heads), in nats
  words per second      of the translations, in batches
A model with monotonic attention was trained on what it expects to read; here it reads as it does in use, stopping at
one source word (hard attention), so that its loss is not that of its training, and its entropy is 0. For a model
without attention there is no alignment and no entropy.

A model that continues texts is measured along texts by themselves: loss, perplexity, next words right. Its file has
one text a line.

A file of pairs has "source TAB target" on each line, and may have a second TAB and gold links
counted from 0: 0-0 is a sure link from the first source word to the first target word, 1p2 a possible one.
Two files have a sentence on each line, those of one number belonging together. Either may be gzipped.

Examples:
  attn eval en-fr-additive --task en-fr --count 500
  attn eval en-fr-additive --pairs mine.tsv --json -
  attn eval en-fr-additive --beam 5 --length-penalty 0.6
  attn eval mine.safetensors --pairs test.en test.fr --output translations.txt
  attn eval mine.safetensors --weights 16
  attn eval en-lm-attention --count 2000)";

std::string line(const char* name, const std::string& value, const std::string& remark) {
    return padRight(name, 22) + padLeft(value, 10) + "  " + remark + "\n";
}

std::string report(const Model& model, const Evaluation& n, const EvalCommand& command) {
    const std::vector<Site> sites = model.sites();
    const bool attends = !sites.empty();
    const bool hard = attends && sites.front().rule && sites.front().rule->scope == Scope::Monotonic;
    std::string text = line("loss", decimal(n.loss(), 4),
                            "nats per word of the reference; perplexity " + decimal(n.perplexity(), 3) +
                                (hard ? "; hard attention" : ""));
    text += line("next words right", decimal(n.wordAccuracy(), 4),
                 grouped(n.wordsRight) + " of " + grouped(n.words) + ", given the preceding reference words");
    const auto ending = [&] {
        return line("parameters", grouped(model.parameterCount()),
                    "of " + std::to_string(command.model.bits) + " bits");
    };
    const std::string threads =
        std::to_string(command.threads) + (command.threads == 1 ? " thread" : " threads");
    const std::string speed = grouped(static_cast<long long>(n.wordsPerSecond));
    if (!n.translated)
        return text + line("words per second", speed, "of the texts, in batches, " + threads) + ending();
    text += line("sentences right", decimal(n.exactAccuracy(), 4),
                 grouped(n.sentencesRight) + " of " + grouped(n.sentences) + ", " + command.searchText());
    for (const SentenceGroup& group : n.groups)
        text += line("  of these",
                     decimal(static_cast<double>(group.right) / static_cast<double>(group.sentences), 4),
                     grouped(group.right) + " of " + grouped(group.sentences) + ", " + group.name);
    text += line("BLEU", decimal(n.bleu.score, 2), n.bleu.signature);
    text += line(n.chrf.name.c_str(), decimal(n.chrf.score, 2), n.chrf.signature);
    if (n.alignment)
        text += line("alignment error rate", decimal(n.alignment->rate(), 4),
                     "precision " + decimal(n.alignment->precision(), 4) + ", recall " +
                         decimal(n.alignment->recall(), 4));
    else
        text += line("alignment error rate", "-",
                     attends ? "no gold links are known" : "not applicable: the model has no attention");
    text += n.entropy ? line("attention entropy", decimal(*n.entropy, 4), "nats, along the reference")
                      : line("attention entropy", "-", "not applicable: the model has no attention");
    text += line("words per second", speed, command.searchText() + ", in batches, " + threads);
    return text + ending();
}

nlohmann::ordered_json asJson(const Model& model, const Evaluation& n, const EvalCommand& command) {
    nlohmann::ordered_json json = {
        {"sentences", n.sentences},
        {"sentence_accuracy", n.exactAccuracy()},
        {"words", n.words},
        {"unknown_words", n.unknown},
        {"word_accuracy", n.wordAccuracy()},
        {"loss", n.loss()},
        {"perplexity", n.perplexity()},
        {"bleu", n.bleu.score},
        {"bleu_precisions", n.bleu.precisions},
        {"bleu_brevity_penalty", n.bleu.brevityPenalty},
        {"bleu_system_length", n.bleu.systemLength},
        {"bleu_reference_length", n.bleu.referenceLength},
        {"bleu_signature", n.bleu.signature},
        {"chrf", n.chrf.score},
        {"chrf_signature", n.chrf.signature},
    };
    if (!n.translated)
        for (const char* name :
             {"sentence_accuracy", "bleu", "bleu_precisions", "bleu_brevity_penalty", "bleu_system_length",
              "bleu_reference_length", "bleu_signature", "chrf", "chrf_signature"})
            json[name] = nullptr;
    for (const SentenceGroup& group : n.groups)
        json["groups"].push_back(
            {{"name", group.name}, {"sentences", group.sentences}, {"right", group.right}});
    for (const char* name : {"alignment_error_rate", "alignment_precision", "alignment_recall"})
        json[name] = nullptr;
    if (n.alignment) {
        json["alignment_error_rate"] = n.alignment->rate();
        json["alignment_precision"] = n.alignment->precision();
        json["alignment_recall"] = n.alignment->recall();
    }
    json["attention_entropy"] = nullptr;
    if (n.entropy) json["attention_entropy"] = *n.entropy;
    json["words_per_second"] = n.wordsPerSecond;
    json["threads"] = command.threads;
    json["search"] = toText(command.search.kind());
    if (command.search.beamWidth > 0) json["beam"] = toJson(command.search.beam);
    json["weights_bits"] = command.model.bits;
    json["parameters"] = model.parameterCount();
    return json;
}

void run(EvalCommand command, std::stop_token stop) {
    const ModelPtr model = openChosen(command.model);
    const bool files = !command.pairs.empty();
    if (command.task.empty() && !files) command.task = model->card().task;
    if (command.task.empty() && !files)
        throw Error(ErrorKind::Argument, "The model " + model->name() +
                                             " has no task of its own; give --task NAME or --pairs FILE.");
    if (!model->source() && (command.search.beamWidth > 0 || !command.output.empty()))
        throw Error(ErrorKind::Argument, "The model " + model->name() +
                                             " continues texts and does not translate; leave out " +
                                             (command.output.empty() ? "--beam." : "--output."));
    Findings notes;
    const std::vector<EvalPair> pairs = files ? filePairs(*model, command.pairs, notes)
                                              : taskPairs(*model, command.task, command.count, command.seed);
    for (const Finding& note : notes) say(note.where + ": " + note.text);
    const std::string data = files ? command.pairs[0] : command.task;
    useThreads(1); // no more than --threads, which divide the sentences
    EvaluationOptions options;
    options.threads = command.threads;
    if (command.search.beamWidth > 0) options.beam = command.search.beam;
    options.tokens = fromText<ScoreTokens>(command.tokens);
    options.stop = stop;
    if (isatty(STDERR_FILENO)) options.progress = [](long long n) { say(grouped(n) + " sentences"); };
    const Evaluation found = evaluate(*model, pairs, data, options);
    if (found.unknown)
        say(grouped(found.unknown) + " of " + grouped(found.words) +
            " reference words are not in the model's vocabulary; they count as wrong.");
    if (!command.output.empty()) {
        std::string text;
        for (const std::string& translation : found.translations()) text += translation + "\n";
        writeTo(command.output, text);
    }
    if (!command.json.empty()) {
        nlohmann::ordered_json json = {{"model", model->name()}, {"data", data}};
        if (!files) json["seed"] = command.seed;
        json.update(asJson(*model, found, command));
        writeTo(command.json,
                json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    }
    if (command.json != "-" && command.output != "-")
        print(model->name() + " on " + data + ": " + grouped(found.sentences) + " sentences" +
              (files ? "" : ", seed " + std::to_string(command.seed)) + "\n" +
              report(*model, found, command));
}

} // namespace

void addEval(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("eval", "Evaluate a model on sentence pairs");
    auto options = std::make_shared<EvalCommand>();
    addModelChoice(*command, options->model);
    CLI::Option* pairs = command
                             ->add_option("--pairs", options->pairs,
                                          "Evaluate on the sentence pairs of this file, or of these two")
                             ->expected(1, 2);
    std::string tasks;
    for (const std::string& name : taskNames()) tasks += (tasks.empty() ? "" : ", ") + name;
    command
        ->add_option("--task", options->task,
                     "Evaluate on a built-in task: " + tasks + " (default: the model's own)")
        ->excludes(pairs);
    command
        ->add_option("--count", options->count,
                     "Sentences drawn from the task's test part, which is never trained on (default: 1000)")
        ->check(CLI::Range(1, 10'000'000))
        ->excludes(pairs);
    command->add_option("--seed", options->seed, "Seed they are drawn with (default: 2000003)")
        ->excludes(pairs);
    command
        ->add_option("--tokens", options->tokens,
                     "Tokenisation for BLEU: " + allNames<ScoreTokens>() +
                         " (default: zh for characters and Chinese, else 13a)")
        ->check([](const std::string& text) {
            return fromText<ScoreTokens>(text) ? "" : "expected one of " + allNames<ScoreTokens>();
        });
    addBeamOptions(*command, options->search, false);
    command->add_option("--threads", options->threads, "Threads that share the sentences (default: 1)")
        ->check(CLI::Range(1, 256));
    command->add_option("--output", options->output,
                        "Write the translations, one per line, to a file, or to - for standard output");
    command->add_option("--json", options->json,
                        "Write the figures as JSON to a file, or to - for standard output");
    command->footer(std::string(examples) + "\n\n" + searchHelp);
    command->callback([&session, options] {
        settleSearchOptions(options->search);
        session.action = [&session, options] { run(*options, session.stop); };
    });
}

} // namespace attn::cli
