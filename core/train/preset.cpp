// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/preset.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/train/language_model_preset.h"

namespace attn {

namespace {

/// Positions that the location scores learn.
constexpr int kMostPositions = 64;

/// What the JSON of an attention may say: the fields of AttentionSpec (the score "none": no attention), and
/// of the wiring around it what differs from that of bahdanau2015.
struct Composition {
    AttentionSpec attention;
    AttentionOrder order = AttentionOrder::PreviousState;
    bool inputFeeding = false;
    BridgeKind bridge = BridgeKind::Backward;
    ReadoutKind readout = ReadoutKind::DeepSum;
    ReadoutActivation readoutActivation = ReadoutActivation::Tanh;
};

template <typename Visitor>
void visitFields(auto& c,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(c)>, Composition> {
    visitFields(c.attention, visit);
    visit("order", c.order);
    visit("input_feeding", c.inputFeeding);
    visit("bridge", c.bridge);
    visit("readout", c.readout);
    visit("readout_activation", c.readoutActivation);
}

bool isJson(const std::string& attention) {
    const std::size_t first = attention.find_first_not_of(" \t\r\n");
    return first != std::string::npos && attention[first] == '{';
}

/// Throws Error(Argument) with every fault of the text.
void compose(EncoderDecoderSpec& m, const ModelRecipe& recipe) {
    Findings faults;
    nlohmann::json json = parseJson(recipe.attention, "attention", faults);
    const bool none = json.is_object() && json.contains("score") && json["score"] == "none";
    if (none) json.erase("score");
    Composition c;
    if (faults.empty()) fromJson(json, c, "attention", faults);
    AttentionSpec gated;
    gated.gate = c.attention.gate;
    if (none && c.attention != gated)
        faults.push_back({Severity::Fault, "attention.score",
                          "is none; without attention there can be a gate, and no other field of it"});
    throwFaults(ErrorKind::Argument, "this attention cannot be built:", faults);
    m.attention = c.attention;
    if (m.attention->scope == Scope::Monotonic && !json.contains("normaliser"))
        m.attention->normaliser = Normaliser::Sigmoid;
    if (m.attention->heads > 0 && m.attention->headWidth == 0)
        m.attention->headWidth = recipe.attentionWidth / m.attention->heads;
    m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Gru;
    m.order = c.order;
    m.inputFeeding = c.inputFeeding;
    m.bridge = c.bridge;
    m.readout.kind = c.readout;
    m.readout.activation = c.readoutActivation;
    if (!none) return;
    m.attention.reset();
    m.summaryGate = c.attention.gate;
}

/// dot and cosine compare states as they are: each direction of the encoder gets half the decoder's width.
void matchWidths(EncoderDecoderSpec& m) {
    m.encoder.cell.width = m.decoder.cell.width / 2;
}

/// Attention from the previous state, the context into the cell, a deep readout (Bahdanau 2015).
void bahdanau(EncoderDecoderSpec& m) {
    m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Gru;
    m.bridge = BridgeKind::Backward;
    m.order = AttentionOrder::PreviousState;
    m.attention->score = Score::Additive;
    m.readout.kind = ReadoutKind::DeepSum;
}

/// Attention from the current state, an attentional vector that is fed to the next step (Luong 2015).
void luong(EncoderDecoderSpec& m, Score score, Scope scope = Scope::Global) {
    m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
    m.bridge = BridgeKind::Last;
    m.order = AttentionOrder::CurrentState;
    m.inputFeeding = true;
    m.attention->score = score;
    m.attention->scope = scope;
    m.attention->window = scope == Scope::Global ? 0 : 4;
    m.readout.kind = ReadoutKind::Attentional;
    m.readout.bias = false;
}

struct Entry {
    const char *name, *description;
    std::function<void(EncoderDecoderSpec&, const ModelRecipe&)> apply;
};

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all{
        {"bahdanau2015", "additive score, previous state, GRU (Bahdanau 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { bahdanau(m); }},
        {"luong2015-dot",
         "dot score, current state, input feeding, LSTM (Luong 2015); the encoder is as wide as the decoder",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             luong(m, Score::Dot);
             matchWidths(m);
         }},
        {"luong2015-general", "general score, current state, input feeding, LSTM (Luong 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::General); }},
        {"luong2015-concat", "concat score, current state, input feeding, LSTM (Luong 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::Concat); }},
        {"luong2015-location", "location score, current state, input feeding, LSTM (Luong 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::Location); }},
        {"luong2015-local-m", "general score in a window that moves with time (Luong 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::General, Scope::LocalM); }},
        {"luong2015-local-p", "general score in a window whose place is predicted (Luong 2015)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::General, Scope::LocalP); }},
        {"multi-head", "scaled dot score in several heads, between two GRU cells (Vaswani 2017)",
         [](EncoderDecoderSpec& m, const ModelRecipe& recipe) {
             bahdanau(m);
             m.order = AttentionOrder::BetweenCells;
             m.attention->score = Score::ScaledDot;
             m.attention->heads = recipe.heads;
             m.attention->headWidth = recipe.heads > 0 ? recipe.attentionWidth / recipe.heads : 0;
         }},
        {"coverage", "additive score that hears what was attended before (See 2017)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             bahdanau(m);
             m.attention->coverage = true;
         }},
        {"l-attention", "additive score, weights times a learned relevance",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             bahdanau(m);
             m.attention->relevance = true;
         }},
        {"pointer-generator",
         "additive score with coverage, current state, LSTM; copies words of the source (See 2017)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
             m.bridge = BridgeKind::Last;
             m.bridgeActivation = Activation::Relu;
             m.order = AttentionOrder::CurrentState;
             m.inputFeeding = true;
             m.attention->score = Score::Additive;
             m.attention->coverage = true;
             m.readout.kind = ReadoutKind::Attentional;
             m.readout.activation = ReadoutActivation::Identity;
             m.copy = CopyKind::Attention;
         }},
        {"location-key", "a score of the query by place plus one of the key",
         [](EncoderDecoderSpec& m, const ModelRecipe&) { luong(m, Score::LocationKey); }},
        {"cosine",
         "cosine score with a learned sharpness (Graves 2014); the encoder is as wide as the decoder",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             luong(m, Score::Cosine);
             matchWidths(m);
         }},
        {"sparsemax", "general score, sparsemax weights (Martins & Astudillo 2016)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             luong(m, Score::General);
             m.attention->normaliser = Normaliser::Sparsemax;
         }},
        {"entmax", "general score, 1.5-entmax weights (Peters 2019)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             luong(m, Score::General);
             m.attention->normaliser = Normaliser::Entmax15;
         }},
        {"monotonic", "additive score, reads forward and stops at the first word it wants (Raffel 2017)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             bahdanau(m);
             m.attention->scope = Scope::Monotonic;
             m.attention->normaliser = Normaliser::Sigmoid;
         }},
        {"none", "no attention: one vector stands for the whole source (Cho 2014)",
         [](EncoderDecoderSpec& m, const ModelRecipe&) {
             bahdanau(m);
             m.bridge = BridgeKind::Last;
             m.attention.reset();
         }},
    };
    return all;
}

} // namespace

