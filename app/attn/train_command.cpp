// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "app/attn/train_progress.h"
#include "core/base/fields_json.h"
#include "core/tasks/task.h"
#include "core/train/preset.h"
#include "core/train/trainer.h"

namespace attn::cli {

namespace {

const char* const examples =
    R"(Trains on sentences of a built-in task, or on files, and keeps the model with the best validation loss. Beside
NAME.safetensors, the model, stand NAME.training, from which an interrupted training goes on, and NAME.probes.jsonl,
the attention of a few sentences as it was learnt. Ctrl+C ends the training early and loses nothing. The same options
give the same model on the same machine with one thread.

Files hold a sentence a line: either two files, line by line, or one with "source TAB target" and, where known, a
third column of links like 0-0 1-2. Names that end in .gz are unpacked.

Examples:
  attn train --output mine.safetensors
  attn train --task reverse --attention luong2015-general --steps 2000 --output reverse.safetensors
  attn train --pairs train.en train.fr --validation val.en val.fr --lowercase --source-words 8000
             --target-words 8000 --threads 2 -o en-fr.safetensors
  attn train --pairs pairs.tsv.gz --tokens sentencepiece --source-words 4000 --target-words 4000 -o x.safetensors
  attn train --resume en-fr.training)";

std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    return all;
}

/// What each field of the recipe means, for --help.
std::string helpOf(const std::string& field) {
    if (field == "name") return "Name of the model (default: that of the file)";
    if (field == "description") return "One sentence about it; by default made from task and attention";
    if (field == "task") return "Built-in task: " + joined(taskNames());
    if (field == "pairs") return "Train on files instead: one of tab-separated pairs, or two, line by line";
    if (field == "validation") return "Files for validation; otherwise pairs are set aside for it";
    if (field == "lowercase") return "Lower-case the files";
    if (field == "max_length") return "Words a side; longer pairs are left out";
    if (field == "tokens")
        return "whitespace, words, characters, sentencepiece or sentencepiece-bpe (default: the task's own, "
               "words "
               "for files)";
    if (field == "source_words") return "Largest source vocabulary; 0: all words seen";
    if (field == "target_words") return "Largest target vocabulary; 0: all words seen";
    if (field == "attention") return "Attention mechanism and the wiring around it, listed below, or JSON";
    if (field == "cell") return "elman, gru or lstm (default: the attention's own)";
    if (field == "encoder_layers") return "Layers of the encoder";
    if (field == "decoder_layers") return "Layers of the decoder";
    if (field == "embedding") return "Width of word embeddings";
    if (field == "encoder_width") return "Units of the encoder, each direction";
    if (field == "decoder_width") return "Units of the decoder";
    if (field == "attention_width") return "Width of the score's inner layer";
    if (field == "readout_width") return "Width of the layer before the output";
    if (field == "heads") return "Heads, where the attention has several";
    if (field == "tied") return "Output layer and target embedding share their weights";
    if (field == "embedding_dropout") return "Share of embedding units dropped in training";
    if (field == "layer_dropout") return "Share of units dropped between layers";
    if (field == "attention_dropout") return "Share of attention weights dropped";
    if (field == "word_dropout") return "Share of words replaced by <unk> in training";
    if (field == "smoothing") return "Label smoothing";
    if (field == "guided") return "Weight of the guided alignment loss, where gold links are known";
    if (field == "batch_words") return "Target words in a batch";
    if (field == "steps") return "Updates at most";
    if (field == "warm_up") return "Updates until the full learning rate";
    if (field == "learning_rate") return "Largest learning rate";
    if (field == "decay") return "Learning rate after the warm-up: cosine, inverse_sqrt or constant";
    if (field == "clip") return "Largest norm of the gradient, per word";
    if (field == "seed") return "Seed of everything random";
    if (field == "validation_pairs") return "Sentence pairs the validation loss is taken over, at most";
    if (field == "validate_every") return "Updates between validations";
    if (field == "patience") return "Validations without a better loss before training stops";
    if (field == "average") return "Validated parameter sets averaged at the end; 1: only the best";
    throw Error(ErrorKind::Bug, "no help for the training option " + field);
}

/// An option for a field of the recipe.
template <typename Field>
CLI::Option* addField(CLI::App& command, const std::string& option, const std::string& name, Field& field) {
    const std::string help = helpOf(name);
    if constexpr (std::is_same_v<Field, bool>) {
        return command.add_flag(option, field, help);
    } else if constexpr (NamedEnum<Field>) {
        const auto read = [&field, option](const std::string& text) {
            const auto found = fromText<Field>(text);
            if (!found)
                throw CLI::ValidationError(option,
                                           "found \"" + text + "\", expected one of " + allNames<Field>());
            field = *found;
        };
        return command.add_option_function<std::string>(option, read, help)
            ->default_str(std::string(toText(field)));
    } else {
        CLI::Option* added = command.add_option(option, field, help);
        if constexpr (std::is_same_v<Field, std::vector<std::string>>) added->expected(1, 2);
        if (std::is_arithmetic_v<Field> || name == "task" || name == "attention")
            added->capture_default_str();
        return added;
    }
}

/// A result that cannot be written is found out before the training, not after it.
void checkWritable(const std::string& path) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : ".";
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        throw Error(ErrorKind::Output, "\"" + path + "\" is a folder; give --output a file's name.");
    if (access(folder.c_str(), W_OK | X_OK) != 0)
        throw Error(ErrorKind::Output, "Cannot write into the folder \"" + folder.string() +
                                           "\" of --output: " + std::strerror(errno) + ".");
}

