// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/model_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/mapped_file.h"
#include "core/io/safetensors.h"
#include "core/io/stored_codes.h"
#include "core/io/stored_parameters.h"
#include "core/io/stored_pieces.h"
#include "core/io/vocabulary_json.h"
#include "core/model/other_weights.h"
#include "core/run/self_test.h"

namespace attn {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Metadata = std::map<std::string, std::string>;

constexpr const char* formatName = "attentoscope-model";
/// The versions that openModel() reads; saveModel() writes the last.
struct Versions {
    const char* key;
    int first, last;
};
constexpr Versions containerVersions{"container_version", 1, 1};
constexpr Versions contentVersions{"content_version", 1, 3};

void fault(Findings& faults, const std::string& where, const std::string& text) {
    faults.push_back({Severity::Fault, where, text});
}

// ---- metadata ------------------------------------------------------------------------------------

/// Throws Error(Unsupported) for a file that is not a model's, or of another version.
void checkVersions(const std::string& path, const Metadata& metadata) {
    const auto format = metadata.find("format");
    if (format == metadata.end() || format->second != formatName)
        throw Error(
            ErrorKind::Unsupported,
            path + ": holds tensors but is not a model file: its metadata has " +
                (format == metadata.end() ? "no \"format\"" : "\"format\" " + brief(json(format->second))) +
                ", expected \"" + formatName + "\"." +
                (format != metadata.end() && format->second == "attentoscope-training"
                     ? " It is a training at rest; its model stands beside it as a .safetensors file"
                     : " A model of another program has to be imported"));
    for (const Versions& versions : {containerVersions, contentVersions}) {
        const auto found = metadata.find(versions.key);
        if (found == metadata.end())
            throw Error(ErrorKind::Data,
                        path + ": " + versions.key + " is missing from the metadata; expected a number");
        const std::string& text = found->second;
        int version = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
        if (text.empty() || end != text.data() + text.size() ||
            (error != std::errc() && error != std::errc::result_out_of_range))
            throw Error(ErrorKind::Data, path + ": " + versions.key + " is " + brief(json(text)) +
                                             "; expected a whole number");
        if (error != std::errc() || version < versions.first || version > versions.last)
            throw Error(ErrorKind::Unsupported, path + ": " + versions.key + " is " + text +
                                                    "; this program reads " + std::to_string(versions.first) +
                                                    " to " + std::to_string(versions.last));
    }
}

/// The JSON under a metadata key; null with a fault when it is missing or malformed.
json readJson(const Metadata& metadata, const std::string& key, Findings& faults) {
    const auto found = metadata.find(key);
    if (found != metadata.end()) return parseJson(found->second, key, faults);
    fault(faults, key, "is missing from the metadata");
    return {};
}

/// Reads a struct of fields; a fault if it is missing or wrong.
template <typename T>
T readFields(const Metadata& metadata, const std::string& key, Findings& faults) {
    T value;
    const std::size_t before = faults.size();
    const json object = readJson(metadata, key, faults);
    if (faults.size() == before) fromJson(object, value, key, faults);
    return value;
}

std::optional<Vocabulary> readVocabulary(const Metadata& metadata, const std::string& key, Findings& faults) {
    const std::size_t before = faults.size();
    const json object = readJson(metadata, key, faults);
    if (faults.size() != before) return std::nullopt;
    return vocabularyFromJson(object, key, faults);
}

/// Sizes beyond which no weights can follow. They keep the arithmetic of shapes within an int and the
/// schema within memory whatever a file says.
void checkPlausible(const ModelSpec& spec, Findings& faults) {
    const auto atMost = [&](const char* where, int value, int most) {
        if (value > most)
            fault(faults, std::string("spec.") + where,
                  "is " + std::to_string(value) + "; at most " + std::to_string(most) + " can be read");
    };
    constexpr int vocabulary = 10'000'000, width = 100'000, layers = 100, heads = 1000;
    atMost("source_vocabulary", spec.sourceVocabulary, vocabulary);
    atMost("target_vocabulary", spec.targetVocabulary, vocabulary);
    atMost("source_embedding", spec.sourceEmbedding, width);
    atMost("target_embedding", spec.targetEmbedding, width);
    atMost("encoder.layers", spec.encoder.layers, layers);
    atMost("encoder.cell.width", spec.encoder.cell.width, width);
    atMost("encoder.cell.attention_width", spec.encoder.cell.attentionWidth, width);
    atMost("encoder.cell.window", spec.encoder.cell.window, width);
    atMost("decoder.layers", spec.decoder.layers, layers);
    atMost("decoder.cell.width", spec.decoder.cell.width, width);
    atMost("decoder.cell.attention_width", spec.decoder.cell.attentionWidth, width);
    atMost("decoder.cell.window", spec.decoder.cell.window, width);
    atMost("attention.attention_width", spec.attention.attentionWidth, width);
    atMost("attention.max_positions", spec.attention.maxPositions, width);
    atMost("attention.window", spec.attention.window, width);
    atMost("attention.heads", spec.attention.heads, heads);
    atMost("attention.head_width", spec.attention.headWidth, width);
    atMost("attention.output_width", spec.attention.outputWidth, width);
    atMost("readout.width", spec.readout.width, width);
    atMost("readout.projection", spec.readout.projection, width);
    atMost("input_layer.width", spec.inputLayer.width, width);
    atMost("copy_attention.attention_width", spec.copyAttention.attentionWidth, width);
    atMost("copy_attention.max_positions", spec.copyAttention.maxPositions, width);
    atMost("copy_attention.window", spec.copyAttention.window, width);
    atMost("copy_attention.heads", spec.copyAttention.heads, heads);
    atMost("copy_attention.head_width", spec.copyAttention.headWidth, width);
    atMost("copy_attention.output_width", spec.copyAttention.outputWidth, width);
    for (const int cells : spec.encoder.transitions) atMost("encoder.transitions", cells, layers);
    for (const int cells : spec.decoder.transitions) atMost("decoder.transitions", cells, layers);
}

// ---- self-test -----------------------------------------------------------------------------------

void checkSelfTest(const SelfTest& test, Findings& faults) {
    if (test.source.empty()) fault(faults, "self_test.source", "is empty");
    if (test.target.empty()) fault(faults, "self_test.target", "is empty");
    constexpr std::size_t longest = 1000, mostTokens = 200; // it runs whenever the file is opened
    if (test.source.size() > longest)
        fault(faults, "self_test.source",
              "has " + std::to_string(test.source.size()) + " bytes; at most " + std::to_string(longest));
    if (test.target.size() > mostTokens)
        fault(faults, "self_test.target",
              "has " + std::to_string(test.target.size()) + " tokens; at most " + std::to_string(mostTokens));
    if (test.target.size() != test.logProbs.size())
        fault(faults, "self_test.log_probs",
              "has " + std::to_string(test.logProbs.size()) + " numbers for " +
                  std::to_string(test.target.size()) + " tokens");
    for (const double logProb : test.logProbs)
        if (!std::isfinite(logProb) || logProb > 0) {
            fault(faults, "self_test.log_probs",
                  "a log-probability is at most 0, found " + json(logProb).dump());
            break;
        }
    if (!(test.tolerance > 0) || test.tolerance > 1)
        fault(faults, "self_test.tolerance",
              "is " + json(test.tolerance).dump() + "; expected a number above 0 and at most 1");
}

/// Throws Error(kind) at the first step whose outcome is not what the self-test says.
void runSelfTest(const Model& model, const std::string& path, ErrorKind kind) {
    const SelfTest& expected = *model.selfTest();
    const std::string headline = path + ": fails its own self-test on " + brief(json(expected.source)) + ": ";
    SelfTest found;
    try {
        found = makeSelfTest(model, expected.source, static_cast<int>(expected.target.size()));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Bug) throw;
        throw Error(kind, headline + error.what());
    }
    const auto told = [](const SelfTest& test, std::size_t i) {
        return i < test.target.size()
                   ? brief(json(test.target[i])) + " (log-probability " + json(test.logProbs[i]).dump() + ")"
                   : std::string("the end");
    };
    for (std::size_t i = 0; i < std::max(expected.target.size(), found.target.size()); ++i) {
        const bool same = i < expected.target.size() && i < found.target.size() &&
                          expected.target[i] == found.target[i] &&
                          std::abs(expected.logProbs[i] - found.logProbs[i]) <= expected.tolerance;
        if (!same)
            throw Error(kind,
                        headline + "step " + std::to_string(i) + " gives " + told(found, i) + ", expected " +
                            told(expected, i) + " within " + json(expected.tolerance).dump() +
                            ". The spec's conventions (gate order, reset_after, ...) or the weights are "
                            "not the ones that the file was made with");
    }
}

