// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/language_model/record.h"

#include <algorithm>

namespace attn {

namespace {

constexpr int textAxis = 0, readAxis = 1;

/// The attention within each lstmn layer, by layer; empty for other cells.
std::vector<AttentionSpec> cellAttention(const LanguageModelSpec& spec) {
    std::vector<AttentionSpec> rules;
    for (int i = 0; spec.rnn.cell.kind == CellKind::Lstmn && i < spec.rnn.layers; ++i)
        rules.push_back(lstmnAttention(spec.rnn.cell, spec.rnn.inputWidth(i, spec.embedding)));
    return rules;
}

/// Takes the first key out of everything that has an entry a key.
void dropFirstKey(HeadTrace& head) {
    const auto drop = [](auto& values) {
        if (!values.empty()) values.erase(values.begin());
    };
    drop(head.scores);
    drop(head.allowed);
    drop(head.normalised);
    drop(head.weights);
    const Matrix<float>& terms = head.scoreTerms;
    if (terms.empty()) return;
    Matrix<float> kept(terms.rows() - 1, terms.cols());
    std::copy_n(terms.begin() + terms.cols(), kept.size(), kept.begin());
    head.scoreTerms = std::move(kept);
}

} // namespace

std::vector<Axis> axesOf(const LanguageModelSpec&) {
    return {{AxisKind::Target}, {AxisKind::Target, {}, true}};
}

std::vector<Site> sitesOf(const LanguageModelSpec& spec) {
    std::vector<Site> sites;
    const auto add = [&](int layer, const AttentionSpec& rule) {
        sites.push_back(
            {SiteKind::DecoderSelf, layer, false, textAxis, readAxis, std::max(1, rule.heads), rule});
    };
    if (spec.attention) add(spec.rnn.layers - 1, *spec.attention);
    int layer = 0;
    for (const AttentionSpec& rule : cellAttention(spec)) add(layer++, rule);
    return sites;
}

void recordEncoding(const LanguageModel<float>&, const LanguageModelEncoding<float>&, int, Trace&) {}

std::vector<CellTrace> recordState(const LanguageModelState<float>& state, int row) {
    std::vector<CellTrace> cells;
    for (std::size_t i = 0; i < state.layers.size(); ++i)
        cells.push_back(recordCell({static_cast<int>(i), 0, false}, state.layers[i].cell, {}, row));
    return cells;
}

Pass recordPass(const LanguageModel<float>& network, const LanguageModelEncoding<float>&,
                const LanguageModelStep<float>& step, int row, int mostTerms) {
    Pass pass;
    int site = 0;
    if (step.attention)
        pass.rows.push_back(recordRow(site++, step.state.attention.time - 1, *network.attention(),
                                      step.state.memory, *step.attention, row, mostTerms));
    for (std::size_t i = 0; i < step.layers.size(); ++i) {
        const LayerStep<float>& layer = step.layers[i];
        const auto at = static_cast<int>(i);
        if (layer.attention) {
            const bool startSlot = network.spec().rnn.cell.startSlot;
            const int query = layer.state.attention.time - 1 - (startSlot ? 1 : 0);
            Row own = recordRow(site++, query, *network.layers()[i].attention(), layer.attended,
                                *layer.attention, row, mostTerms);
            if (startSlot)
                for (HeadTrace& head : own.heads) dropFirstKey(head);
            pass.rows.push_back(std::move(own));
        }
        for (std::size_t k = 0; k < layer.cells.size(); ++k)
            pass.states.push_back(recordCell({at, static_cast<int>(k), false}, layer.cells[k].state,
                                             layer.cells[k].gates, row));
    }
    pass.vectors.push_back({StepVector::Features, rowOf(step.features, row)});
    return pass;
}

} // namespace attn
