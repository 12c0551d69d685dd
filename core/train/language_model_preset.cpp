// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/language_model_preset.h"

#include <algorithm>

namespace attn {

namespace {

struct Entry {
    const char *name, *description;
    void (*apply)(LanguageModelSpec&);
};

/// Additive attention over all past states.
void attend(LanguageModelSpec& m, StateSplit split) {
    m.split = split;
    m.attention.emplace();
    m.attention->score = Score::Additive;
    m.attention->scope = Scope::Past;
}

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all{
        {"daniluk2017-attention", "language model, LSTM with attention over its past states (Daniluk 2017)",
         [](LanguageModelSpec& m) { attend(m, StateSplit::One); }},
        {"daniluk2017-key-value", "the same, each state split into key and value (Daniluk 2017)",
         [](LanguageModelSpec& m) { attend(m, StateSplit::KeyValue); }},
        {"daniluk2017-key-value-predict", "the same, split into key, value and what predicts (Daniluk 2017)",
         [](LanguageModelSpec& m) { attend(m, StateSplit::KeyValuePredict); }},
        {"lstmn", "language model, LSTM that attends to its past within each step (Cheng 2016)",
         [](LanguageModelSpec& m) { m.rnn.cell.kind = CellKind::Lstmn; }},
        {"recurrent-lm", "language model without attention: an LSTM alone", [](LanguageModelSpec&) {}},
    };
    return all;
}

} // namespace

std::vector<Preset> languageModelPresets() {
    std::vector<Preset> all;
    for (const Entry& entry : entries())
        all.push_back({entry.name, entry.description, LanguageModelSpec::family});
    return all;
}

std::optional<LanguageModelSpec> languageModelSpec(const ModelRecipe& recipe, int vocabulary) {
    const auto entry = std::find_if(entries().begin(), entries().end(),
                                    [&](const Entry& e) { return recipe.attention == e.name; });
    if (entry == entries().end()) return std::nullopt;
    LanguageModelSpec m;
    m.vocabulary = vocabulary;
    m.embedding = recipe.embedding;
    m.rnn.layers = recipe.decoderLayers;
    m.rnn.cell.kind = CellKind::Lstm;
    m.rnn.cell.width = recipe.decoderWidth;
    m.tiedEmbeddings = recipe.tied;
    entry->apply(m);
    if (!recipe.cell.empty()) m.rnn.cell.kind = cellKind(recipe);
    if (m.rnn.cell.kind == CellKind::Lstmn) m.rnn.cell.attentionWidth = recipe.attentionWidth;
    m.rnn.cell.twoBiases = m.rnn.cell.kind == CellKind::Gru;
    if (!m.attention) return m;
    m.features = recipe.readoutWidth;
    AttentionSpec& a = *m.attention;
    a.queryWidth = a.keyWidth = a.valueWidth = m.partWidth();
    a.attentionWidth = recipe.attentionWidth;
    return m;
}

} // namespace attn