// ---- what stands beside the parameters -------------------------------------------------------------

/// A model without its numbers.
struct Contents {
    ModelCard card;
    ModelSpec spec;
    bool specIsSound = false; ///< only then there is a schema
    std::optional<Vocabulary> source, target;
    SidePieces pieces;
    std::optional<SelfTest> selfTest;
};

/// The JSON of what goes with one kind of tokeniser; nothing where the side's is another. It is a fault where
/// one is there without the other.
std::optional<json> readBeside(const Metadata& metadata, const std::string& key, TokeniserKind kind,
                               TokeniserKind wanted, Findings& faults) {
    if (kind != wanted) {
        if (metadata.contains(key))
            fault(faults, key,
                  "stands beside the tokeniser " + std::string(toText(kind)) + "; it goes with " +
                      std::string(toText(wanted)) + " only");
        return std::nullopt;
    }
    const std::size_t before = faults.size();
    json object = readJson(metadata, key, faults);
    if (faults.size() != before) return std::nullopt;
    return object;
}

/// A side's SentencePiece model, where the tokeniser is one. Its pieces are in the vocabulary.
SentencePiecePtr readPieces(const Metadata& metadata, const std::string& key, TokeniserKind kind,
                            const Vocabulary& vocabulary, Findings& faults) {
    const auto object = readBeside(metadata, key, kind, TokeniserKind::SentencePiece, faults);
    if (!object) return nullptr;
    SentencePiecePtr pieces = piecesFromJson(*object, key, faults);
    if (pieces && !pieces->splitsFor(vocabulary))
        fault(faults, key,
              "has other pieces than the vocabulary has tokens: less than half of these are its pieces");
    return pieces;
}

