// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/record.h"

#include <algorithm>

namespace attn {

namespace {
constexpr int sourceAxis = 0, targetAxis = 1;
} // namespace

std::vector<Axis> axesOf(const EncoderDecoderSpec&) {
    return {{AxisKind::Source}, {AxisKind::Target}};
}

std::vector<Site> sitesOf(const EncoderDecoderSpec& spec) {
    std::vector<Site> sites;
    const auto add = [&](SiteKind kind, int heads, const std::optional<AttentionSpec>& rule) {
        sites.push_back({kind, 0, false, targetAxis, sourceAxis, heads, rule});
    };
    if (spec.attention) add(SiteKind::Cross, spec.attention->maps(), spec.attention);
    if (spec.copy == CopyKind::Own) add(SiteKind::Copy, 1, spec.copyAttentionSpec());
    if (spec.copy == CopyKind::Attention) add(SiteKind::Copy, 1, std::nullopt);
    return sites;
}

void recordEncoding(const EncoderDecoder<float>&, const Encoding<float>& encoding, int row, Trace& trace) {
    const std::vector<Position>& source = trace.axes[sourceAxis].positions;
    const auto read = std::count_if(source.begin(), source.end(), [](const Position& position) {
        return position.role != TokenRole::Empty;
    });
    for (const SequenceLayer<float>& layer : encoding.layers.layers)
        trace.tracks.push_back(recordTrack(sourceAxis, layer, static_cast<int>(read), row));
    const Matrix<float>& outputs = encoding.outputs.value();
    trace.encoderOutputs = Matrix<float>(static_cast<int>(source.size()), outputs.cols());
    std::copy_n(outputs.row(row * encoding.memory.positions), trace.encoderOutputs.size(),
                trace.encoderOutputs.begin());
}

std::vector<CellTrace> recordState(const DecoderState<float>& state, int row) {
    std::vector<CellTrace> cells;
    for (std::size_t i = 0; i < state.layers.size(); ++i)
        cells.push_back(recordCell({static_cast<int>(i), 0, false}, state.layers[i], {}, row));
    return cells;
}

Pass recordPass(const EncoderDecoder<float>& network, const Encoding<float>& encoding,
                const DecoderStep<float>& step, int row, int mostTerms) {
    Pass pass;
    const auto keep = [&](StepVector kind, const Var<float>& x) {
        if (x.defined()) pass.vectors.push_back({kind, rowOf(x, row)});
    };
    const std::vector<Site> sites = sitesOf(network.spec());
    const int query = step.state.attention.time - 1;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const int site = static_cast<int>(i);
        if (sites[i].kind == SiteKind::Cross) {
            pass.rows.push_back(recordRow(site, query, *network.attention(), encoding.memory, step.attention,
                                          row, mostTerms));
        } else if (sites[i].rule) {
            pass.rows.push_back(recordRow(site, query, *network.copyAttention(), *encoding.copyMemory,
                                          step.copy.attention, row, mostTerms));
        } else {
            Row copied{site, query, {HeadTrace{}}, {}, {}, {}};
            copied.heads.front().weights = rowOf(step.copy.weights, row);
            copied.heads.front().weights.resize(
                static_cast<std::size_t>(encoding.memory.lengths[static_cast<std::size_t>(row)]));
            pass.rows.push_back(std::move(copied));
        }
    }
    if (sites.empty()) keep(StepVector::Context, step.attention.context);
    keep(StepVector::Input, step.input);
    keep(StepVector::ContextGate, step.contextGate);
    keep(StepVector::Features, step.features);
    keep(StepVector::CopyGate, step.copy.gate);
    for (const auto& cell : step.cells)
        pass.states.push_back(
            recordCell({cell.layer, cell.cell, false}, cell.result.state, cell.result.gates, row));
    return pass;
}

} // namespace attn
