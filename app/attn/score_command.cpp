// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "core/base/error.h"
#include "core/measure/bleu.h"
#include "core/measure/chrf.h"
#include "core/text/line_reader.h"

namespace attn::cli {

namespace {

struct ScoreCommand {
    std::string translations, tokens = "13a", smoothing = "exp", json;
    std::vector<std::string> references;
    bool lowercase = false;
    int chrfWordOrder = 0;
};

const char* const examples =
    R"(Compares translations with references, line by line, and prints BLEU and chrF by sacrebleu's definitions.
Each file has a sentence on each line and may be gzipped; - is standard input. With several files of references an empty line
stands for a missing one.

Examples:
  attn score translations.txt reference.fr
  attn eval mine.safetensors --pairs test.en test.fr --output - | attn score - test.fr --json -)";

std::vector<std::string> lines(const std::string& path) {
    LineReader reader = path == "-" ? LineReader::standardInput() : LineReader(path);
    std::vector<std::string> found;
    while (std::optional<std::string> line = reader.next()) found.push_back(std::move(*line));
    if (found.empty())
        throw Error(ErrorKind::Data,
                    (path == "-" ? "standard input" : path) + " is empty; expected a sentence on each line.");
    return found;
}

void run(const ScoreCommand& command) {
    if (std::count(command.references.begin(), command.references.end(), "-") +
            (command.translations == "-" ? 1 : 0) >
        1)
        throw Error(ErrorKind::Argument, "- is given more than once; standard input can be read only once.");
    const std::vector<std::string> translations = lines(command.translations);
    References references(translations.size());
    for (const std::string& path : command.references) {
        std::vector<std::string> texts = lines(path);
        if (texts.size() != translations.size())
            throw Error(ErrorKind::Data, command.translations + " has " +
                                             grouped(static_cast<long long>(translations.size())) +
                                             " lines but " + path + " has " +
                                             grouped(static_cast<long long>(texts.size())) +
                                             "; line i of one must correspond to line i of the other.");
        for (std::size_t i = 0; i < texts.size(); ++i) references[i].push_back(std::move(texts[i]));
    }
    BleuOptions bleuOptions;
    bleuOptions.tokens = *fromText<ScoreTokens>(command.tokens);
    bleuOptions.smoothing = *fromText<BleuSmoothing>(command.smoothing);
    bleuOptions.lowercase = command.lowercase;
    ChrfOptions chrfOptions;
    chrfOptions.lowercase = command.lowercase;
    chrfOptions.wordOrder = command.chrfWordOrder;
    const BleuResult bleu = corpusBleu(translations, references, bleuOptions);
    const ChrfResult chrf = corpusChrf(translations, references, chrfOptions);
    if (!command.json.empty()) {
        const nlohmann::ordered_json json = {{"sentences", translations.size()},
                                             {"bleu", bleu.score},
                                             {"bleu_precisions", bleu.precisions},
                                             {"bleu_brevity_penalty", bleu.brevityPenalty},
                                             {"bleu_system_length", bleu.systemLength},
                                             {"bleu_reference_length", bleu.referenceLength},
                                             {"bleu_signature", bleu.signature},
                                             {"chrf", chrf.score},
                                             {"chrf_name", chrf.name},
                                             {"chrf_signature", chrf.signature}};
        writeTo(command.json, json.dump() + "\n");
    }
    if (command.json != "-") print(bleu.text() + "\n" + chrf.text() + "\n");
}

template <NamedEnum E>
auto oneOf() {
    return [](const std::string& text) {
        return fromText<E>(text) ? std::string() : "expected one of " + allNames<E>();
    };
}

} // namespace

void addScore(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("score", "Compare translations with references: BLEU, chrF");
    auto options = std::make_shared<ScoreCommand>();
    command->add_option("TRANSLATIONS", options->translations, "A file of translations")->required();
    command->add_option("REFERENCES", options->references, "One or more files of references")->required();
    command
        ->add_option("--tokens", options->tokens,
                     "Tokenisation for BLEU: " + allNames<ScoreTokens>() + " (default: 13a)")
        ->check(oneOf<ScoreTokens>());
    command
        ->add_option("--smoothing", options->smoothing,
                     "Smoothing of BLEU: " + allNames<BleuSmoothing>() + " (default: exp)")
        ->check(oneOf<BleuSmoothing>());
    command
        ->add_option("--chrf-word-order", options->chrfWordOrder,
                     "Word n-grams in chrF; 2 is chrF++ (default: 0)")
        ->check(CLI::Range(0, 9));
    command->add_flag("--lowercase", options->lowercase, "Compare in lower case");
    command->add_option("--json", options->json,
                        "Write the figures as JSON to a file, or to - for standard output");
    command->footer(examples);
    command->callback([&session, options] { session.action = [options] { run(*options); }; });
}

} // namespace attn::cli
