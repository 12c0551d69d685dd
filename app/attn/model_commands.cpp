// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/attn/commands.h"
#include "app/attn/import_options.h"
#include "app/attn/model_choice.h"
#include "app/attn/output.h"
#include "core/base/fields_json.h"
#include "core/io/model_file.h"
#include "core/io/stored_spec.h"
#include "core/train/checkpoint.h"

namespace attn::cli {

namespace {

void printModels() {
    const std::vector<std::string> names = bundledModels();
    if (names.empty())
        throw Error(ErrorKind::Data,
                    "No bundled models were found; set ATTENTOSCOPE_MODELS to the folder that holds them.");
    int nameWidth = 0, countWidth = 0;
    std::vector<std::pair<std::string, ModelPtr>> models;
    for (const std::string& name : names) {
        try {
            models.emplace_back(name, openModel(resolveModel(name)));
        } catch (const Error& error) {
            // One bad file does not hide the others; all of its faults are reported when it is opened by
            // name.
            const std::string text = error.what();
            const bool more = text.find('\n') != std::string::npos;
            say(name + ": " + text.substr(0, text.find('\n')) +
                (more ? " attn info " + name + " reports all of them." : ""));
            continue;
        }
        nameWidth = std::max(nameWidth, displayWidth(name));
        countWidth = std::max(countWidth, displayWidth(grouped(models.back().second->parameterCount())));
    }
    std::string text;
    for (const auto& [name, model] : models)
        text += padRight(name, nameWidth) + "  " + padLeft(grouped(model->parameterCount()), countWidth) +
                " parameters  " + model->card().description + "\n";
    print(text);
}

/// "name: value" lines of everything in a JSON object, nested names joined by dots.
void listFields(const nlohmann::ordered_json& json, const std::string& prefix, std::string& text) {
    for (const auto& [name, value] : json.items()) {
        if (value.is_object())
            listFields(value, prefix + name + ".", text);
        else if (!(value.is_string() && value.get<std::string>().empty()) &&
                 !(value.is_array() && value.empty()))
            text += "  " + padRight(prefix + name, 32) + " " +
                    (value.is_string() ? value.get<std::string>() : value.dump()) + "\n";
    }
}

void printCheckpoint(const std::string& path) {
    const Checkpoint checkpoint = readCheckpoint(path);
    const TrainState& state = checkpoint.state;
    std::string text = checkpoint.recipe.name + "\nA training after " + grouped(state.update) + " of " +
                       grouped(checkpoint.recipe.schedule.steps) + " updates\n";
    if (state.update > 0)
        text += "  loss of the last batch: " + decimal(state.lastLoss, 4) + " nats per word\n";
    for (const KeptSet& kept : state.kept)
        text += "  validation loss after " + grouped(kept.update) + " updates: " + decimal(kept.loss, 4) +
                " nats per word" + (&kept == &state.kept.front() ? ", the best" : "") + "\n";
    const bool early = state.sinceBest >= checkpoint.recipe.schedule.patience;
    if (early)
        text += "  stopped early: " + grouped(state.sinceBest) + " validations without a better loss\n";
    else if (state.update < checkpoint.recipe.schedule.steps)
        text += "  to go on: attn train --resume " + path + "\n";
    text += "\nRecipe:\n";
    listFields(toJson(checkpoint.recipe), "", text);
    print(text);
}

void printInfo(const std::string& nameOrPath, const ImportOptions& options) {
    if (nameOrPath.ends_with(".training")) return printCheckpoint(nameOrPath);
    const ModelPtr model = openNamed(nameOrPath, options);
    const bool native = isNativeModel(resolveModel(nameOrPath));
    const ModelCard& card = model->card();
    std::string text = card.name + "\n" + card.description + "\n";
    for (const std::string& line : card.provenance) text += "  " + line + "\n";
    text += "\nWiring:\n";
    listFields(specJson(model->spec()), "", text);

    text += "\nParameters: " + grouped(model->parameterCount()) + "\n";
    for (const ParameterShape& parameter : modelSchema(model->spec())) {
        std::string shape;
        for (const int extent : parameter.shape)
            shape += (shape.empty() ? "" : " x ") + std::to_string(extent);
        text += "  " + padRight(parameter.name, 44) + " " + (shape.empty() ? "scalar" : shape) + "\n";
    }
    if (!native)
        text += "\nA checkpoint of another toolkit: attn convert reports how it was read.\n";
    else if (model->selfTest())
        text += "\nSelf-test passed: \"" + model->selfTest()->source + "\"\n";
    else
        text += "\nThe file carries no self-test.\n";
    if (!card.examples.empty()) text += "\nExamples:\n";
    for (const std::string& example : card.examples) text += "  " + example + "\n";
    print(text);
}

} // namespace

void addModels(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("models", "List the bundled models");
    command->callback([&session] { session.action = printModels; });
}

void addInfo(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("info", "Describe a model, or the progress of a training run");
    auto choice = std::make_shared<ModelChoice>();
    command
        ->add_option("MODEL", choice->name,
                     "Name of a bundled model, a model file, a training's .training file, or a checkpoint of "
                     "another toolkit")
        ->required();
    addImportOptions(*command, choice->import);
    command->callback(
        [&session, choice] { session.action = [choice] { printInfo(choice->name, choice->import); }; });
}

} // namespace attn::cli
