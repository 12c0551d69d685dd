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
#include "core/autograd/row_product.h"
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

Of texts by themselves (the task en-lm, --texts, --sides) a language model learns to continue them; its width and
layers are those of the decoder.

Examples:
  attn train --output mine.safetensors
  attn train --task reverse --attention luong2015-general --steps 2000 --output reverse.safetensors
  attn train --pairs train.en train.fr --validation val.en val.fr --lowercase --source-words 8000
             --target-words 8000 --threads 2 -o en-fr.safetensors
  attn train --pairs pairs.tsv.gz --tokens sentencepiece --source-words 4000 --target-words 4000 -o x.safetensors
  attn train --task en-lm --output english.safetensors
  attn train --texts novel.txt --attention daniluk2017-key-value --target-words 5000 -o novel.safetensors
  attn train --resume en-fr.training)";

std::string joined(const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    return all;
}

struct FieldHelp {
    const char *field, *group;
    std::string text;
};

constexpr const char *kFiles = "Files", *kData = "Data", *kModel = "Model", *kTraining = "Training",
                     *kAgainstOverfitting = "Regularisation", *kRun = "This run";

/// What each field of the recipe means, and its group in --help.
const FieldHelp& helpOf(const std::string& field) {
    static const std::vector<FieldHelp> all{
        {"name", kFiles, "Name of the model (default: the file's name)"},
        {"description", kFiles, "One-sentence description (default: made from data and attention)"},
        {"task", kData, "Built-in task: " + joined(taskNames())},
        {"pairs", kData, "Train on files instead: one of \"source TAB target\" lines, or two parallel files"},
        {"validation", kData, "Files to validate with (default: some of the pairs are set aside)"},
        {"sides", kData, "pair, or source or target: only that side of the pairs, as texts"},
        {"lowercase", kData, "Lower-case the files, and later typed text"},
        {"max_length", kData, "Most tokens on a side; longer pairs are left out of training"},
        {"tokens", kData,
         "whitespace, words, characters, sentencepiece or sentencepiece-bpe (default: the task's own; words "
         "for "
         "files)"},
        {"source_words", kData, "Largest source vocabulary; 0: every word seen"},
        {"target_words", kData, "Largest target vocabulary; 0: every word seen"},
        {"attention", kModel, "Attention and its decoder: a name from the list below, or JSON"},
        {"cell", kModel, "elman, gru or lstm (default: the attention's own)"},
        {"encoder_layers", kModel, "Layers of the encoder"},
        {"decoder_layers", kModel, "Layers of the decoder"},
        {"embedding", kModel, "Width of word embeddings"},
        {"encoder_width", kModel, "Units of the encoder, in each direction"},
        {"decoder_width", kModel, "Units of the decoder"},
        {"attention_width", kModel, "Width of the score's inner layer; of all heads together"},
        {"readout_width", kModel, "Width of the layer before the output"},
        {"heads", kModel, "Number of heads of multi-head attention"},
        {"coverage", kModel, "Feed past attention (coverage) into the score; for additive scores"},
        {"copy", kModel, "Copy source words: none, attention (its weights) or own (a second attention)"},
        {"tied", kModel, "Share the weights of output layer and target embedding"},
        {"embedding_dropout", kAgainstOverfitting, "Dropout rate of embeddings"},
        {"layer_dropout", kAgainstOverfitting, "Dropout rate between layers and before the output"},
        {"attention_dropout", kAgainstOverfitting, "Dropout rate of attention weights"},
        {"word_dropout", kAgainstOverfitting, "Proportion of words replaced by <unk>"},
        {"smoothing", kAgainstOverfitting, "Label smoothing: probability taken from the correct word"},
        {"coverage_weight", kTraining, "Weight of the coverage loss, which penalises repeated attention"},
        {"guided", kTraining,
         "Weight of the guided-attention loss, which pulls attention towards known gold links"},
        {"batch_words", kTraining, "Target words in a batch, padding included"},
        {"steps", kTraining, "Maximum number of updates"},
        {"warm_up", kTraining, "Updates until the learning rate reaches its peak"},
        {"learning_rate", kTraining, "Peak learning rate"},
        {"decay", kTraining, "Learning rate after the warm-up: cosine, inverse_sqrt or constant"},
        {"clip", kTraining, "Largest norm of the gradient, per word"},
        {"seed", kTraining, "Seed of everything random"},
        {"validation_pairs", kTraining, "Most sentence pairs used for the validation loss"},
        {"validate_every", kTraining, "Updates between validations"},
        {"patience", kTraining, "Validations without a better loss before the training stops early"},
        {"average", kTraining, "Number of best parameter sets averaged at the end; 1: only the best"},
    };
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const FieldHelp& h) { return h.field == field; });
    if (at == all.end()) throw Error(ErrorKind::Bug, "no help for the training option " + field);
    return *at;
}

/// An option for a field of the recipe.
template <typename Field>
CLI::Option* addField(CLI::App& command, const std::string& option, const std::string& name, Field& field,
                      const std::optional<Bounds>& bounds) {
    const std::string help = helpOf(name).text + (bounds ? "; " + bounds->text() : "");
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
    std::string texts; ///< a file of one text a line
    bool probesGiven = false;
    std::vector<std::string> given; ///< fields of the recipe that were named
};

