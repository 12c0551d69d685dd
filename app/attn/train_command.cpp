// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "core/io/model_file.h"
#include "core/tasks/task.h"
#include "core/train/preset.h"
#include "core/train/trainer.h"

namespace attn::cli {

namespace {

const char* const examples =
    R"(Trains on sentences of a built-in task and keeps the model with the best validation loss. Ctrl+C ends the
training early and saves the best model so far. The same options give the same model on the same machine.

Examples:
  attn train --output mine.safetensors
  attn train --task reverse --attention luong2015-general --steps 2000 --output reverse.safetensors)";

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
        return "whitespace, words, characters or sentencepiece (default: the task's own, words for files)";
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

std::string progressLine(const TrainProgress& progress) {
    std::string line = "step " + padLeft(grouped(progress.step), 7) + "  loss " + decimal(progress.loss, 4) +
                       " nats a word  " +
                       padLeft(grouped(static_cast<long long>(progress.wordsPerSecond)), 7) +
                       " words a second  " + padLeft(decimal(progress.seconds, 0), 5) + " s";
    if (progress.validated)
        line += "  validation " + decimal(progress.validationLoss, 4) +
                (progress.best ? ", the best so far" : "");
    return line;
}

void trainModel(const TrainRecipe& recipe, const std::string& output, std::stop_token stop) {
    if (output.empty())
        throw Error(ErrorKind::Argument, "--output is empty; give the name of the model file to write.");
    checkWritable(output);
    double lastSaid = 0, best = 0;
    bool validated = false;
    const auto report = [&](const TrainProgress& progress) {
        if (progress.validated && progress.best) best = progress.validationLoss;
        validated = validated || progress.validated;
        if (!progress.validated && progress.seconds - lastSaid < 5) return;
        lastSaid = progress.seconds;
        say(progressLine(progress));
    };
    const ModelPtr model = train(recipe, report, stop);
    saveModel(*model, output, StoredType::F16);
    print(output + ": " + model->name() + ", " + grouped(model->parameterCount()) + " parameters" +
          (validated ? ", validation loss " + decimal(best, 4) + " nats a word" : "") + "\n");
    if (stop.stop_requested())
        throw Error(ErrorKind::Interrupted, "Stopped early; what was learnt so far is saved.");
}

} // namespace

void addTrain(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("train", "Train a model on a built-in task");
    auto recipe = std::make_shared<TrainRecipe>();
    auto output = std::make_shared<std::string>();
    command->add_option("--output,-o", *output, "The model file to write")->required();
    visitFields(*recipe, [command](std::string name, auto& field) {
        const std::string help = helpOf(name);
        std::replace(name.begin(), name.end(), '_', '-');
        using Field = std::remove_cvref_t<decltype(field)>;
        CLI::Option* option = nullptr;
        if constexpr (std::is_same_v<Field, bool>)
            option = command->add_flag("--" + name, field, help);
        else if constexpr (NamedEnum<Field>)
            option =
                command
                    ->add_option_function<std::string>(
                        "--" + name,
                        [&field](const std::string& text) {
                            const auto found = fromText<Field>(text);
                            if (!found)
                                throw CLI::ValidationError("--decay", "expected one of " + allNames<Field>());
                            field = *found;
                        },
                        help)
                    ->default_str(std::string(toText(field)));
        else
            option = command->add_option("--" + name, field, help);
        if constexpr (std::is_arithmetic_v<Field> && !std::is_same_v<Field, bool>)
            option->capture_default_str();
        if (name == "task" || name == "attention") option->capture_default_str();
        if (name == "pairs" || name == "validation") option->expected(1, 2);
    });
    std::string mechanisms = "\n\nAttention mechanisms:";
    for (const Preset& preset : presets())
        mechanisms += "\n  " + padRight(preset.name, 20) + " " + preset.description;
    command->footer(examples + mechanisms);
    command->callback([&session, command, recipe, output] {
        if (command->count("--name") == 0) recipe->name = std::filesystem::path(*output).stem().string();
        session.action = [&session, recipe, output] { trainModel(*recipe, *output, session.stop); };
    });
}

} // namespace attn::cli
