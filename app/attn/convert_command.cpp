// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/attn/commands.h"
#include "app/attn/import_options.h"
#include "app/attn/output.h"
#include "core/io/import/import.h"
#include "core/io/model_file.h"

namespace attn::cli {

namespace {

struct ConvertCommand {
    std::string input, output, type = "f32";
    bool explain = false;
    ImportOptions import;
};

const char* const examples =
    R"(Prints what was recognised and why, the wiring, what became of every parameter, which files were found or are
asked for, and a self-test sentence. With -o the model is then written as a native file; without it nothing is.

Examples:
  attn convert model.pt
  attn convert model.npz --vocab vocab.en.yml vocab.fr.yml -o en-fr.safetensors
  attn convert encoder.pt --partner decoder.pt --vocab words.en words.fr -o tutorial.safetensors
  attn convert mine.pt --explain > mapping.yaml
  attn convert mine.pt --mapping mapping.yaml -o mine.safetensors)";

void checkOutput(const ConvertCommand& command) {
    if (!command.output.ends_with(".safetensors"))
        throw Error(ErrorKind::Argument,
                    "--output is " + command.output + "; a native model's name ends in .safetensors: -o " +
                        std::filesystem::path(command.output).stem().string() + ".safetensors");
    std::error_code none;
    if (std::filesystem::equivalent(command.input, command.output, none))
        throw Error(ErrorKind::Argument, "--output is the checkpoint itself; choose another name.");
}

void convert(const ConvertCommand& command) {
    if (isNativeModel(command.input))
        throw Error(ErrorKind::Argument, command.input +
                                             ": is already a native file; attn info describes it, and "
                                             "attn run and the window open a model as it is.");
    if (!command.output.empty()) checkOutput(command);
    const ImportReport report = importModel(command.input, command.import);
    if (command.explain) return print(report.mapping);
    print(printableLines(toText(report)));
    const bool faults =
        std::any_of(report.findings.begin(), report.findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::Fault; });
    if (!report.model || faults)
        throw Error(report.toolkit.empty() ? ErrorKind::Unsupported : ErrorKind::Data,
                    command.input + ": nothing was written; the report says why.");
    if (command.output.empty()) return say("Nothing was written; -o NAME.safetensors writes the model.");
    saveModel(*report.model, command.output, *fromText<StoredType>(command.type));
    print("\nWritten: " + command.output + ", " +
          grouped(static_cast<long long>(std::filesystem::file_size(command.output))) + " bytes\n");
}

} // namespace

void addConvert(CLI::App& app, Session& session) {
    CLI::App* command =
        app.add_subcommand("convert", "Convert another toolkit's checkpoint to a native model");
    auto options = std::make_shared<ConvertCommand>();
    command->add_option("CHECKPOINT", options->input, "The file that the toolkit wrote")->required();
    CLI::Option* output =
        command->add_option("-o,--output", options->output, "Write the native model here (.safetensors)")
            ->type_name("FILE");
    command->add_flag("--explain", options->explain, "Print the mapping of names instead, as a mapping file")
        ->excludes(output);
    command->add_option("--sentence", options->import.sentence, "The self-test's sentence")
        ->type_name("TEXT");
    command->add_option("--type", options->type, "How numbers are stored: " + allNames<StoredType>())
        ->check([](const std::string& text) {
            return fromText<StoredType>(text) ? "" : "expected one of " + allNames<StoredType>();
        })
        ->needs(output)
        ->type_name("NAME");
    addImportOptions(*command, options->import);
    command->footer(examples);
    command->callback([&session, options] { session.action = [options] { convert(*options); }; });
}

} // namespace attn::cli
