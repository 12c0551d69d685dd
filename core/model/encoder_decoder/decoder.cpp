// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/decoder.h"

#include "core/autograd/ops.h"
#include "core/nn/activation.h"

namespace attn::encoder_decoder {

template <typename T>
Decoder<T>::Decoder(const EncoderDecoderSpec& spec, const Parameters<T>& parameters)
    : m_spec(spec), m_embedding(parameters["target_embedding.W"]) {
    for (int i = 0; i < spec.decoder.layers; ++i)
        m_layers.emplace_back(spec.decoder.cell, spec.decoder.transitionsOf(i), parameters,
                              "decoder.layer" + std::to_string(i) + ".");
    if (spec.order == AttentionOrder::BetweenCells)
        m_secondCell.emplace(spec.decoder.cell, parameters, "decoder.cell2.");
    if (spec.inputLayer.width > 0) {
        m_inputW = parameters["decoder.input.W"];
        m_inputB = parameters["decoder.input.b"];
    }
    if (spec.summaryGate != Gate::None) {
        m_gateW = parameters["attention.W_gate"];
        m_gateB = parameters["attention.b_gate"];
    }
}

template <typename T>
AttentionResult<T> Decoder<T>::summary(Tape<T>* tape, const Encoding<T>& encoding,
                                       const Var<T>& query) const {
    AttentionResult<T> r;
    r.context = encoding.summary;
    if (m_spec.summaryGate == Gate::None) return r;
    r.ungated = r.context;
    r.gate = sigmoid(tape, linear(tape, concatCols(tape, {query, r.context}), m_gateW, m_gateB));
    r.context =
        m_spec.summaryGate == Gate::Scalar ? mulRows(tape, r.context, r.gate) : mul(tape, r.context, r.gate);
    return r;
}

namespace {

/// Keeps a cell's result, with its state as it was tapped, and gives that state.
template <typename T>
CellState<T> keep(DecoderStep<T>& step, int layer, int cell, CellResult<T> result, const Taps<T>& taps) {
    result.state = taps.state({layer, cell, false}, result.state);
    step.cells.push_back({layer, cell, std::move(result)});
    return step.cells.back().result.state;
}

} // namespace

template <typename T>
Var<T> Decoder<T>::finishLayer(Tape<T>* tape, DecoderStep<T>& step, std::size_t layer,
                               const Taps<T>& taps) const {
    int cell = step.cells.back().cell;
    const CellState<T> made = step.cells.back().result.state;
    const CellState<T> last = m_layers[layer].follow(tape, made, [&](CellResult<T> result) {
        return keep(step, static_cast<int>(layer), ++cell, std::move(result), taps);
    });
    step.state.layers.push_back(last);
    return last.hidden;
}

template <typename T>
Var<T> Decoder<T>::climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                         std::size_t first, const Noise& noise, const Taps<T>& taps) const {
    for (std::size_t i = first; i < m_layers.size(); ++i) {
        if (i > 0) x = noise.apply(tape, x);
        const Cell<T>& cell = m_layers[i].first();
        keep(step, static_cast<int>(i), 0, cell.step(tape, cell.project(tape, x), state.layers[i]), taps);
        const Var<T> up = finishLayer(tape, step, i, taps);
        x = m_spec.decoder.residual && i > 0 ? add(tape, up, x) : up;
    }
    return x;
}

template <typename T>
ReadoutInput<T> Decoder<T>::step(Tape<T>* tape, const Attention<T>* attention, const Encoding<T>& encoding,
                                 const DecoderState<T>& state, const std::vector<int>& previous,
                                 const Noise& noise, const Taps<T>& taps, DecoderStep<T>& step) const {
    const Var<T> y = noise.apply(tape, gatherRows(tape, m_embedding, previous), &Noise::embedding);
    const auto attend = [&](const Var<T>& query) {
        step.attention = attention ? attention->attend(tape, encoding.memory, query, state.attention,
                                                       taps.attention(SiteKind::Cross), noise)
                                   : summary(tape, encoding, query);
        if (!attention) step.attention.context = taps.vector(StepVector::Context, step.attention.context);
        return step.attention.context;
    };
    Var<T> s, c, x = y;
    switch (m_spec.order) {
        case AttentionOrder::PreviousState: {
            const Var<T>& before = state.layers.back().hidden;
            c = attend(m_spec.queryInput ? concatCols(tape, {y, before}) : before);
            x = concatCols(tape, {y, c});
            if (m_inputW.defined())
                x = step.input = taps.vector(
                    StepVector::Input,
                    activate(tape, m_spec.inputLayer.activation, linear(tape, x, m_inputW, m_inputB)));
            s = climb(tape, step, state, x, 0, noise, taps);
            break;
        }
        case AttentionOrder::CurrentState:
            if (m_spec.inputFeeding) x = concatCols(tape, {y, state.feed});
            s = climb(tape, step, state, x, 0, noise, taps);
            c = attend(s);
            break;
        case AttentionOrder::BetweenCells: {
            const Cell<T>& one = m_layers[0].first();
            const CellState<T> between =
                keep(step, 0, 0, one.step(tape, one.project(tape, y), state.layers[0]), taps);
            c = attend(between.hidden);
            keep(step, 0, 1, m_secondCell->step(tape, m_secondCell->project(tape, c), between), taps);
            s = climb(tape, step, state, finishLayer(tape, step, 0, taps), 1, noise, taps);
            break;
        }
    }
    return {s, c, y, x};
}

template class Decoder<float>;
template class Decoder<double>;

} // namespace attn::encoder_decoder