BpeCodesPtr readCodes(const Metadata& metadata, const std::string& key, TokeniserKind kind,
                      Findings& faults) {
    const auto object = readBeside(metadata, key, kind, TokeniserKind::Bpe, faults);
    return object ? codesFromJson(*object, key, faults) : nullptr;
}

/// Reads and judges everything but versions and parameters, for a file to be opened as for one to be written.
Contents readContents(const Metadata& metadata, Findings& faults) {
    Contents found;
    found.card = readFields<ModelCard>(metadata, "card", faults);
    if (found.card.name.empty() && faults.empty()) fault(faults, "card.name", "is empty");
    const std::size_t beforeSpec = faults.size();
    found.spec = readFields<ModelSpec>(metadata, "spec", faults);
    if (faults.size() == beforeSpec) checkPlausible(found.spec, faults);
    if (faults.size() == beforeSpec)
        for (Finding finding : found.spec.validate()) {
            finding.where = "spec." + finding.where;
            faults.push_back(finding);
        }
    found.specIsSound = faults.size() == beforeSpec;

    const std::size_t beforeVocabularies = faults.size();
    found.source = readVocabulary(metadata, "source_vocabulary", faults);
    found.target = readVocabulary(metadata, "target_vocabulary", faults);
    const auto sameSize = [&](const char* key, const std::optional<Vocabulary>& vocabulary, int rows) {
        if (found.specIsSound && vocabulary && vocabulary->size() != rows)
            fault(faults, key,
                  "has " + std::to_string(vocabulary->size()) + " tokens; the spec says " +
                      std::to_string(rows));
    };
    sameSize("source_vocabulary", found.source, found.spec.sourceVocabulary);
    sameSize("target_vocabulary", found.target, found.spec.targetVocabulary);

    // Damaged vocabularies and pieces are told one after the other: the first explains the second.
    if (faults.size() == beforeVocabularies) {
        found.pieces.source =
            readPieces(metadata, "source_pieces", found.card.sourceTokeniser, *found.source, faults);
        found.pieces.target =
            readPieces(metadata, "target_pieces", found.card.targetTokeniser, *found.target, faults);
        found.pieces.sourceCodes = readCodes(metadata, "source_codes", found.card.sourceTokeniser, faults);
        found.pieces.targetCodes = readCodes(metadata, "target_codes", found.card.targetTokeniser, faults);
    }

    if (metadata.contains("self_test")) {
        const std::size_t before = faults.size();
        found.selfTest = readFields<SelfTest>(metadata, "self_test", faults);
        if (faults.size() == before) checkSelfTest(*found.selfTest, faults);
    }
    return found;
}

/// The text of a value under a metadata key. Texts that are not UTF-8 are faults by name, and replaced.
std::string textOf(const ordered_json& value, const std::string& key, Findings& faults) {
    const std::function<void(const ordered_json&, const std::string&)> look = [&](const ordered_json& at,
                                                                                  const std::string& where) {
        if (at.is_string()) {
            try {
                (void)at.dump();
            } catch (const json::exception&) {
                fault(faults, where, "is not valid UTF-8: " + brief(json(at.get<std::string>())));
            }
        } else if (at.is_object()) {
            for (const auto& [name, field] : at.items()) look(field, where + "." + name);
        } else if (at.is_array()) {
            for (std::size_t i = 0; i < at.size(); ++i) look(at[i], where + "[" + std::to_string(i) + "]");
        }
    };
    look(value, key);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The parameters are those of the schema, in name and shape.
void checkParameters(const Model& model, Findings& faults) {
    std::map<std::string, std::vector<int>> wanted;
    for (const ParameterShape& shape : modelSchema(model.spec())) wanted[shape.name] = shape.shape;
    for (const auto& entry : model.parameters().entries()) {
        const auto at = wanted.find(entry.shape.name);
        if (at == wanted.end())
            fault(faults, entry.shape.name, "is not a parameter of this spec");
        else if (at->second != entry.shape.shape)
            fault(faults, entry.shape.name,
                  "has shape " + shapeText(entry.shape.shape) + "; expected " + shapeText(at->second));
    }
}

/// The model with its numbers rounded to F16, without a self-test.
ModelPtr roundedModel(const Model& model) {
    Parameters<float> rounded;
    for (const auto& entry : model.parameters().entries())
        rounded.add(entry.shape, roundedToHalf(entry.var.value()));
    return withParameters(model, std::move(rounded));
}

} // namespace

