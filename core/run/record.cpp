// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/record.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn {

namespace {

std::vector<float> rowOf(const Var<float>& x) {
    if (!x.defined()) return {};
    return {x.value().row(0), x.value().row(0) + x.cols()};
}

CellTrace recordCell(const std::string& where, const CellState<float>& state, const Var<float>& gates = {}) {
    CellTrace cell{where, {{"hidden", rowOf(state.hidden)}}};
    if (state.cell.defined()) cell.parts.push_back({"cell", rowOf(state.cell)});
    const int width = state.hidden.cols();
    const auto names = gateNames(state.cell.defined() ? CellKind::Lstm : CellKind::Gru);
    for (std::size_t i = 0; gates.defined() && i < names.size(); ++i) {
        const float* first = gates.value().row(0) + static_cast<int>(i) * width;
        cell.parts.push_back({names[i], {first, first + width}});
    }
    return cell;
}

/// ", second cell" behind a layer's name.
std::string cellText(int cell) {
    return cell == 0 ? "" : cell == 1 ? ", second cell" : ", cell " + std::to_string(cell + 1);
}

HeadTrace recordHead(const Attention<float>& attention, const AttentionMemory<float>& memory, int index,
                     const HeadResult<float>& head, int mostTerms) {
    HeadTrace h;
    h.scores = rowOf(head.score.scores);
    h.allowed = {head.scope.allowed.begin(), head.scope.allowed.end()};
    for (std::size_t j = 0; j < h.scores.size(); ++j)
        if (!h.allowed[j]) h.scores[j] = 0;
    h.normalised = rowOf(head.normalised);
    if (head.scope.centre.defined()) h.position = head.scope.centre.value()(0, 0);
    h.gaussian = rowOf(head.factors.gaussian);
    h.relevance = rowOf(head.factors.relevance);
    h.monotonic = rowOf(head.factors.monotonic);
    if (head.factors.monotonic.defined()) h.offset = attention.monotonicOffset(index);
    h.coverage = rowOf(head.coverage);
    h.weights = rowOf(head.factors.weights);
    h.context = rowOf(head.context);
    h.scoreTerms = attention.scoreTerms(memory, index, head.score, 0, mostTerms);
    return h;
}

} // namespace

void recordEncoder(const Encoding<float>& encoding, Trace& trace) {
    trace.encoderOutputs = encoding.outputs.value();
    for (const SequenceLayer<float>& layer : encoding.layers.layers) {
        EncoderLayerTrace frozen{layer.layer, layer.cell, layer.backward, {}};
        const int positions = static_cast<int>(layer.steps.size());
        for (int s = 0; s < positions; ++s) {
            const CellResult<float>& step = layer.steps[static_cast<std::size_t>(s)];
            const CellTrace cell = recordCell("", step.state, step.gates);
            for (std::size_t p = 0; p < cell.parts.size(); ++p) {
                const NamedVector& part = cell.parts[p];
                if (s == 0)
                    frozen.parts.push_back(
                        {part.name, Matrix<float>(positions, static_cast<int>(part.values.size()))});
                std::copy(part.values.begin(), part.values.end(), frozen.parts[p].values.row(s));
            }
        }
        trace.encoder.push_back(std::move(frozen));
    }
}

std::vector<CellTrace> recordInitialState(const DecoderState<float>& state) {
    std::vector<CellTrace> cells;
    for (std::size_t i = 0; i < state.layers.size(); ++i)
        cells.push_back(recordCell("layer " + std::to_string(i + 1), state.layers[i]));
    return cells;
}

StepTrace recordStep(const EncoderDecoder<float>& network, const Encoding<float>& encoding,
                     const DecoderStep<float>& step, int mostTerms) {
    StepTrace s;
    for (std::size_t h = 0; h < step.attention.heads.size(); ++h)
        s.heads.push_back(recordHead(network.attention(), encoding.memory, static_cast<int>(h),
                                     step.attention.heads[h], mostTerms));
    for (const HeadResult<float>& head : step.copy.attention.heads)
        s.copyHeads.push_back(recordHead(*network.copyAttention(), *encoding.copyMemory, 0, head, mostTerms));
    if (step.copy.gate.defined()) s.copyGate = step.copy.gate.value()(0, 0);
    s.copyWeights = rowOf(step.copy.weights);
    s.input = rowOf(step.input);
    s.contextGate = rowOf(step.contextGate);
    s.gate = rowOf(step.attention.gate);
    s.context = rowOf(step.attention.context);
    s.features = rowOf(step.features);
    for (const auto& cell : step.cells)
        s.decoder.push_back(recordCell("layer " + std::to_string(cell.layer + 1) + cellText(cell.cell),
                                       cell.result.state, cell.result.gates));
    return s;
}

std::vector<float> recordOutput(const Matrix<float>& logits, const Vocabulary& vocabulary,
                                const std::vector<std::string>& extra, int k, StepTrace& step) {
    const int n = logits.cols();
    const double top = *std::max_element(logits.begin(), logits.end());
    double total = 0;
    for (float x : logits) total += std::exp(static_cast<double>(x) - top);
    const double logSumExp = top + std::log(total);
    std::vector<float> logProbs(static_cast<std::size_t>(n));
    double entropy = 0;
    for (int i = 0; i < n; ++i) {
        const double p = static_cast<double>(logits(0, i)) - logSumExp;
        logProbs[static_cast<std::size_t>(i)] = static_cast<float>(p);
        entropy -= std::exp(p) * p;
    }
    step.logSumExp = static_cast<float>(logSumExp);
    if (!std::isfinite(logSumExp)) return logProbs;
    step.entropy = static_cast<float>(entropy);
    std::vector<int> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    const int count = std::min(k, n);
    std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](int a, int b) {
        const float pa = logProbs[static_cast<std::size_t>(a)], pb = logProbs[static_cast<std::size_t>(b)];
        return pa != pb ? pa > pb : a < b;
    });
    for (int i = 0; i < count; ++i) {
        const int id = order[static_cast<std::size_t>(i)];
        const std::string& text = id < vocabulary.size()
                                      ? vocabulary.text(id)
                                      : extra[static_cast<std::size_t>(id - vocabulary.size())];
        step.candidates.push_back({id, text, logProbs[static_cast<std::size_t>(id)]});
    }
    return logProbs;
}

} // namespace attn
