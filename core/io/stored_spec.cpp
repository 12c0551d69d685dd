// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_spec.h"

#include "core/base/fields_json.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

/// Sizes beyond which no weights can follow. They keep the arithmetic of shapes within an int and the
/// schema within memory whatever a file says.
void checkPlausible(const EncoderDecoderSpec& spec, Findings& faults) {
    const auto atMost = [&](const std::string& where, int value, int most) {
        if (value > most)
            faults.push_back(
                {Severity::Fault, "spec." + where,
                 "is " + std::to_string(value) + "; at most " + std::to_string(most) + " can be read"});
    };
    constexpr int vocabulary = 10'000'000, width = 100'000, layers = 100, heads = 1000;
    atMost("source_vocabulary", spec.sourceVocabulary, vocabulary);
    atMost("target_vocabulary", spec.targetVocabulary, vocabulary);
    atMost("source_embedding", spec.sourceEmbedding, width);
    atMost("target_embedding", spec.targetEmbedding, width);
    for (const auto& [name, rnn] : {std::pair{"encoder", &spec.encoder}, {"decoder", &spec.decoder}}) {
        const std::string under = std::string(name) + ".";
        atMost(under + "layers", rnn->layers, layers);
        atMost(under + "cell.width", rnn->cell.width, width);
        atMost(under + "cell.attention_width", rnn->cell.attentionWidth, width);
        atMost(under + "cell.window", rnn->cell.window, width);
        for (const int cells : rnn->transitions) atMost(under + "transitions", cells, layers);
    }
    const AttentionSpec* const attention = spec.attention ? &*spec.attention : nullptr;
    for (const auto& [name, a] :
         {std::pair{"attention", attention}, {"copy_attention", &spec.copyAttention}}) {
        if (!a) continue;
        const std::string under = std::string(name) + ".";
        atMost(under + "attention_width", a->attentionWidth, width);
        atMost(under + "max_positions", a->maxPositions, width);
        atMost(under + "window", a->window, width);
        atMost(under + "heads", a->heads, heads);
        atMost(under + "head_width", a->headWidth, width);
        atMost(under + "output_width", a->outputWidth, width);
    }
    atMost("readout.width", spec.readout.width, width);
    atMost("readout.projection", spec.readout.projection, width);
    atMost("input_layer.width", spec.inputLayer.width, width);
}

/// The alternative of ModelSpec whose family has that name; nothing if there is none.
template <std::size_t I = 0>
std::optional<ModelSpec> emptySpec(const std::string& family) {
    if constexpr (I < std::variant_size_v<ModelSpec>) {
        using Spec = std::variant_alternative_t<I, ModelSpec>;
        return family == Spec::family ? ModelSpec(Spec()) : emptySpec<I + 1>(family);
    }
    return std::nullopt;
}

template <std::size_t I = 0>
std::string allFamilies() {
    if constexpr (I < std::variant_size_v<ModelSpec>) {
        const std::string rest = allFamilies<I + 1>();
        return std::string(std::variant_alternative_t<I, ModelSpec>::family) +
               (rest.empty() ? "" : ", " + rest);
    }
    return "";
}

} // namespace

ModelSpec specFromJson(const std::string& family, const nlohmann::json& json, Findings& faults) {
    std::optional<ModelSpec> spec = emptySpec(family);
    if (!spec)
        throw Error(ErrorKind::Unsupported, "family is " + brief(nlohmann::json(family)) +
                                                "; this program runs " + allFamilies() +
                                                ". A newer version of the program may open the file");
    const std::size_t before = faults.size();
    std::visit(
        [&](auto& s) {
            fromJson(json, s, "spec", faults);
            if (faults.size() == before) checkPlausible(s, faults);
            if (faults.size() == before)
                for (Finding finding : s.validate()) {
                    finding.where = "spec." + finding.where;
                    faults.push_back(finding);
                }
        },
        *spec);
    return std::move(*spec);
}

void upgradeSpec(nlohmann::json& spec, Findings& faults) {
    if (!spec.is_object() || !spec.contains("attention")) return;
    nlohmann::json& attention = spec["attention"];
    if (!attention.is_object() || !attention.contains("score") || attention["score"] != "none") return;
    attention.erase("score");
    AttentionSpec old;
    fromJson(attention, old, "spec.attention", faults);
    const auto unused = [&](const char* field, bool given) {
        if (given)
            faults.push_back({Severity::Fault, std::string("spec.attention.") + field,
                              "is given; the score none has no weights"});
    };
    unused("heads", old.heads != 0);
    unused("scope", old.scope != Scope::Global);
    unused("normaliser", old.normaliser != Normaliser::Softmax);
    unused("relevance", old.relevance);
    spec["summary_gate"] = toText(old.gate);
    attention = nullptr;
}

nlohmann::ordered_json specJson(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return toJson(s); }, spec);
}

} // namespace attn
