// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "app/attn/alignment.h"
#include "app/attn/commands.h"
#include "app/attn/model_choice.h"
#include "app/attn/output.h"
#include "core/base/error.h"
#include "core/model/encoder_decoder/record.h"
#include "core/run/run.h"
#include "core/run/typed_text.h"
#include "core/trace/trace_text.h"

namespace attn::cli {

namespace {

struct RunCommand {
    ModelChoice model;
    std::string sentence, target, json, head = "mean";
    int maxSteps = 0;
    bool forced = false, pharaoh = false, states = false, trace = false;
};

const char* const examples =
    R"(Prints the translation and its alignment. With --json -, --pharaoh or --trace, only that is printed.

--trace prints what the run recorded as text, a line for each axis, site, track of states, pass of the network (with the
weights of each head, a - where the scope leaves a position out, sizes of states, and the most probable tokens) and step
of the search. Numbers that name axes, sites, layers, passes and steps count from 0; log_prob is a natural logarithm.

Examples:
  attn run en-fr-additive "the black cat sleeps"
  attn run en-fr-additive "the black cat sleeps" --target "le chat noir dort" --pharaoh
  attn run ./mine.safetensors "a sentence" --json run.json --states

)";

int headIndex(const std::string& text) {
    return text == "mean" ? meanOfHeads : std::atoi(text.c_str());
}

/// $COLUMNS if the person's shell tells it, else 100.
int columns() {
    const char* const text = std::getenv("COLUMNS");
    const int wished = text ? std::atoi(text) : 0;
    return wished > 0 ? wished : 100;
}

void runSentence(const RunCommand& command, std::stop_token stop) {
    const ModelPtr model = openChosen(command.model);
    const int head = headIndex(command.head);
    checkHead(sitesOf(model->spec()), head);
    if (command.forced && model->targetTokeniser().tokenise(command.target).empty())
        throw Error(ErrorKind::Argument,
                    "--target is empty; give the words to be followed, or leave it out "
                    "to let the model translate by itself.");
    Recipe recipe;
    recipe.source = command.sentence;
    recipe.maxSteps = command.maxSteps;
    if (command.forced) {
        recipe.search = SearchKind::Forced;
        recipe.target = command.target;
    }
    const TracePtr trace = run(*model, recipe, {.stop = stop, .progress = {}});
    const std::vector<int> path = trace->bestPath();
    std::vector<std::string> words = trace->words(path);
    if (trace->complete) words.pop_back();
    const std::string text = targetText(*model, words);

    std::string unknown;
    for (const Position& position : trace->axes.front().positions)
        if (position.role == TokenRole::Unknown) unknown += (unknown.empty() ? "" : ", ") + position.text;
    if (!unknown.empty()) say("Words that the model does not know: " + unknown);
    if (!trace->complete) say("The sentence was not ended within the limit on steps; --max-steps raises it.");

    if (!command.json.empty()) {
        const std::vector<int> targetWords = model->targetTokeniser().wordsOfPieces(words);
        writeTo(command.json, runJson(*trace, path, text, targetWords, command.states));
    }
    if (command.trace)
        print(traceText(*trace));
    else if (command.pharaoh)
        print(pharaohText(heaviestLinks(*trace, path, head)) + "\n");
    else if (command.json != "-")
        print(text + "\n\n" + alignmentText(*trace, path, head, columns()));
}

} // namespace

void addRun(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("run", "Translate one sentence and show what was attended to");
    auto options = std::make_shared<RunCommand>();
    addModelChoice(*command, options->model);
    command->add_option("SENTENCE", options->sentence, "The source sentence, in quotes")->required();
    CLI::Option* target =
        command->add_option("--target", options->target, "Force this target instead of searching for one");
    command
        ->add_option("--max-steps", options->maxSteps, "Stop after so many target tokens (default: 2 S + 20)")
        ->check(CLI::Range(1, 100000))
        ->excludes(target);
    command
        ->add_option("--head", options->head, "Head whose weights are shown, from 0, or mean (the default)")
        ->check([](const std::string& text) {
            const bool number =
                !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
            return number || text == "mean" ? "" : "expected mean or a head's number, found " + text;
        });
    CLI::Option* json = command->add_option("--json", options->json,
                                            "Write the run as JSON to a file, or to - for standard output");
    command->add_flag("--states", options->states, "Put the hidden states into the JSON")->needs(json);
    command->add_flag("--pharaoh", options->pharaoh,
                      "Print the alignment as source-target pairs from 0: 0-0 1-2");
    command->add_flag("--trace", options->trace, "Print everything that was recorded, as text");
    command->footer(std::string(examples) + jsonHelp);
    command->callback([&session, options, target] {
        options->forced = target->count() > 0;
        if (options->pharaoh + options->trace + (options->json == "-") > 1)
            throw CLI::ValidationError("--pharaoh, --trace and --json -",
                                       "each goes to standard output; choose one");
        session.action = [&session, options] { runSentence(*options, session.stop); };
    });
}

} // namespace attn::cli
