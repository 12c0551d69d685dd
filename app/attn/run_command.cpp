// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "app/attn/alignment.h"
#include "app/attn/commands.h"
#include "app/attn/model_choice.h"
#include "app/attn/output.h"
#include "app/attn/search_options.h"
#include "core/base/error.h"
#include "core/io/mapped_file.h"
#include "core/run/run.h"
#include "core/run/typed_text.h"
#include "core/trace/trace_text.h"

namespace attn::cli {

namespace {

struct RunCommand {
    ModelChoice model;
    std::string sentence, target, json, edits, head = "mean";
    int maxSteps = 0;
    SearchOptionValues search;
    bool forced = false, pharaoh = false, states = false, trace = false;
};

const char* const examples =
    R"(Prints the translation and its alignment; of a language model the text that it makes of the given beginning, and which
earlier words each word looked at. With --json -, --pharaoh or --trace, only that is printed.

--trace prints what the run recorded as text, a line for each axis, site, track of states, pass of the network (with the
weights of each head, a - where the scope leaves a position out, sizes of states, and the most probable tokens) and step
of the search. Numbers that name axes, sites, layers, passes and steps count from 0; log_prob is a natural logarithm.

--edit changes values on their way through the network; FILE is a JSON list of edits, applied in their order:
  [{"place": "attention", "stage": "factors", "step": 2, "values": [0, 0, 1, 0]},      set step 2's weights, every head
   {"place": "attention", "stage": "mix", "head": 1, "operation": "off"},               switch head 1 off
   {"place": "attention", "stage": "score", "position": 0, "operation": "add", "values": [-2]},
   {"place": "attention", "stage": "normaliser", "operation": "normalise", "normaliser": "sparsemax", "temperature": 0.5},
   {"place": "mask", "position": 3, "operation": "off"},                                source position 3 cannot be attended
   {"place": "state", "layer": 0, "step": 1, "position": 17, "operation": "scale", "values": [0.5]}]
  place      attention, mask, state (a decoder's cell), encoder (a cell of it), vector (features, input, context_gate,
             copy_gate, context), output (the logits)
  site       cross (default), copy, decoder_self, encoder_self; layer, backward: which of them, and which cell
  head       one head; without it all. stage: score, normaliser, factors (the weights; default), mix (a head's context), gate
  cell, part which cell of a layer (0), its hidden state (default) or cell
  step       a decoder's step, or the position that an encoder's cell reads; without it all. initial: the first state
  position   key position, unit or token; without it all
  operation  set (default), add, scale, off, normalise; values: one number, or one for each column
  renormalise  true: the row is divided by its sum afterwards
Everything counts from 0. What was changed, before and after, is in the JSON.

Examples:
  attn run en-fr-additive "the black cat sleeps"
  attn run en-lm-attention "the black cat"
  attn run en-fr-additive "the black cat sleeps" --target "le chat noir dort" --pharaoh
  attn run ./mine.safetensors "a sentence" --json run.json --states
  attn run en-fr-additive "the black cat sleeps" --beam 5 --n-best 5 --length-penalty 0.6 --coverage-penalty 0.2
  attn run en-fr-additive "the black cat sleeps" --sample --temperature 0.8 --top-k 20 --top-p 0.95 --seed 7

)";

int headIndex(const std::string& text) {
    return text == "mean" ? meanOfHeads : std::atoi(text.c_str());
}

std::vector<Edit> editsIn(const std::string& path) {
    constexpr std::size_t most = 16 << 20;
    const MappedFile file(path);
    if (file.bytes().size() > most)
        throw Error(ErrorKind::Limit, path + " has " + std::to_string(file.bytes().size()) +
                                          " bytes; the most for a list of edits is " + std::to_string(most));
    std::string text(file.bytes().size(), ' ');
    file.read(0, std::as_writable_bytes(std::span(text)));
    return readEdits(text, path);
}

/// $COLUMNS if the shell exports it, else 100.
int columns() {
    const char* const text = std::getenv("COLUMNS");
    const int wished = text ? std::atoi(text) : 0;
    return wished > 0 ? wished : 100;
}

/// The tokens of a hypothesis, without the end symbol.
std::vector<std::string> tokensAlong(const Trace& trace, const std::vector<int>& path) {
    std::vector<std::string> words = trace.words(path);
    if (!path.empty() && trace.steps[static_cast<std::size_t>(path.back())].isEnd()) words.pop_back();
    return words;
}

/// The best hypotheses as sentences.
std::vector<FoundText> foundTexts(const Model& model, const Trace& trace, std::size_t most) {
    std::vector<FoundText> found;
    for (const int leaf : trace.leaves)
        if (found.size() < most)
            found.push_back({leaf, targetText(model, tokensAlong(trace, trace.path(leaf)))});
    return found;
}

/// A table of the hypotheses found where there is more than one.
std::string hypothesesText(const Trace& trace, const std::vector<FoundText>& found) {
    if (found.size() < 2) return "";
    std::string text = "\nHypotheses, best first:\n" + padLeft("score", 12) + padLeft("log-prob", 12) +
                       padLeft("divisor", 9) + padLeft("coverage", 10) + "  text\n";
    for (const FoundText& hypothesis : found) {
        const StepTrace& last = trace.steps[static_cast<std::size_t>(hypothesis.leaf)];
        text += padLeft(decimal(last.score.total, 4), 12) + padLeft(decimal(last.score.logProb, 4), 12) +
                padLeft(decimal(last.score.length, 3), 9) + padLeft(decimal(last.score.coverage, 4), 10) +
                "  " + hypothesis.text + (last.isEnd() ? "" : " (not ended)") + "\n";
    }
    return text;
}

void runSentence(const RunCommand& command, std::stop_token stop) {
    const ModelPtr model = openChosen(command.model);
    const int head = headIndex(command.head);
    checkHead(model->sites(), head);
    if (command.pharaoh && !model->source())
        throw Error(ErrorKind::Argument,
                    "--pharaoh prints links from source words to target words, and the "
                    "model " +
                        model->name() +
                        " reads no source: it continues the text given. --json - has its "
                        "weights.");
    if (command.forced && model->target().tokeniser.tokenise(command.target).empty())
        throw Error(ErrorKind::Argument,
                    "--target is empty; give the words to follow, or leave it out "
                    "to let the model translate by itself.");
    Recipe recipe;
    recipe.source = command.sentence;
    recipe.maxSteps = command.maxSteps;
    recipe.search = command.forced ? SearchKind::Forced : command.search.kind();
    recipe.target = command.target;
    recipe.beam = command.search.beam;
    recipe.sample = command.search.sample;
    if (!command.edits.empty()) recipe.edits = editsIn(command.edits);
    const TracePtr trace = run(*model, recipe, {.stop = stop, .progress = {}});
    const std::vector<int> path = trace->bestPath();
    const std::vector<std::string> words = tokensAlong(*trace, path);
    const std::string text = targetText(*model, words);
    const std::size_t most =
        recipe.search == SearchKind::Beam ? static_cast<std::size_t>(recipe.beam.nBest) : 1;
    const std::vector<FoundText> found = foundTexts(*model, *trace, most);
    if (found.size() < most)
        say("The beam found " + std::to_string(found.size()) + " hypotheses, fewer than --n-best " +
            std::to_string(most) + " asks for.");

    std::string unknown;
    const auto addUnknown = [&](const std::string& word) { unknown += (unknown.empty() ? "" : ", ") + word; };
    for (const Position& position : trace->axes.front().positions)
        if (position.role == TokenRole::Unknown) addUnknown(position.text);
    for (int t = 0; t < std::min(trace->prompt, static_cast<int>(path.size())); ++t)
        if (const StepTrace& step = trace->steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])];
            step.role == TokenRole::Unknown)
            addUnknown(step.wordText);
    if (!unknown.empty()) say("Words not in the model's vocabulary: " + unknown);
    if (!trace->complete) say("The sentence did not end within the step limit; --max-steps raises it.");

    for (std::size_t i = 0; i < recipe.edits.size(); ++i)
        if (std::none_of(trace->edits.begin(), trace->edits.end(),
                         [&](const EditTrace& edit) { return edit.edit == static_cast<int>(i); }))
            say("Edit " + std::to_string(i) + " of " + command.edits +
                " changed nothing: the run never reached its place.");

    if (!command.json.empty()) {
        const std::vector<int> targetWords = model->target().tokeniser.wordsOfPieces(words);
        writeTo(command.json, runJson(*trace, path, found, targetWords, command.states));
    }
    if (command.trace)
        print(traceText(*trace));
    else if (command.pharaoh)
        print(pharaohText(heaviestLinks(*trace, path, head)) + "\n");
    else if (command.json != "-")
        print(text + "\n\n" + alignmentText(*trace, path, head, columns()) + hypothesesText(*trace, found));
}

} // namespace

