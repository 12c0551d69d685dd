// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder.h"

#include "core/autograd/ops.h"
#include "core/model/network.h"
#include "core/nn/activation.h"

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
        m_decoder.emplace_back(spec.decoder.cell, spec.decoder.transitionsOf(i), parameters,
                               "decoder." + layer);
        const std::string at = parameters.contains("bridge.W") ? "bridge." : "bridge." + layer;
        const auto bridge = [&](const std::string& part) {
            return NormalisedLayer<T>{find(at + "W" + part), find(at + "b" + part), find(at + "gain"),
                                      find(at + "shift"),    spec.bridgeNorm,       spec.bridgeNormEpsilon};
        };
        m_bridge.push_back({bridge(""), bridge("_cell")});
    }
    if (spec.order == AttentionOrder::BetweenCells)
        m_secondCell.emplace(spec.decoder.cell, parameters, "decoder.cell2.");
    if (spec.copy == CopyKind::Own)
        m_copyAttention.emplace(spec.copyAttentionSpec(), parameters, "copy.attention.");
    m_inputW = find("decoder.input.W");
    m_inputB = find("decoder.input.b");
    m_readoutW = find("readout.W");
    m_readoutB = find("readout.b");
    const auto part = [&](const std::string& name) {
        return NormalisedLayer<T>{
            find("readout.W_" + name),     find("readout.b_" + name), find("readout.gain_" + name),
            find("readout.shift_" + name), spec.readout.norm,         spec.readout.normEpsilon};
    };
    m_readoutState = part("state");
    m_readoutContext = part("context");
    m_readoutInput = part("input");
    m_readoutHidden = part("hidden");
    if (spec.readout.kind == ReadoutKind::DeepSum && m_readoutB.defined()) m_readoutState.b = m_readoutB;
    m_gate = part("gate");
    m_gateSource = part("source");
    m_gateTarget = part("target");
    m_projectionW = find("readout.W_projection");
    m_projectionB = find("readout.b_projection");
    m_copyW = find("copy.W");
    m_copyB = find("copy.b");
}

template <typename T>
attn::Encoding<T> EncoderDecoder<T>::encode(Tape<T>* tape, const TokenBatch& source, const Noise& noise,
                                            MonotonicMode monotonic) const {
    const int B = source.batch(), S = source.positions;
    std::vector<int> byTime, bySentence; // the layers run row s*B + b, attention reads row b*S + s
    for (int s = 0; s < S; ++s)
        for (int b = 0; b < B; ++b) byTime.push_back(source.ids[static_cast<std::size_t>(b * S + s)]);
    for (int b = 0; b < B; ++b)
        for (int s = 0; s < S; ++s) bySentence.push_back(s * B + b);
    Encoding e;
    const Var<T> x = noise.apply(tape, gatherRows(tape, m_sourceEmbedding, byTime), &Noise::embedding);
    e.layers = m_encoder.run(tape, x, source.lengths, noise);
    e.outputs = B == 1 ? e.layers.outputs : gatherRows(tape, e.layers.outputs, bySentence);
    std::vector<int> lengths = source.lengths;
    if (m_spec.attention.allPositions) {
        const int all = m_attention.positionsFor(S);
        std::vector<int> padded;
        for (int b = 0; b < B; ++b)
            for (int s = 0; s < all; ++s)
                padded.push_back(s < lengths[static_cast<std::size_t>(b)] ? b * S + s : -1);
        e.outputs = gatherRows(tape, e.outputs, padded);
        lengths.assign(lengths.size(), all);
    }
    e.memory = m_attention.prepare(tape, e.outputs, e.outputs, B, lengths, monotonic);
    if (m_spec.attention.score == Score::None)
        e.memory.summary = lastStates(tape, e, m_spec.encoder.layers - 1, &CellState<T>::hidden);
    if (m_copyAttention) e.copyMemory = m_copyAttention->prepare(tape, e.outputs, e.outputs, B, lengths);
    if (m_spec.copy != CopyKind::None) {
        e.copies = {source.copyIds, source.extraWords, m_spec.copyBlocked.value_or(-1)};
        e.copies.ids.resize(static_cast<std::size_t>(B * S), -1);
    }
    return e;
}

