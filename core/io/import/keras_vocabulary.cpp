// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/keras_vocabulary.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/json_text.h"
#include "core/io/import/torch_names.h"
#include "core/io/vocabulary_file.h"

namespace attn {

namespace {

/// Without the brackets where Keras' Tokenizer stripped them. Id 0 has no word in its word_index: padding.
const SpecialNames specialNames{
    {"<pad>", "[PAD]", "<PAD>", "<row 0>"},
    {"<start>", "<s>", "<sos>", "<bos>", "[START]", "<START>", "<SOS>", "<BOS>", "<go>", "startseq", "sostok",
     "_START_", "START_", "\t", "start", "sos", "bos"},
    {"<end>", "</s>", "<eos>", "[END]", "<END>", "<EOS>", "endseq", "eostok", "_END", "_END_", "\n", "end",
     "eos"},
    {"<unk>", "[UNK]", "<UNK>", "<OOV>", "<oov>", "[OOV]", "OOV", "oov", "unk"}};

/// What Tokenizer.to_json() says; nothing for any other file.
struct KerasTokenizer {
    std::string wordIndex;
    bool lower = false, characters = false;
};
std::optional<KerasTokenizer> tokenizerOf(const std::string& path) {
    if (!path.ends_with(".json") || !isRegularFile(path)) return std::nullopt;
    Findings faults;
    const auto root = parseJson(readTextFile(path), path, faults);
    if (!faults.empty() || !root.is_object() || root.value("class_name", nlohmann::json()) != "Tokenizer")
        return std::nullopt;
    const auto config = root.value("config", nlohmann::json::object());
    const auto words = config.is_object() ? config.value("word_index", nlohmann::json()) : nlohmann::json();
    if (!words.is_string()) return std::nullopt;
    return KerasTokenizer{words.get<std::string>(), config.value("lower", nlohmann::json()) == true,
                          config.value("char_level", nlohmann::json()) == true};
}

std::optional<Vocabulary> vocabulary(ImportPlan& plan, const ImportSource& source, const std::string& side,
                                     const std::string& named, int rows, TokeniserKind& tokeniser) {
    const std::string folder = folderOf(source.path());
    const std::vector<std::string> names{side + "_vocabulary.json", side + "_vocabulary.txt",
                                         side + "_tokenizer.json"};
    const std::string path = named.empty() ? firstFile(folder, names) : named;
    std::vector<std::string> tokens;
    try {
        const auto keras = tokenizerOf(path);
        if (!keras) {
            tokens = companionTokens(plan, side, named, folder, names, rows);
        } else {
            VocabularyFile read =
                readVocabulary(keras->wordIndex, path + ": word_index", VocabularyStyle::Json, rows);
            tokens = std::move(read.tokens);
            plan.findings.insert(plan.findings.end(), read.findings.begin(), read.findings.end());
            plan.files.push_back({side + " vocabulary", path,
                                  "a Tokenizer of " + std::to_string(tokens.size()) + " ids", true});
            if (side == "source") plan.lowercase = keras->lower;
            if (keras->characters) tokeniser = TokeniserKind::Characters;
        }
    } catch (const Error& error) {
        plan.findings.push_back({Severity::Fault, side + " vocabulary", error.what()});
    }
    return vocabularyOf(std::move(tokens), rows, specialNames, side, plan.findings);
}

} // namespace

void addKerasVocabularies(ImportPlan& plan, const ImportSource& source, const ImportOptions& options) {
    plan.sourceTokeniser.kind = plan.targetTokeniser.kind = TokeniserKind::Whitespace;
    plan.source = vocabulary(plan, source, "source", options.sourceVocabulary, plan.spec.sourceVocabulary,
                             plan.sourceTokeniser.kind);
    plan.target = vocabulary(plan, source, "target", options.targetVocabulary, plan.spec.targetVocabulary,
                             plan.targetTokeniser.kind);
    const auto assume = [&](const std::string& where, const std::string& text,
                            Severity severity = Severity::Note) {
        plan.findings.push_back({severity, where, text});
    };
    if (plan.source) {
        const SpecialTokens& special = plan.source->special();
        plan.spec.sourceEnd = special.eos >= 0;
        plan.spec.sourceStart = special.bos >= 0;
        assume("source sentence",
               std::string(plan.spec.sourceStart ? "begins with " + plan.source->text(special.bos)
                                                 : "has no start symbol") +
                   (plan.spec.sourceEnd ? " and ends with " + plan.source->text(special.eos)
                                        : " and no end symbol") +
                   ", as its vocabulary suggests; the file does not say");
    }
    if (plan.target) {
        const SpecialTokens& special = plan.target->special();
        if (special.bos < 0)
            assume("target vocabulary",
                   "has no start symbol of a usual name (<start>, <s>, [START], startseq ...); the first "
                   "word is "
                   "decoded from a vector of zeros",
                   Severity::Warning);
        else
            assume("target sentence", "begins with " + plan.target->text(special.bos) + " and ends with " +
                                          plan.target->text(special.eos) + ", recognised by their names");
    }
}

} // namespace attn