void addRun(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("run", "Translate or continue a sentence and show the attention");
    auto options = std::make_shared<RunCommand>();
    addModelChoice(*command, options->model);
    command
        ->add_option(
            "SENTENCE", options->sentence,
            "The source sentence in quotes; for a language model the beginning of a text, \"\" for none")
        ->required();
    command->add_option("--edit", options->edits,
                        "JSON file of edits: weights set, heads switched off, states changed (see below)");
    CLI::Option* target =
        command->add_option("--target", options->target, "Force this target instead of searching for one");
    addBeamOptions(*command, options->search, true);
    addSampleOptions(*command, options->search);
    for (const char* searches : {"--beam", "--sample"}) target->excludes(command->get_option(searches));
    command
        ->add_option("--max-steps", options->maxSteps,
                     "Stop after this many target tokens (default: 2 S + 20)")
        ->check(CLI::Range(1, 100000))
        ->excludes(target);
    command->add_option("--head", options->head, "Head to show, counted from 0, or mean (the default)")
        ->check([](const std::string& text) {
            const bool number =
                !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
            return number || text == "mean" ? "" : "expected mean or a head's number, found " + text;
        });
    CLI::Option* json = command->add_option("--json", options->json,
                                            "Write the run as JSON to a file, or to - for standard output");
    command->add_flag("--states", options->states, "Include the hidden states in the JSON")->needs(json);
    command->add_flag("--pharaoh", options->pharaoh,
                      "Print the alignment as source-target pairs counted from 0: 0-0 1-2");
    command->add_flag("--trace", options->trace, "Print everything that was recorded, as text");
    command->footer(std::string(examples) + searchHelp + "\n" + jsonHelp);
    command->callback([&session, options, target] {
        options->forced = target->count() > 0;
        settleSearchOptions(options->search);
        if (options->pharaoh + options->trace + (options->json == "-") > 1)
            throw CLI::ValidationError("--pharaoh, --trace and --json -",
                                       "each goes to standard output; choose one");
        session.action = [&session, options] { runSentence(*options, session.stop); };
    });
}

} // namespace attn::cli
