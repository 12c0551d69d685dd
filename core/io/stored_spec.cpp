// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_spec.h"

#include "core/base/fields_json.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

/// Adds a fault for each size beyond which no weights can follow. That keeps the arithmetic of shapes within
/// an int and the schema within memory whatever a file says.
class Plausible {
public:
    explicit Plausible(Findings& faults) : m_faults(faults) {}

    void words(const std::string& where, int value) { atMost(where, value, 10'000'000); }
    void width(const std::string& where, int value) { atMost(where, value, 100'000); }
    void rnn(const std::string& where, const RnnSpec& rnn) {
        atMost(where + ".layers", rnn.layers, kLayers);
        width(where + ".cell.width", rnn.cell.width);
        width(where + ".cell.attention_width", rnn.cell.attentionWidth);
        width(where + ".cell.window", rnn.cell.window);
        for (const int cells : rnn.transitions) atMost(where + ".transitions", cells, kLayers);
    }
    void attention(const std::string& where, const AttentionSpec& a) {
        width(where + ".attention_width", a.attentionWidth);
        width(where + ".max_positions", a.maxPositions);
        width(where + ".window", a.window);
        atMost(where + ".heads", a.heads, 1000);
        width(where + ".head_width", a.headWidth);
        width(where + ".output_width", a.outputWidth);
    }

private:
    static constexpr int kLayers = 100;
    void atMost(const std::string& where, int value, int most) {
        if (value > most)
            m_faults.push_back(
                {Severity::Fault, "spec." + where,
                 "is " + std::to_string(value) + "; at most " + std::to_string(most) + " can be read"});
    }
    Findings& m_faults;
};

void checkPlausible(const EncoderDecoderSpec& spec, Findings& faults) {
    Plausible plausible(faults);
    plausible.words("source_vocabulary", spec.sourceVocabulary);
    plausible.words("target_vocabulary", spec.targetVocabulary);
    plausible.width("source_embedding", spec.sourceEmbedding);
    plausible.width("target_embedding", spec.targetEmbedding);
    plausible.rnn("encoder", spec.encoder);
    plausible.rnn("decoder", spec.decoder);
    if (spec.attention) plausible.attention("attention", *spec.attention);
    plausible.attention("copy_attention", spec.copyAttention);
    plausible.width("readout.width", spec.readout.width);
    plausible.width("readout.projection", spec.readout.projection);
    plausible.width("input_layer.width", spec.inputLayer.width);
}

void checkPlausible(const LanguageModelSpec& spec, Findings& faults) {
    Plausible plausible(faults);
    plausible.words("vocabulary", spec.vocabulary);
    plausible.width("embedding", spec.embedding);
    plausible.rnn("rnn", spec.rnn);
    if (spec.attention) plausible.attention("attention", *spec.attention);
    plausible.width("features", spec.features);
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
