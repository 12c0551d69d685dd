// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/model_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/safetensors.h"
#include "core/io/stored_parameters.h"
#include "core/io/vocabulary_json.h"
#include "core/run/run.h"

namespace attn {

namespace {

using nlohmann::json;
using Metadata = std::map<std::string, std::string>;

constexpr const char* formatName = "attentoscope-model";
/// The versions that openModel() reads; saveModel() writes the last.
struct Versions {
    const char* key;
    int first, last;
};
constexpr Versions containerVersions{"container_version", 1, 1};
constexpr Versions contentVersions{"content_version", 1, 1};

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
                ", expected \"" + formatName + "\". A model of another program has to be imported");
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
    atMost("decoder.layers", spec.decoder.layers, layers);
    atMost("decoder.cell.width", spec.decoder.cell.width, width);
    atMost("attention.attention_width", spec.attention.attentionWidth, width);
    atMost("attention.max_positions", spec.attention.maxPositions, width);
    atMost("attention.window", spec.attention.window, width);
    atMost("attention.heads", spec.attention.heads, heads);
    atMost("attention.head_width", spec.attention.headWidth, width);
    atMost("attention.output_width", spec.attention.outputWidth, width);
    atMost("readout.width", spec.readout.width, width);
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

/// The greedy run of a sentence, as a self-test tells it.
SelfTest greedy(const Model& model, const std::string& source, int maxSteps, double tolerance) {
    Recipe recipe;
    recipe.source = source;
    recipe.maxSteps = maxSteps;
    recipe.topK = 1;
    const TracePtr trace = run(model, recipe);
    SelfTest outcome{source, {}, {}, tolerance};
    for (const int index : trace->bestPath()) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(index)];
        outcome.target.push_back(step.wordText);
        outcome.logProbs.push_back(step.logProb);
    }
    return outcome;
}

/// Throws Error(Data) at the first step whose outcome is not what the file says.
void runSelfTest(const Model& model, const std::string& path) {
    const SelfTest& expected = *model.selfTest();
    const std::string headline = path + ": fails its own self-test on " + brief(json(expected.source)) + ": ";
    SelfTest found;
    try {
        found = greedy(model, expected.source, static_cast<int>(expected.target.size()), expected.tolerance);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Bug) throw;
        throw Error(ErrorKind::Data, headline + error.what());
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
            throw Error(ErrorKind::Data,
                        headline + "step " + std::to_string(i) + " gives " + told(found, i) + ", expected " +
                            told(expected, i) + " within " + json(expected.tolerance).dump() +
                            ". The spec's conventions (gate order, reset_after, ...) or the weights are "
                            "not the ones that the file was made with");
    }
}

} // namespace

ModelPtr openModel(const std::string& path) {
    const SafetensorsFile file(path);
    const Metadata& metadata = file.metadata();
    checkVersions(path, metadata);

    Findings faults;
    auto card = readFields<ModelCard>(metadata, "card", faults);
    if (card.name.empty() && faults.empty()) fault(faults, "card.name", "is empty");
    const std::size_t beforeSpec = faults.size();
    auto spec = readFields<ModelSpec>(metadata, "spec", faults);
    if (faults.size() == beforeSpec) checkPlausible(spec, faults);
    if (faults.size() == beforeSpec)
        for (Finding finding : spec.validate()) {
            finding.where = "spec." + finding.where;
            faults.push_back(finding);
        }
    const bool sound = faults.size() == beforeSpec;

    auto source = readVocabulary(metadata, "source_vocabulary", faults);
    auto target = readVocabulary(metadata, "target_vocabulary", faults);
    const auto sameSize = [&](const char* key, const std::optional<Vocabulary>& vocabulary, int rows) {
        if (sound && vocabulary && vocabulary->size() != rows)
            fault(faults, key,
                  "has " + std::to_string(vocabulary->size()) + " tokens; the spec says " +
                      std::to_string(rows));
    };
    sameSize("source_vocabulary", source, spec.sourceVocabulary);
    sameSize("target_vocabulary", target, spec.targetVocabulary);

    std::optional<SelfTest> selfTest;
    if (metadata.contains("self_test")) {
        const std::size_t before = faults.size();
        selfTest = readFields<SelfTest>(metadata, "self_test", faults);
        if (faults.size() == before) checkSelfTest(*selfTest, faults);
    }
    Parameters<float> parameters;
    if (sound) parameters = readParameters(file, modelSchema(spec), faults);
    file.throwIfChanged();
    throwFaults(ErrorKind::Data, path + ": is not a sound model file:", firstOf(faults));

    auto model =
        std::make_shared<const Model>(std::move(card), std::move(spec), std::move(*source),
                                      std::move(*target), std::move(parameters), std::move(selfTest));
    if (model->selfTest()) runSelfTest(*model, path);
    return model;
}

void saveModel(const Model& model, const std::string& path, StoredType type) {
    const Dtype dtype = type == StoredType::F16 ? Dtype::F16 : Dtype::F32;
    std::optional<SelfTest> selfTest = model.selfTest();
    if (selfTest && type == StoredType::F16) {
        // Rounding moves the probabilities: the file's test is of the numbers that stand in the file.
        Parameters<float> rounded;
        for (const auto& entry : model.parameters().entries())
            rounded.add(entry.shape, roundedToHalf(entry.var.value()));
        const Model stored(model.card(), model.spec(), model.sourceVocabulary(), model.targetVocabulary(),
                           std::move(rounded));
        selfTest =
            greedy(stored, selfTest->source, static_cast<int>(selfTest->target.size()), selfTest->tolerance);
    }
    std::vector<std::pair<std::string, std::string>> metadata{
        {"format", formatName},
        {containerVersions.key, std::to_string(containerVersions.last)},
        {contentVersions.key, std::to_string(contentVersions.last)},
        {"card", toJson(model.card()).dump()},
        {"spec", toJson(model.spec()).dump()},
        {"source_vocabulary", vocabularyText(model.sourceVocabulary())},
        {"target_vocabulary", vocabularyText(model.targetVocabulary())},
    };
    if (selfTest) metadata.emplace_back("self_test", toJson(*selfTest).dump());
    std::vector<TensorToWrite> tensors;
    for (const auto& entry : model.parameters().entries()) {
        const Matrix<float>& values = entry.var.value();
        tensors.push_back({entry.shape.name, entry.shape.shape, {values.data(), values.size()}});
    }
    writeSafetensors(path, metadata, tensors, dtype);
}

} // namespace attn
