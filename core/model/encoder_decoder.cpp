// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder.h"

#include "core/autograd/ops.h"

namespace attn {

namespace {
const ModelSpec& checked(const ModelSpec& spec) {
    throwFaults(ErrorKind::Argument, "this model cannot be built:", spec.validate());
    return spec;
}
} // namespace

template <typename T>
EncoderDecoder<T>::EncoderDecoder(const ModelSpec& spec, const Parameters<T>& parameters)
    : m_spec(checked(spec)),
      m_sourceEmbedding(parameters["source_embedding.W"]),
      m_targetEmbedding(parameters["target_embedding.W"]),
      m_encoder(spec.encoder, parameters, "encoder."),
      m_attention(spec.attention, parameters, "attention."),
      m_outputW(parameters[spec.tiedEmbeddings ? "target_embedding.W" : "output.W"]),
      m_outputB(parameters["output.b"]) {
    const auto find = [&](const std::string& name) {
        return parameters.contains(name) ? parameters[name] : Var<T>();
    };
    for (int i = 0; i < spec.decoder.layers; ++i) {
        const std::string layer = "layer" + std::to_string(i) + ".";
        m_decoder.emplace_back(spec.decoder.cell, parameters, "decoder." + layer);
        m_bridge.push_back({find("bridge." + layer + "W"), find("bridge." + layer + "b"),
                            find("bridge." + layer + "W_cell"), find("bridge." + layer + "b_cell")});
    }
    if (spec.order == AttentionOrder::BetweenCells)
        m_secondCell.emplace(spec.decoder.cell, parameters, "decoder.cell2.");
    m_readoutW = find("readout.W");
    m_readoutB = find("readout.b");
    m_readoutWstate = find("readout.W_state");
    m_readoutWcontext = find("readout.W_context");
    m_readoutWinput = find("readout.W_input");
    m_readoutWhidden = find("readout.W_hidden");
    m_readoutBcontext = find("readout.b_context");
    m_readoutBhidden = find("readout.b_hidden");
}

template <typename T>
Encoding<T> EncoderDecoder<T>::encode(Tape<T>* tape, const TokenBatch& source, const Noise& noise,
                                      MonotonicMode monotonic) const {
    const int B = source.batch(), S = source.positions;
    std::vector<int> byTime, bySentence; // the layers run row s*B + b, attention reads row b*S + s
    for (int s = 0; s < S; ++s)
        for (int b = 0; b < B; ++b) byTime.push_back(source.ids[static_cast<std::size_t>(b * S + s)]);
    for (int b = 0; b < B; ++b)
        for (int s = 0; s < S; ++s) bySentence.push_back(s * B + b);
    Encoding<T> e;
    const Var<T> x = noise.apply(tape, gatherRows(tape, m_sourceEmbedding, byTime), &Noise::embedding);
    e.layers = m_encoder.run(tape, x, source.lengths, noise);
    e.outputs = B == 1 ? e.layers.outputs : gatherRows(tape, e.layers.outputs, bySentence);
    e.memory = m_attention.prepare(tape, e.outputs, e.outputs, B, source.lengths, monotonic);
    if (m_spec.attention.score == Score::None) e.memory.summary = lastStates(tape, e);
    return e;
}

template <typename T>
Var<T> EncoderDecoder<T>::lastStates(Tape<T>* tape, const Encoding<T>& encoding) const {
    const auto& layers = encoding.layers.layers;
    return m_spec.encoder.bidirectional
               ? concatCols(tape, {layers[layers.size() - 2].final.hidden, layers.back().final.hidden})
               : layers.back().final.hidden;
}

/// e of the bridge: see BridgeKind.
template <typename T>
Var<T> EncoderDecoder<T>::bridgeInput(Tape<T>* tape, const Encoding<T>& encoding) const {
    if (m_spec.bridge == BridgeKind::Backward) return encoding.layers.layers.back().final.hidden;
    if (m_spec.bridge == BridgeKind::Last) return lastStates(tape, encoding);
    const AttentionMemory<T>& memory = encoding.memory;
    Matrix<T> share(memory.batch, memory.positions, T(0));
    for (int b = 0; b < memory.batch; ++b) {
        const int length = memory.lengths[static_cast<std::size_t>(b)];
        std::fill(share.row(b), share.row(b) + length, T(1) / static_cast<T>(length));
    }
    return batchedMix(tape, Var<T>(std::move(share)), encoding.outputs, memory.batch);
}

template <typename T>
DecoderState<T> EncoderDecoder<T>::start(Tape<T>* tape, const Encoding<T>& encoding) const {
    DecoderState<T> state;
    const int rows = encoding.memory.batch;
    const auto& layers = encoding.layers.layers;
    const std::size_t ways = m_spec.encoder.bidirectional ? 2 : 1;
    Var<T> e;
    if (m_spec.bridge != BridgeKind::Zero && m_spec.bridge != BridgeKind::Copy)
        e = bridgeInput(tape, encoding);
    for (std::size_t i = 0; i < m_decoder.size(); ++i) {
        CellState<T> first = m_decoder[i].zeroState(rows);
        if (m_spec.bridge == BridgeKind::Copy) {
            List<Var<T>> hidden, cell;
            for (std::size_t way = 0; way < ways; ++way) {
                hidden.push_back(layers[i * ways + way].final.hidden);
                cell.push_back(layers[i * ways + way].final.cell);
            }
            first.hidden = concatCols(tape, hidden);
            if (first.cell.defined()) first.cell = concatCols(tape, cell);
        } else if (e.defined()) {
            first.hidden = tanh(tape, linear(tape, e, m_bridge[i].W, m_bridge[i].b));
            if (first.cell.defined())
                first.cell = tanh(tape, linear(tape, e, m_bridge[i].Wcell, m_bridge[i].bcell));
        }
        state.layers.push_back(first);
    }
    if (m_spec.inputFeeding) state.feed = Var<T>(Matrix<T>(rows, m_spec.featureWidth(), T(0)));
    return state;
}

template <typename T>
Var<T> EncoderDecoder<T>::climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                                std::size_t first, const Noise& noise) const {
    for (std::size_t i = first; i < m_decoder.size(); ++i) {
        if (i > 0) x = noise.apply(tape, x);
        CellResult<T> r = m_decoder[i].step(tape, m_decoder[i].project(tape, x), state.layers[i]);
        x = r.state.hidden;
        step.state.layers.push_back(r.state);
        step.cells.push_back({static_cast<int>(i), false, std::move(r)});
    }
    return x;
}