template <typename T>
Var<T> EncoderDecoder<T>::lastStates(Tape<T>* tape, const Encoding& encoding, int layer, Part part) const {
    const Var<T>& forward = encoding.layers.final(layer, false).*part;
    return m_spec.encoder.hasBackward(layer)
               ? concatCols(tape, {forward, encoding.layers.final(layer, true).*part})
               : forward;
}

template <typename T>
List<Var<T>> EncoderDecoder<T>::allLastStates(const Encoding& encoding, Part part) const {
    List<Var<T>> all;
    for (int i = 0; i < m_spec.encoder.layers; ++i) {
        all.push_back(encoding.layers.final(i, false).*part);
        if (m_spec.encoder.hasBackward(i)) all.push_back(encoding.layers.final(i, true).*part);
    }
    return all;
}

/// e of the bridges last, backward, mean and first: see BridgeKind.
template <typename T>
Var<T> EncoderDecoder<T>::bridgeInput(Tape<T>* tape, const Encoding& encoding) const {
    const int top = m_spec.encoder.layers - 1;
    if (m_spec.bridge == BridgeKind::Backward) return encoding.layers.final(top, true).hidden;
    if (m_spec.bridge != BridgeKind::Mean) return lastStates(tape, encoding, top, &CellState<T>::hidden);
    const AttentionMemory<T>& memory = encoding.memory;
    Matrix<T> share(memory.batch, memory.positions, T(0));
    for (int b = 0; b < memory.batch; ++b) {
        const int length = memory.lengths[static_cast<std::size_t>(b)];
        std::fill(share.row(b), share.row(b) + length, T(1) / static_cast<T>(length));
    }
    return batchedMix(tape, Var<T>(std::move(share)), encoding.outputs, memory.batch);
}

template <typename T>
List<Var<T>> EncoderDecoder<T>::firstStates(Tape<T>* tape, const Encoding& encoding, Part part) const {
    const bool forCell = part == &CellState<T>::cell;
    const int n = m_spec.decoder.cell.width;
    const auto through = [&](std::size_t layer, const Var<T>& e) {
        const Bridge& bridge = m_bridge[layer];
        return activate(tape, m_spec.bridgeActivation,
                        (forCell ? bridge.cell : bridge.hidden).apply(tape, e));
    };
    List<Var<T>> states;
    switch (m_spec.bridge) {
        case BridgeKind::Zero:
            for (std::size_t i = 0; i < m_decoder.size(); ++i)
                states.push_back(Var<T>(Matrix<T>(encoding.memory.batch, n, T(0))));
            break;
        case BridgeKind::Copy:
        case BridgeKind::Layers:
            for (std::size_t i = 0; i < m_decoder.size(); ++i) {
                states.push_back(lastStates(tape, encoding, static_cast<int>(i), part));
                if (m_spec.bridge == BridgeKind::Layers) states.back() = through(i, states.back());
            }
            break;
        case BridgeKind::Last:
        case BridgeKind::Backward:
        case BridgeKind::Mean: {
            const Var<T> e = bridgeInput(tape, encoding);
            for (std::size_t i = 0; i < m_decoder.size(); ++i)
                states.push_back(i > 0 && m_spec.bridgeShared ? states.front() : through(i, e));
            break;
        }
        case BridgeKind::Flat: {
            const Var<T> all = concatCols(tape, allLastStates(encoding, part));
            const int width = m_bridge.front().hidden.W.cols();
            List<Var<T>> parts;
            for (int at = 0; at < all.cols(); at += width)
                parts.push_back(through(0, sliceCols(tape, all, at, width)));
            const Var<T> joined = concatCols(tape, parts);
            for (std::size_t i = 0; i < m_decoder.size(); ++i)
                states.push_back(sliceCols(tape, joined, static_cast<int>(i) * n, n));
            break;
        }
        case BridgeKind::First: {
            const Var<T> e = lastStates(tape, encoding, m_spec.encoder.layers - 1, part);
            for (std::size_t i = 0; i < m_decoder.size(); ++i)
                states.push_back(i > 0 ? states.front() : e.cols() == n ? e : sliceCols(tape, e, 0, n));
            break;
        }
        case BridgeKind::InOrder:
            states = allLastStates(encoding, part);
            states.resize(m_decoder.size());
            break;
    }
    return states;
}