/// The recipe of a checkpoint is what counts; an option that contradicts it is reported, not ignored.
void checkSame(const TrainRecipe& stored, const Asked& asked) {
    std::string differing;
    const auto leaves = [](const TrainRecipe& recipe) {
        auto json = nlohmann::ordered_json::object();
        visitLeaves(recipe,
                    [&](const char* name, const auto& field, const auto&...) { json[name] = toJson(field); });
        return json;
    };
    const auto wanted = leaves(asked.recipe), found = leaves(stored);
    for (const std::string& field : asked.given)
        if (wanted[field] != found[field]) {
            std::string option = field;
            std::replace(option.begin(), option.end(), '_', '-');
            differing += "\n  --" + option + ": the run was started with " + found[field].dump() +
                         ", asked for is " + wanted[field].dump();
        }
    if (!differing.empty())
        throw Error(ErrorKind::Argument,
                    asked.resume + ": a run is resumed with the recipe it was started with:" + differing +
                        "\nLeave these options out, or start a new run.");
}

/// What is to be said of a training that patience ended; `lastLoss` 0 where none was validated in this run.
std::string stoppedEarly(const TrainResult& result, double lastLoss) {
    if (result.withoutBetter == 0) return "";
    std::string text =
        "; stopped early after " + grouped(result.updates) + " updates: " + grouped(result.withoutBetter) +
        (result.withoutBetter == 1 ? " validation" : " validations") + " without a better loss";
    if (lastLoss > 0) text += ", the last " + decimal(lastLoss, 4);
    return text;
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
        say("Resuming after " + grouped(checkpoint->state.update) + " of " +
            grouped(asked.recipe.schedule.steps) + " updates.");
    } else {
        if (options.model.empty())
            throw Error(ErrorKind::Argument,
                        "--output is missing or empty; give the name of the model file to "
                        "write, or --resume with the checkpoint of a training.");
        options.checkpoint = checkpointPathFor(options.model);
    }
    useThreads(1); // no more than --threads, which divide the batches
    checkWritable(options.model);
    options.probe = probeFile(probesPathFor(options.model));
    if (!asked.probesGiven && asked.recipe.data.pairs.empty()) {
        options.probes = makeTask(asked.recipe.data.task)->showcase();
        options.probes.resize(std::min<std::size_t>(options.probes.size(), 2));
    }
    ProgressReport report(asked.recipe.schedule.steps, checkpoint ? checkpoint->state.update : 0);
    double lastLoss = 0;
    const auto tell = [&](const TrainProgress& progress) {
        report.tell(progress);
        if (progress.validated) lastLoss = progress.validationLoss;
    };
    options.note = [](const Finding& finding) { say(finding.where + ": " + finding.text); };
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
          (result.validationLoss
               ? ", validation loss " + decimal(*result.validationLoss, 4) + " nats per word"
               : "") +
          stoppedEarly(result, lastLoss) + "\n");
    if (result.interrupted)
        throw Error(ErrorKind::Interrupted,
                    "Stopped after " + grouped(result.updates) +
                        " updates; the best model so far is saved. To resume:\n  attn train "
                        "--resume " +
                        options.checkpoint);
}

} // namespace

void addTrain(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("train", "Train a model on a built-in task or on files");
    auto asked = std::make_shared<Asked>();
    command
        ->add_option("--output,-o", asked->options.model,
                     "The model file to write; during training it holds the best model so far")
        ->group(kFiles)
        ->type_name("FILE");
    command
        ->add_option("--resume", asked->resume,
                     "Resume an interrupted run from its .training file, with the recipe stored there")
        ->group(kFiles)
        ->type_name("FILE");
    auto fields = std::make_shared<std::vector<std::pair<std::string, CLI::Option*>>>();
    visitLeaves(asked->recipe, [command, &fields](const std::string& name, auto& field, const auto&... told) {
        std::string option = "--" + name;
        std::replace(option.begin(), option.end(), '_', '-');
        fields->emplace_back(name, addField(*command, option, name, field,
                                            boundsOf<std::remove_reference_t<decltype(field)>>(told...))
                                       ->group(helpOf(name).group));
    });
    command
        ->add_option("--texts", asked->texts,
                     "Train a language model on this file with one text per line; may be gzipped")
        ->group(kData)
        ->type_name("FILE");
    command
        ->add_option("--threads", asked->options.threads,
                     "Threads that share each batch; their number changes the model by rounding and by what "
                     "dropout draws")
        ->group(kRun)
        ->capture_default_str();
    command
        ->add_option("--checkpoint-every", asked->options.checkpointEvery,
                     "Updates between checkpoints (default: at each validation)")
        ->group(kRun);
    CLI::Option* probes =
        command
            ->add_option("--probe", asked->options.probes,
                         "Sentence whose attention is recorded as the model learns, or \"source ||| "
                         "target\"; repeatable (default: two of the task's)")
            ->group(kRun)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
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
        if (!asked->texts.empty()) {
            if (named("pairs") || named("task") || named("sides"))
                throw Error(
                    ErrorKind::Argument,
                    "--texts excludes --pairs, --task and --sides: it is a file of texts, not of pairs.");
            asked->recipe.data.pairs = {asked->texts};
            asked->recipe.data.sides = TextSides::Target;
            for (const char* field : {"pairs", "sides"}) asked->given.emplace_back(field);
        }
        DataRecipe& data = asked->recipe.data;
        const bool single =
            data.sides != TextSides::Pair || (data.pairs.empty() && makeTask(data.task)->isSingle());
        if (!named("attention") && asked->resume.empty())
            asked->recipe.model.attention = defaultPreset(single);
        if (!named("name")) asked->recipe.name = std::filesystem::path(asked->options.model).stem().string();
        session.action = [&session, asked] { trainModel(*asked, session.stop); };
    });
}

} // namespace attn::cli