template <typename T>
DecoderStep<T> EncoderDecoder<T>::step(Tape<T>* tape, const Encoding<T>& encoding,
                                       const DecoderState<T>& state, const std::vector<int>& previous,
                                       const Noise& noise, const Tap<T>& tap) const {
    DecoderStep<T> step;
    const Var<T> y = noise.apply(tape, gatherRows(tape, m_targetEmbedding, previous), &Noise::embedding);
    const auto attend = [&](const Var<T>& query) {
        step.attention = m_attention.attend(tape, encoding.memory, query, state.attention, tap, noise);
        return step.attention.context;
    };
    Var<T> s, c;
    switch (m_spec.order) {
        case AttentionOrder::PreviousState:
            c = attend(state.layers.back().hidden);
            s = climb(tape, step, state, concatCols(tape, {y, c}), 0, noise);
            break;
        case AttentionOrder::CurrentState:
            s = climb(tape, step, state, m_spec.inputFeeding ? concatCols(tape, {y, state.feed}) : y, 0,
                      noise);
            c = attend(s);
            break;
        case AttentionOrder::BetweenCells: {
            const CellResult<T> one = m_decoder[0].step(tape, m_decoder[0].project(tape, y), state.layers[0]);
            c = attend(one.state.hidden);
            const CellResult<T> two = m_secondCell->step(tape, m_secondCell->project(tape, c), one.state);
            step.cells.push_back({0, false, one});
            step.cells.push_back({0, true, two});
            step.state.layers.push_back(two.state);
            s = climb(tape, step, state, two.state.hidden, 1, noise);
            break;
        }
    }
    step.features = noise.apply(tape, readout(tape, s, c, y));
    step.state.attention = step.attention.state;
    if (m_spec.inputFeeding) step.state.feed = step.features;
    return step;
}

template <typename T>
Var<T> EncoderDecoder<T>::readout(Tape<T>* tape, const Var<T>& s, const Var<T>& c, const Var<T>& y) const {
    const auto activate = [&](const Var<T>& x) {
        return m_spec.readout.activation == ReadoutActivation::Maxout ? maxout(tape, x) : tanh(tape, x);
    };
    switch (m_spec.readout.kind) {
        case ReadoutKind::Attentional:
            return tanh(tape, linear(tape, concatCols(tape, {c, s}), m_readoutW, m_readoutB));
        case ReadoutKind::DeepSum:
            return activate(add(
                tape,
                add(tape, linear(tape, s, m_readoutWstate, m_readoutB), linear(tape, c, m_readoutWcontext)),
                linear(tape, y, m_readoutWinput)));
        case ReadoutKind::DeepJoin:
            return activate(linear(tape, concatCols(tape, {s, c, y}), m_readoutW, m_readoutB));
        case ReadoutKind::TwoTanh: {
            const Var<T> inner = tanh(tape, linear(tape, c, m_readoutWcontext, m_readoutBcontext));
            return tanh(tape, linear(tape, inner, m_readoutWhidden, m_readoutBhidden));
        }
        case ReadoutKind::Join:
            return concatCols(tape, {s, c});
        case ReadoutKind::State:
            return s;
    }
    throw Error(ErrorKind::Bug, "a readout without a definition");
}

template <typename T>
Var<T> EncoderDecoder<T>::logits(Tape<T>* tape, const Var<T>& features) const {
    return linear(tape, features, m_outputW, m_outputB);
}

template class EncoderDecoder<float>;
template class EncoderDecoder<double>;

} // namespace attn
