// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/model_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/json_text.h"
#include "core/io/mapped_file.h"
#include "core/io/safetensors.h"
#include "core/io/stored_model.h"
#include "core/io/stored_parameters.h"
#include "core/model/other_weights.h"
#include "core/run/self_test.h"

namespace attn {

namespace {

using nlohmann::json;

constexpr const char* formatName = "attentoscope-model";
/// The versions that openModel() reads; saveModel() writes the last.
struct Versions {
    const char* key;
    int first, last;
};
constexpr Versions containerVersions{"container_version", 1, 1};
constexpr Versions contentVersions{"content_version", kFirstContentVersion, kLastContentVersion};

void fault(Findings& faults, const std::string& where, const std::string& text) {
    faults.push_back({Severity::Fault, where, text});
}

/// The version of the content. Throws Error(Unsupported) for a file that is not a model's, or of a version
/// out of the range that is read.
int checkedVersion(const std::string& path, const Metadata& metadata) {
    const auto format = metadata.find("format");
    if (format == metadata.end() || format->second != formatName)
        throw Error(
            ErrorKind::Unsupported,
            path + ": holds tensors but is not a model file: its metadata has " +
                (format == metadata.end() ? "no \"format\"" : "\"format\" " + brief(json(format->second))) +
                ", expected \"" + formatName + "\"." +
                (format != metadata.end() && format->second == "attentoscope-training"
                     ? " It is a paused training run; its model is the .safetensors file beside it"
                     : " A model of another program has to be imported"));
    int version = 0;
    for (const Versions& versions : {containerVersions, contentVersions}) {
        const auto found = metadata.find(versions.key);
        if (found == metadata.end())
            throw Error(ErrorKind::Data,
                        path + ": " + versions.key + " is missing from the metadata; expected a number");
        const std::string& text = found->second;
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
    return version;
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

/// readStoredModel() with the file's name in what it throws.
StoredModel readContents(const std::string& path, const Metadata& metadata, int version, Findings& faults) {
    try {
        return readStoredModel(metadata, version, faults);
    } catch (const Error& error) {
        throw Error(error.kind(), path + ": " + error.what());
    }
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
    const int version = checkedVersion(path, metadata);

    Findings faults;
    StoredModel found = readContents(path, metadata, version, faults);
    Parameters<float> parameters;
    if (found.specIsSound) parameters = readParameters(file, modelSchema(found.spec), faults);
    file.throwIfChanged();
    throwFaults(ErrorKind::Data, path + ": is not a sound model file:", firstOf(faults));

    auto model =
        std::make_shared<const Model>(std::move(found.card), std::move(found.spec), std::move(found.sides),
                                      std::move(parameters), std::move(found.selfTest));
    if (model->selfTest()) runSelfTest(*model, path, ErrorKind::Data);
    return model;
}

void saveModel(const Model& model, const std::string& path, StoredType type) {
    const Dtype dtype = type == StoredType::F16 ? Dtype::F16 : Dtype::F32;
    const std::string headline = path + ": cannot be written:";
    Findings faults;
    std::vector<std::pair<std::string, std::string>> texts = storedTexts(model, faults);
    std::string test = model.selfTest() ? storedText(*model.selfTest(), faults) : "";
    Metadata written(texts.begin(), texts.end());
    if (model.selfTest()) written["self_test"] = test;
    readContents(path, written, contentVersions.last, faults);
    checkParameters(model, faults);
    throwFaults(ErrorKind::Argument, headline, firstOf(faults));

    if (model.selfTest() && type == StoredType::F16) {
        // Rounding moves the probabilities: the file's test is of the numbers that stand in the file.
        const SelfTest& given = *model.selfTest();
        SelfTest rounded =
            makeSelfTest(*roundedModel(model), given.source, static_cast<int>(given.target.size()));
        rounded.tolerance = given.tolerance;
        checkSelfTest(rounded, faults);
        test = storedText(rounded, faults);
        throwFaults(ErrorKind::Argument, headline, firstOf(faults));
    } else if (model.selfTest()) {
        runSelfTest(model, path, ErrorKind::Argument);
    }
    std::vector<std::pair<std::string, std::string>> metadata{
        {"format", formatName},
        {containerVersions.key, std::to_string(containerVersions.last)},
        {contentVersions.key, std::to_string(contentVersions.last)},
    };
    metadata.insert(metadata.end(), texts.begin(), texts.end());
    if (model.selfTest()) metadata.emplace_back("self_test", test);
    std::vector<TensorToWrite> tensors;
    for (const auto& entry : model.parameters().entries()) {
        const Matrix<float>& values = entry.var.value();
        tensors.push_back({entry.shape.name, entry.shape.shape, {values.data(), values.size()}});
    }
    writeSafetensors(path, metadata, tensors, dtype);
}

} // namespace attn