/// What the command line asks for beside the recipe.
struct Asked {
    TrainRecipe recipe;
    TrainOptions options;
    std::string resume;
    bool probesGiven = false;
    std::vector<std::string> given; ///< fields of the recipe that were named
};

/// The recipe of a checkpoint is what counts; an option that contradicts it is told, not ignored.
void checkSame(const TrainRecipe& stored, const Asked& asked) {
    std::string differing;
    const auto wanted = toJson(asked.recipe), found = toJson(stored);
    for (const std::string& field : asked.given)
        if (wanted[field] != found[field]) {
            std::string option = field;
            std::replace(option.begin(), option.end(), '_', '-');
            differing += "\n  --" + option + ": the training was begun with " + found[field].dump() +
                         ", asked for is " + wanted[field].dump();
        }
    if (!differing.empty())
        throw Error(ErrorKind::Argument,
                    asked.resume + ": a training goes on with the recipe it was begun with:" + differing +
                        "\nLeave these options out, or start a new training.");
}

void trainModel(Asked asked, std::stop_token stop) {
    TrainOptions& options = asked.options;
    std::optional<Checkpoint> checkpoint;
    if (!asked.resume.empty()) {
        checkpoint = readCheckpoint(asked.resume);
        checkSame(checkpoint->recipe, asked);
        asked.recipe = checkpoint->recipe;
        if (options.model.empty()) options.model = modelPathFor(asked.resume);
        options.checkpoint = asked.resume;
        say("Going on after " + grouped(checkpoint->state.update) + " of " + grouped(asked.recipe.steps) +
            " updates.");
    } else {
        if (options.model.empty())
            throw Error(ErrorKind::Argument,
                        "--output is missing or empty; give the name of the model file to "
                        "write, or --resume with the checkpoint of a training.");
        options.checkpoint = checkpointPathFor(options.model);
    }
    checkWritable(options.model);
    options.probesFile = probesPathFor(options.model);
    if (!asked.probesGiven && asked.recipe.pairs.empty()) {
        options.probes = makeTask(asked.recipe.task)->showcase();
        options.probes.resize(std::min<std::size_t>(options.probes.size(), 2));
    }
    ProgressReport report(asked.recipe.steps, checkpoint ? checkpoint->state.update : 0);
    const auto tell = [&](const TrainProgress& progress) { report.tell(progress); };
    TrainResult result;
    try {
        result = checkpoint ? resumeTraining(std::move(*checkpoint), options, tell, stop)
                            : train(asked.recipe, options, tell, stop);
    } catch (...) {
        report.end();
        throw;
    }
    report.end();
    if (!result.averaging.empty()) say(result.averaging);
    print(options.model + ": " + result.model->name() + ", " + grouped(result.model->parameterCount()) +
          " parameters" +
          (result.validationLoss ? ", validation loss " + decimal(*result.validationLoss, 4) + " nats a word"
                                 : "") +
          "\n");
    if (result.interrupted)
        throw Error(ErrorKind::Interrupted, "Stopped after " + grouped(result.updates) +
                                                " updates; the best so far is saved. To go on:\n  attn train "
                                                "--resume " +
                                                options.checkpoint);
}

} // namespace

void addTrain(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("train", "Train a model on a built-in task or on files");
    auto asked = std::make_shared<Asked>();
    command->add_option("--output,-o", asked->options.model,
                        "The model file to write: the best so far, at any time of the training");
    command->add_option("--resume", asked->resume, "Go on with a training, from its .training file");
    command->add_option("--threads", asked->options.threads, "Threads")->capture_default_str();
    command->add_option("--checkpoint-every", asked->options.checkpointEvery,
                        "Updates between checkpoints (default: as often as it is validated)");
    CLI::Option* probes =
        command
            ->add_option("--probe", asked->options.probes,
                         "Sentence whose attention is written down as the model learns, or \"source ||| "
                         "target\"; repeatable")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    auto fields = std::make_shared<std::vector<std::pair<std::string, CLI::Option*>>>();
    visitFields(asked->recipe, [command, &fields](const std::string& name, auto& field) {
        std::string option = "--" + name;
        std::replace(option.begin(), option.end(), '_', '-');
        fields->emplace_back(name, addField(*command, option, name, field));
    });
    std::string mechanisms = "\n\nAttention mechanisms:";
    for (const Preset& preset : presets())
        mechanisms += "\n  " + padRight(preset.name, 20) + " " + preset.description;
    command->footer(examples + mechanisms);
    command->callback([&session, asked, probes, fields] {
        asked->probesGiven = probes->count() > 0;
        for (const auto& [name, option] : *fields)
            if (option->count() > 0) asked->given.push_back(name);
        const auto named = [&](const char* field) {
            return std::find(asked->given.begin(), asked->given.end(), field) != asked->given.end();
        };
        if (named("pairs") && named("task"))
            throw Error(ErrorKind::Argument,
                        "--task and --pairs exclude each other: the sentences come from a "
                        "built-in task or from files.");
        if (!named("name")) asked->recipe.name = std::filesystem::path(asked->options.model).stem().string();
        session.action = [&session, asked] { trainModel(*asked, session.stop); };
    });
}

} // namespace attn::cli
