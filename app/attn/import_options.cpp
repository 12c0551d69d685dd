// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/import_options.h"

#include <CLI/CLI.hpp>

namespace attn::cli {

namespace {

/// An option that names the source's file and the target's, or one file for both.
CLI::Option* addPair(CLI::App& command, const char* name, std::string& source, std::string& target,
                     const char* help) {
    return command
        .add_option_function<std::vector<std::string>>(
            name,
            [&source, &target](const std::vector<std::string>& files) {
                source = files.front();
                target = files.back();
            },
            help)
        ->expected(1, 2)
        ->type_name("FILE");
}

std::string tokeniserFault(const std::string& text) {
    return fromText<TokeniserKind>(text) ? "" : "expected one of " + allNames<TokeniserKind>();
}

} // namespace

void addImportOptions(CLI::App& command, ImportOptions& o) {
    const std::string group = "A checkpoint of another toolkit (what is not named is looked for beside it)";
    const auto file = [&](const char* name, std::string& field, const char* help) {
        return command.add_option(name, field, help)->type_name("FILE")->group(group);
    };
    CLI::Option* both = addPair(command, "--vocab", o.sourceVocabulary, o.targetVocabulary,
                                "Vocabulary files of source and target; one file serves both")
                            ->group(group);
    file("--source-vocab", o.sourceVocabulary, "Vocabulary file of the source")->excludes(both);
    file("--target-vocab", o.targetVocabulary, "Vocabulary file of the target")->excludes(both);
    addPair(command, "--pieces", o.sourcePieces, o.targetPieces,
            "SentencePiece models or BPE codes of source and target; one file serves both")
        ->group(group);
    file("--config", o.config, "The toolkit's settings: config.yaml, the architecture as JSON");
    file("--mapping", o.mapping, "A mapping file, in place of a known toolkit (attn convert --explain)");
    file("--partner", o.partner, "The other of two files: the decoder where MODEL is the encoder");
    const std::string kinds = allNames<TokeniserKind>();
    CLI::Option* tokeniser = command
                                 .add_option_function<std::string>(
                                     "--tokeniser,--tokenizer",
                                     [&o](const std::string& name) {
                                         o.sourceTokeniser = name;
                                         o.targetTokeniser = name;
                                     },
                                     "How typed text is split: " + kinds)
                                 ->check(tokeniserFault)
                                 ->type_name("NAME")
                                 ->group(group);
    for (const auto& [name, field] : {std::pair{"--source-tokeniser,--source-tokenizer", &o.sourceTokeniser},
                                      std::pair{"--target-tokeniser,--target-tokenizer", &o.targetTokeniser}})
        command.add_option(name, *field, "The same for one side")
            ->check(tokeniserFault)
            ->type_name("NAME")
            ->excludes(tokeniser)
            ->group(group);
}

} // namespace attn::cli