template <typename T>
DecoderState<T> EncoderDecoder<T>::start(Tape<T>* tape, const Encoding& encoding) const {
    DecoderState<T> state;
    const List<Var<T>> hidden = firstStates(tape, encoding, &CellState<T>::hidden);
    List<Var<T>> cell;
    if (m_spec.decoder.cell.kind == CellKind::Lstm)
        cell = m_spec.bridgeCell == BridgeCell::Hidden ? hidden
                                                       : firstStates(tape, encoding, &CellState<T>::cell);
    for (std::size_t i = 0; i < m_decoder.size(); ++i)
        state.layers.push_back({hidden[i], cell.empty() ? Var<T>() : cell[i]});
    if (m_spec.inputFeeding)
        state.feed = Var<T>(Matrix<T>(encoding.memory.batch, m_spec.featureWidth(), T(0)));
    return state;
}

template <typename T>
Var<T> EncoderDecoder<T>::finishLayer(Tape<T>* tape, DecoderStep<T>& step, std::size_t layer) const {
    int cell = step.cells.back().cell;
    const CellState<T> made = step.cells.back().result.state;
    const CellState<T> last = m_decoder[layer].follow(tape, made, [&](CellResult<T> result) {
        step.cells.push_back({static_cast<int>(layer), ++cell, std::move(result)});
    });
    step.state.layers.push_back(last);
    return last.hidden;
}

template <typename T>
Var<T> EncoderDecoder<T>::climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                                std::size_t first, const Noise& noise) const {
    for (std::size_t i = first; i < m_decoder.size(); ++i) {
        if (i > 0) x = noise.apply(tape, x);
        const Cell<T>& cell = m_decoder[i].first();
        step.cells.push_back(
            {static_cast<int>(i), 0, cell.step(tape, cell.project(tape, x), state.layers[i])});
        const Var<T> up = finishLayer(tape, step, i);
        x = m_spec.decoder.residual && i > 0 ? add(tape, up, x) : up;
    }
    return x;
}

template <typename T>
DecoderStep<T> EncoderDecoder<T>::step(Tape<T>* tape, const Encoding& encoding, const DecoderState<T>& state,
                                       const std::vector<int>& previous, const Noise& noise,
                                       const Tap<T>& tap) const {
    DecoderStep<T> step;
    const Var<T> y = noise.apply(tape, gatherRows(tape, m_targetEmbedding, previous), &Noise::embedding);
    const auto attend = [&](const Var<T>& query) {
        step.attention = m_attention.attend(tape, encoding.memory, query, state.attention, tap, noise);
        return step.attention.context;
    };
    Var<T> s, c, x = y;
    switch (m_spec.order) {
        case AttentionOrder::PreviousState: {
            const Var<T>& before = state.layers.back().hidden;
            c = attend(m_spec.queryInput ? concatCols(tape, {y, before}) : before);
            x = concatCols(tape, {y, c});
            if (m_inputW.defined())
                x = step.input =
                    activate(tape, m_spec.inputLayer.activation, linear(tape, x, m_inputW, m_inputB));
            s = climb(tape, step, state, x, 0, noise);
            break;
        }
        case AttentionOrder::CurrentState:
            if (m_spec.inputFeeding) x = concatCols(tape, {y, state.feed});
            s = climb(tape, step, state, x, 0, noise);
            c = attend(s);
            break;
        case AttentionOrder::BetweenCells: {
            const Cell<T>& one = m_decoder[0].first();
            step.cells.push_back({0, 0, one.step(tape, one.project(tape, y), state.layers[0])});
            const CellState<T> between = step.cells.back().result.state;
            c = attend(between.hidden);
            step.cells.push_back({0, 1, m_secondCell->step(tape, m_secondCell->project(tape, c), between)});
            s = climb(tape, step, state, finishLayer(tape, step, 0), 1, noise);
            break;
        }
    }
    step.features = noise.apply(tape, readout(tape, step, s, c, y, x));
    step.state.attention = step.attention.state;
    if (m_spec.inputFeeding) step.state.feed = step.features;
    if (m_spec.copy != CopyKind::None) {
        step.copy = copy(tape, encoding, state, step);
        step.state.copyAttention = step.copy.attention.state;
    }
    return step;
}