bool isNativeModel(const std::string& path) {
    const MappedFile file(path);
    const std::string_view bytes(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    constexpr std::size_t before = 8, most = 100'000'000; // the header's length stands before it
    if (bytes.size() <= before || bytes[before] != '{') return false;
    std::size_t length = 0;
    for (std::size_t i = before; i-- > 0;) length = length << 8 | static_cast<unsigned char>(bytes[i]);
    return bytes.substr(before, std::min(length, most)).find("\"attentoscope-") != std::string_view::npos;
}

ModelPtr openModel(const std::string& path) {
    const SafetensorsFile file(path);
    const Metadata& metadata = file.metadata();
    checkVersions(path, metadata);

    Findings faults;
    Contents found = readContents(metadata, faults);
    Parameters<float> parameters;
    if (found.specIsSound) parameters = readParameters(file, modelSchema(found.spec), faults);
    file.throwIfChanged();
    throwFaults(ErrorKind::Data, path + ": is not a sound model file:", firstOf(faults));

    auto model = std::make_shared<const Model>(
        std::move(found.card), std::move(found.spec), std::move(*found.source), std::move(*found.target),
        std::move(parameters), std::move(found.selfTest), found.pieces);
    if (model->selfTest()) runSelfTest(*model, path, ErrorKind::Data);
    return model;
}

void saveModel(const Model& model, const std::string& path, StoredType type) {
    const Dtype dtype = type == StoredType::F16 ? Dtype::F16 : Dtype::F32;
    const std::string headline = path + ": cannot be written:";
    Findings faults;
    Metadata texts{
        {"card", textOf(toJson(model.card()), "card", faults)},
        {"spec", toJson(model.spec()).dump()},
        {"source_vocabulary", textOf(vocabularyJson(model.sourceVocabulary()), "source_vocabulary", faults)},
        {"target_vocabulary", textOf(vocabularyJson(model.targetVocabulary()), "target_vocabulary", faults)},
    };
    const SidePieces pieces = model.pieces();
    if (pieces.source) texts["source_pieces"] = piecesJson(*pieces.source).dump();
    if (pieces.target) texts["target_pieces"] = piecesJson(*pieces.target).dump();
    if (pieces.sourceCodes)
        texts["source_codes"] = textOf(codesJson(*pieces.sourceCodes), "source_codes", faults);
    if (pieces.targetCodes)
        texts["target_codes"] = textOf(codesJson(*pieces.targetCodes), "target_codes", faults);
    if (model.selfTest()) texts["self_test"] = textOf(toJson(*model.selfTest()), "self_test", faults);
    readContents(texts, faults);
    checkParameters(model, faults);
    throwFaults(ErrorKind::Argument, headline, firstOf(faults));

    if (model.selfTest() && type == StoredType::F16) {
        // Rounding moves the probabilities: the file's test is of the numbers that stand in the file.
        const SelfTest& given = *model.selfTest();
        SelfTest test =
            makeSelfTest(*roundedModel(model), given.source, static_cast<int>(given.target.size()));
        test.tolerance = given.tolerance;
        checkSelfTest(test, faults);
        throwFaults(ErrorKind::Argument, headline, firstOf(faults));
        texts["self_test"] = toJson(test).dump();
    } else if (model.selfTest()) {
        runSelfTest(model, path, ErrorKind::Argument);
    }
    std::vector<std::pair<std::string, std::string>> metadata{
        {"format", formatName},
        {containerVersions.key, std::to_string(containerVersions.last)},
        {contentVersions.key, std::to_string(contentVersions.last)},
    };
    for (const char* key : {"card", "spec", "source_vocabulary", "target_vocabulary", "source_pieces",
                            "target_pieces", "source_codes", "target_codes", "self_test"})
        if (const auto at = texts.find(key); at != texts.end()) metadata.emplace_back(key, at->second);
    std::vector<TensorToWrite> tensors;
    for (const auto& entry : model.parameters().entries()) {
        const Matrix<float>& values = entry.var.value();
        tensors.push_back({entry.shape.name, entry.shape.shape, {values.data(), values.size()}});
    }
    writeSafetensors(path, metadata, tensors, dtype);
}

} // namespace attn