std::vector<Preset> presets() {
    std::vector<Preset> all;
    for (const Entry& entry : entries())
        all.push_back({entry.name, entry.description, EncoderDecoderSpec::family});
    for (Preset& preset : languageModelPresets()) all.push_back(std::move(preset));
    return all;
}

CellKind cellKind(const ModelRecipe& recipe) {
    if (const auto kind = fromText<CellKind>(recipe.cell)) return *kind;
    throw Error(ErrorKind::Argument,
                "there is no cell \"" + recipe.cell + "\"; expected one of " + allNames<CellKind>());
}

std::string defaultPreset(bool single) {
    return single ? "daniluk2017-attention" : ModelRecipe().attention;
}

ModelSpec modelSpec(const ModelRecipe& recipe, int sourceVocabulary, int targetVocabulary) {
    if (auto spec = languageModelSpec(recipe, targetVocabulary)) return std::move(*spec);
    return presetSpec(recipe, sourceVocabulary, targetVocabulary);
}

EncoderDecoderSpec presetSpec(const ModelRecipe& recipe, int sourceVocabulary, int targetVocabulary) {
    EncoderDecoderSpec m;
    m.sourceVocabulary = sourceVocabulary;
    m.targetVocabulary = targetVocabulary;
    m.sourceEmbedding = m.targetEmbedding = recipe.embedding;
    m.encoder.bidirectional = true;
    m.encoder.layers = recipe.encoderLayers;
    m.decoder.layers = recipe.decoderLayers;
    m.encoder.cell.width = recipe.encoderWidth;
    m.decoder.cell.width = recipe.decoderWidth;
    m.readout.width = recipe.readoutWidth;
    m.tiedEmbeddings = recipe.tied;
    if (isJson(recipe.attention)) {
        compose(m, recipe);
    } else {
        const auto entry = std::find_if(entries().begin(), entries().end(),
                                        [&](const Entry& e) { return recipe.attention == e.name; });
        if (entry == entries().end()) {
            std::string names;
            for (const Preset& preset : presets()) names += (names.empty() ? "" : ", ") + preset.name;
            throw Error(ErrorKind::Argument, "there is no attention preset \"" + recipe.attention +
                                                 "\"; there are: " + names +
                                                 "; or give a composition as JSON, {\"score\": \"general\"}");
        }
        entry->apply(m, recipe);
    }
    if (!recipe.cell.empty()) m.encoder.cell.kind = m.decoder.cell.kind = cellKind(recipe);
    if (recipe.coverage) {
        if (!m.attention)
            throw Error(ErrorKind::Argument, "coverage is for models with attention; \"" + recipe.attention +
                                                 "\" has none. Leave coverage out, or choose another preset");
        m.attention->coverage = true;
    }
    if (recipe.copy != CopyKind::None) m.copy = recipe.copy;
    // PyTorch's convention throughout; only a reset after the product needs its second bias.
    m.encoder.cell.twoBiases = m.decoder.cell.twoBiases = m.encoder.cell.kind == CellKind::Gru;
    if (!m.attention) return m;
    AttentionSpec& a = *m.attention;
    const auto fill = [](int& width, int value) {
        if (width == 0) width = value;
    };
    fill(a.queryWidth, m.decoder.cell.width);
    fill(a.keyWidth, m.encoder.outputWidth());
    fill(a.valueWidth, m.encoder.outputWidth());
    fill(a.attentionWidth, recipe.attentionWidth);
    if (a.score == Score::Location || a.score == Score::LocationKey) fill(a.maxPositions, kMostPositions);
    if (m.copy == CopyKind::Own) {
        m.copyAttention.score = Score::Additive;
        m.copyAttention.attentionWidth = recipe.attentionWidth;
    }
    return m;
}

} // namespace attn
