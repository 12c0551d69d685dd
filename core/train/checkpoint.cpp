// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include <filesystem>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/safetensors.h"
#include "core/io/stored_parameters.h"
#include "core/io/stored_spec.h"

namespace attn {

namespace {

constexpr const char* kFormat = "attentoscope-training";
constexpr const char* kVersion = "2"; ///< 1: a recipe without parts

/// The part of a state that is no array.
struct Figures {
    int update = 0, validatedAt = 0, sinceBest = 0;
    double firstLoss = 0, lastLoss = 0;
    CorpusPosition pool;
    int poolUsed = 0;
    std::uint64_t corpus = 0;
    std::vector<double> keptLosses;
    std::vector<int> keptUpdates;
};

template <typename Visitor>
void visitFields(auto& figures,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(figures)>, Figures> {
    visit("update", figures.update);
    visit("validated_at", figures.validatedAt);
    visit("since_best", figures.sinceBest);
    visit("first_loss", figures.firstLoss);
    visit("last_loss", figures.lastLoss);
    visit("pool", figures.pool);
    visit("pool_used", figures.poolUsed);
    visit("corpus", figures.corpus);
    visit("kept_losses", figures.keptLosses);
    visit("kept_updates", figures.keptUpdates);
}

/// A name for each array of each set: "current/decoder.W", "kept0/decoder.W".
Schema prefixed(const Schema& schema, const std::string& set) {
    Schema named;
    for (const ParameterShape& shape : schema) named.push_back({set + "/" + shape.name, shape.shape});
    return named;
}

std::string keptName(std::size_t i) {
    return "kept" + std::to_string(i);
}

std::string withEnding(const std::string& path, const std::string& from, const std::string& to) {
    return (path.ends_with(from) ? path.substr(0, path.size() - from.size()) : path) + to;
}

} // namespace

std::string checkpointPathFor(const std::string& modelPath) {
    return withEnding(modelPath, ".safetensors", ".training");
}

std::string modelPathFor(const std::string& checkpointPath) {
    return withEnding(checkpointPath, ".training", ".safetensors");
}

std::string probesPathFor(const std::string& modelPath) {
    return withEnding(modelPath, ".safetensors", ".probes.jsonl");
}

void writeCheckpoint(const std::string& path, const Checkpoint& checkpoint) {
    const TrainState& s = checkpoint.state;
    Figures figures{s.update, s.validatedAt, s.sinceBest,       s.firstLoss, s.lastLoss,
                    s.pool,   s.poolUsed,    checkpoint.corpus, {},          {}};
    const Schema schema = modelSchema(checkpoint.spec);
    std::vector<TensorToWrite> tensors;
    const auto add = [&](const std::string& set, const ParameterValues& values) {
        const Schema named = prefixed(schema, set);
        for (std::size_t i = 0; i < named.size(); ++i)
            tensors.push_back({named[i].name, named[i].shape, {values[i].data(), values[i].size()}});
    };
    add("current", s.values);
    add("mean", s.mean);
    add("square", s.square);
    for (std::size_t i = 0; i < s.kept.size(); ++i) {
        figures.keptLosses.push_back(s.kept[i].loss);
        figures.keptUpdates.push_back(s.kept[i].update);
        add(keptName(i), s.kept[i].values);
    }
    writeSafetensors(path,
                     {{"format", kFormat},
                      {"version", kVersion},
                      {"recipe", recipeText(checkpoint.recipe)},
                      {"family", std::string(familyOf(checkpoint.spec))},
                      {"spec", specJson(checkpoint.spec).dump()},
                      {"state", toJson(figures).dump()}},
                     tensors, Dtype::F32);
}

Checkpoint readCheckpoint(const std::string& path) {
    const SafetensorsFile file(path);
    const auto text = [&](const char* key) {
        const auto at = file.metadata().find(key);
        return at == file.metadata().end() ? std::string() : at->second;
    };
    if (text("format") != kFormat)
        throw Error(ErrorKind::Unsupported,
                    path + ": is no checkpoint of a training" +
                        (text("format") == "attentoscope-model"
                             ? ", but a model; the checkpoint stands beside it as " + checkpointPathFor(path)
                             : "; expected a .training file as attn train writes it"));
    if (text("version") != kVersion && text("version") != "1")
        throw Error(ErrorKind::Unsupported, path + ": is a checkpoint of version \"" + text("version") +
                                                "\"; this program reads versions 1 and 2");
    Checkpoint found;
    Figures figures;
    Findings faults;
    const auto read = [&](const char* key, auto& value) {
        const std::size_t before = faults.size();
        const nlohmann::json json = parseJson(text(key), key, faults);
        if (faults.size() == before) fromJson(json, value, key, faults);
    };
    found.recipe = readRecipe(text("recipe"), "recipe", faults);
    // Checkpoints that name no family are of the first one.
    const bool old = text("family").empty();
    const std::string family = old ? std::string(EncoderDecoderSpec::family) : text("family");
    const std::size_t before = faults.size();
    nlohmann::json spec = parseJson(text("spec"), "spec", faults);
    if (faults.size() == before && old) upgradeSpec(spec, faults);
    if (faults.size() == before) found.spec = specFromJson(family, spec, faults);
    read("state", figures);
    const auto append = [&](const Findings& more, const std::string& where) {
        for (Finding finding : more) {
            finding.where = where + "." + finding.where;
            faults.push_back(std::move(finding));
        }
    };
    if (faults.empty()) {
        append(found.recipe.validate(), "recipe");
        if (figures.keptLosses.size() != figures.keptUpdates.size() || figures.keptLosses.size() > 64)
            faults.push_back({Severity::Fault, "state", "has different numbers of kept losses and updates"});
    }
    throwFaults(ErrorKind::Data, path + ": is not a sound checkpoint:", firstOf(faults));

    const Schema schema = modelSchema(found.spec);
    Schema all;
    std::vector<std::string> sets{"current", "mean", "square"};
    for (std::size_t i = 0; i < figures.keptLosses.size(); ++i) sets.push_back(keptName(i));
    for (const std::string& set : sets)
        for (const ParameterShape& shape : prefixed(schema, set)) all.push_back(shape);
    Parameters<float> arrays = readParameters(file, all, faults);
    file.throwIfChanged();
    throwFaults(ErrorKind::Data, path + ": is not a sound checkpoint:", firstOf(faults));
    std::size_t next = 0;
    const auto take = [&](ParameterValues& values) {
        for (std::size_t i = 0; i < schema.size(); ++i)
            values.push_back(std::move(arrays.entries()[next++].var.mutableValue()));
    };
    TrainState& s = found.state;
    take(s.values);
    take(s.mean);
    take(s.square);
    for (std::size_t i = 0; i < figures.keptLosses.size(); ++i) {
        s.kept.push_back({figures.keptLosses[i], figures.keptUpdates[i], {}});
        take(s.kept.back().values);
    }
    s.update = figures.update;
    s.validatedAt = figures.validatedAt;
    s.sinceBest = figures.sinceBest;
    s.firstLoss = figures.firstLoss;
    s.lastLoss = figures.lastLoss;
    s.pool = figures.pool;
    s.poolUsed = figures.poolUsed;
    found.corpus = figures.corpus;
    return found;
}

} // namespace attn
