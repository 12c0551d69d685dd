// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/preset.h"

#include <functional>

namespace attn {

namespace {

/// Positions that the location scores learn.
constexpr int kMostPositions = 64;

/// Attention from the previous state, the context into the cell, a deep readout (Bahdanau 2015).
void bahdanau(ModelSpec& m) {
    m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Gru;
    m.bridge = BridgeKind::Backward;
    m.order = AttentionOrder::PreviousState;
    m.attention.score = Score::Additive;
    m.readout.kind = ReadoutKind::DeepSum;
}

/// Attention from the current state, an attentional vector that is fed to the next step (Luong 2015).
void luong(ModelSpec& m, Score score, Scope scope = Scope::Global) {
    m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
    m.bridge = BridgeKind::Last;
    m.order = AttentionOrder::CurrentState;
    m.inputFeeding = true;
    m.attention.score = score;
    m.attention.scope = scope;
    m.attention.window = scope == Scope::Global ? 0 : 4;
    m.readout.kind = ReadoutKind::Attentional;
    m.readout.bias = false;
}

struct Entry {
    const char *name, *description;
    std::function<void(ModelSpec&, const TrainRecipe&)> apply;
};

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all{
        {"bahdanau2015", "additive score, previous state, GRU (Bahdanau 2015)",
         [](ModelSpec& m, const TrainRecipe&) { bahdanau(m); }},
        {"luong2015-dot", "dot score, current state, input feeding, LSTM (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::Dot); }},
        {"luong2015-general", "general score, current state, input feeding, LSTM (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::General); }},
        {"luong2015-concat", "concat score, current state, input feeding, LSTM (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::Concat); }},
        {"luong2015-location", "location score, current state, input feeding, LSTM (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::Location); }},
        {"luong2015-local-m", "general score in a window that moves with time (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::General, Scope::LocalM); }},
        {"luong2015-local-p", "general score in a window whose place is predicted (Luong 2015)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::General, Scope::LocalP); }},
        {"multi-head", "scaled dot score in several heads, between two GRU cells (Vaswani 2017)",
         [](ModelSpec& m, const TrainRecipe& recipe) {
             bahdanau(m);
             m.order = AttentionOrder::BetweenCells;
             m.attention.score = Score::ScaledDot;
             m.attention.heads = recipe.heads;
             m.attention.headWidth = recipe.heads > 0 ? recipe.attentionWidth / recipe.heads : 0;
         }},
        {"coverage", "additive score that hears what was attended before (See 2017)",
         [](ModelSpec& m, const TrainRecipe&) {
             bahdanau(m);
             m.attention.coverage = true;
         }},
        {"l-attention", "additive score, weights times a learned relevance",
         [](ModelSpec& m, const TrainRecipe&) {
             bahdanau(m);
             m.attention.relevance = true;
         }},
        {"location-key", "a score of the query by place plus one of the key",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::LocationKey); }},
        {"cosine", "cosine score with a learned sharpness (Graves 2014)",
         [](ModelSpec& m, const TrainRecipe&) { luong(m, Score::Cosine); }},
        {"sparsemax", "general score, sparsemax weights (Martins & Astudillo 2016)",
         [](ModelSpec& m, const TrainRecipe&) {
             luong(m, Score::General);
             m.attention.normaliser = Normaliser::Sparsemax;
         }},
        {"entmax", "general score, 1.5-entmax weights (Peters 2019)",
         [](ModelSpec& m, const TrainRecipe&) {
             luong(m, Score::General);
             m.attention.normaliser = Normaliser::Entmax15;
         }},
    };
    return all;
}

} // namespace

std::vector<Preset> presets() {
    std::vector<Preset> all;
    for (const Entry& entry : entries()) all.push_back({entry.name, entry.description});
    return all;
}

ModelSpec presetSpec(const TrainRecipe& recipe, int sourceVocabulary, int targetVocabulary) {
    std::string names;
    for (const Entry& entry : entries()) {
        names += (names.empty() ? "" : ", ") + std::string(entry.name);
        if (recipe.attention != entry.name) continue;
        ModelSpec m;
        m.sourceVocabulary = sourceVocabulary;
        m.targetVocabulary = targetVocabulary;
        m.sourceEmbedding = m.targetEmbedding = recipe.embedding;
        m.encoder.bidirectional = true;
        m.encoder.cell.width = recipe.encoderWidth;
        m.decoder.cell.width = recipe.decoderWidth;
        entry.apply(m, recipe);
        // PyTorch's convention throughout; only a reset after the product needs its second bias.
        m.encoder.cell.twoBiases = m.decoder.cell.twoBiases = m.encoder.cell.kind == CellKind::Gru;
        AttentionSpec& a = m.attention;
        a.queryWidth = recipe.decoderWidth;
        a.keyWidth = a.valueWidth = m.encoder.outputWidth();
        a.attentionWidth = recipe.attentionWidth;
        if (a.score == Score::Location || a.score == Score::LocationKey) a.maxPositions = kMostPositions;
        m.readout.width = recipe.readoutWidth;
        return m;
    }
    throw Error(ErrorKind::Argument,
                "there is no attention preset \"" + recipe.attention + "\"; there are: " + names);
}

} // namespace attn