template <typename T>
CopyResult<T> EncoderDecoder<T>::copy(Tape<T>* tape, const Encoding& encoding, const DecoderState<T>& state,
                                      const DecoderStep<T>& step) const {
    CopyResult<T> r;
    r.gate = sigmoid(tape, linear(tape, step.features, m_copyW, m_copyB));
    if (m_copyAttention)
        r.attention = m_copyAttention->attend(tape, *encoding.copyMemory, step.features, state.copyAttention);
    const auto& heads = (m_copyAttention ? r.attention : step.attention).heads;
    r.weights = heads.front().factors.weights;
    for (std::size_t h = 1; h < heads.size(); ++h) r.weights = add(tape, r.weights, heads[h].factors.weights);
    if (heads.size() > 1) r.weights = scale(tape, r.weights, 1.0 / static_cast<double>(heads.size()));
    return r;
}

template <typename T>
Var<T> EncoderDecoder<T>::readout(Tape<T>* tape, DecoderStep<T>& step, const Var<T>& s, const Var<T>& c,
                                  const Var<T>& y, const Var<T>& x) const {
    const auto act = [&](const Var<T>& z) {
        switch (m_spec.readout.activation) {
            case ReadoutActivation::Tanh:
                return tanh(tape, z);
            case ReadoutActivation::Maxout:
                return maxout(tape, z);
            case ReadoutActivation::Relu:
                return relu(tape, z);
            case ReadoutActivation::Sigmoid:
                return sigmoid(tape, z);
            case ReadoutActivation::Identity:
                return z;
        }
        return z;
    };
    switch (m_spec.readout.kind) {
        case ReadoutKind::Attentional: {
            const Var<T> o = act(linear(tape, concatCols(tape, {c, s}), m_readoutW, m_readoutB));
            const ContextGate gate = m_spec.readout.contextGate;
            if (gate == ContextGate::None) return o;
            const Var<T> z = step.contextGate =
                sigmoid(tape, m_gate.apply(tape, concatCols(tape, {x, s, o})));
            const Var<T> p = m_gateTarget.apply(tape, concatCols(tape, {x, s})),
                         r = m_gateSource.apply(tape, o);
            if (gate == ContextGate::Source) return tanh(tape, add(tape, p, mul(tape, z, r)));
            if (gate == ContextGate::Target) return tanh(tape, add(tape, mul(tape, z, p), r));
            return tanh(tape, blend(tape, z, r, p));
        }
        case ReadoutKind::DeepSum:
            return act(add(tape, add(tape, m_readoutState.apply(tape, s), m_readoutContext.apply(tape, c)),
                           m_readoutInput.apply(tape, y)));
        case ReadoutKind::DeepJoin:
            return act(linear(tape, concatCols(tape, {s, c, y}), m_readoutW, m_readoutB));
        case ReadoutKind::TwoTanh:
            return tanh(tape, m_readoutHidden.apply(tape, tanh(tape, m_readoutContext.apply(tape, c))));
        case ReadoutKind::Join:
            return concatCols(tape, {s, c});
        case ReadoutKind::JoinInput:
            return concatCols(tape, {s, c, y});
        case ReadoutKind::State:
            return s;
    }
    throw Error(ErrorKind::Bug, "a readout without a definition");
}

template <typename T>
Var<T> EncoderDecoder<T>::logits(Tape<T>* tape, const Var<T>& features) const {
    return linear(tape,
                  m_projectionW.defined() ? linear(tape, features, m_projectionW, m_projectionB) : features,
                  m_outputW, m_outputB);
}

template <typename T>
Var<T> EncoderDecoder<T>::output(Tape<T>* tape, const Encoding& encoding, const DecoderStep<T>& step) const {
    const Var<T> words = logits(tape, step.features);
    return m_spec.copy == CopyKind::None
               ? words
               : copyMixture(tape, words, step.copy.gate, step.copy.weights, encoding.copies);
}

template class EncoderDecoder<float>;
template class EncoderDecoder<double>;
static_assert(Stepper<EncoderDecoder<float>, float> && Stepper<EncoderDecoder<double>, double>);

} // namespace attn
