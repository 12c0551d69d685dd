// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/model_choice.h"

#include <CLI/CLI.hpp>

#include "app/attn/import_options.h"
#include "app/attn/output.h"
#include "core/io/formats.h"
#include "core/io/model_file.h"
#include "core/model/other_weights.h"

namespace attn::cli {

void addModelChoice(CLI::App& command, ModelChoice& choice) {
    command
        .add_option("MODEL", choice.name,
                    "Name of a bundled model, a model file, or a checkpoint of another toolkit")
        ->required();
    command
        .add_option(
            "--weights", choice.bits,
            "Bits of a weight: 32, or 16, which rounds them for this run (bfloat16): a large model then "
            "decodes one sentence faster, and its numbers change a little")
        ->check(CLI::IsMember({16, 32}))
        ->type_name("INT")
        ->capture_default_str();
    addImportOptions(command, choice.import);
}

ModelPtr openChosen(const ModelChoice& choice) {
    const ModelPtr model = openNamed(choice.name, choice.import);
    return choice.bits == 16 ? withHalfWeights(*model) : model;
}

ModelPtr openNamed(const std::string& nameOrPath, const ImportOptions& options) {
    FileProbe probe(resolveModel(nameOrPath));
    ImportOptions bare = options;
    if (!isNativeModel(probe.path())) bare.makeSelfTest = false;
    const FileFormat* format = recognise(probe);
    if (format && format->kind == FileKind::Attention && options.mapping.empty())
        throw Error(ErrorKind::Argument, probe.path() + ": is attention saved by a program (" + format->name +
                                             "), not a model; attn dump " + probe.path() + " shows it");
    const OpenedFile opened = openFile(probe, {bare, {}});
    if (opened.model) return opened.model;
    const ImportReport& report = *opened.report;
    try {
        throwIfIncomplete(report);
    } catch (const Error& error) {
        throw Error(error.kind(), std::string(error.what()) + "\nattn convert " + probe.path() +
                                      " reports everything; --vocab, --config, --partner and --mapping name "
                                      "files.");
    }
    if (!report.findings.empty()) say(report.toolkit + " checkpoint:\n" + toText(report.findings));
    return report.model;
}

} // namespace attn::cli
