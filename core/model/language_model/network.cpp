// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/language_model/network.h"

#include <numeric>

#include "core/autograd/ops.h"
#include "core/model/network.h"

namespace attn {

namespace {

const LanguageModelSpec& checked(const LanguageModelSpec& spec) {
    throwFaults(ErrorKind::Argument, "this language model cannot be built:", spec.validate());
    return spec;
}

} // namespace

template <typename T>
LanguageModel<T>::LanguageModel(const LanguageModelSpec& spec, const Parameters<T>& parameters)
    : m_spec(checked(spec)),
      m_embedding(parameters["embedding.W"]),
      m_outputW(parameters[spec.tiedEmbeddings ? "embedding.W" : "output.W"]),
      m_outputB(parameters["output.b"]) {
    for (int i = 0; i < spec.rnn.layers; ++i)
        m_layers.emplace_back(spec.rnn.cell, spec.rnn.transitionsOf(i), parameters,
                              "rnn.layer" + std::to_string(i) + ".");
    if (!spec.attention) return;
    m_attention.emplace(*spec.attention, parameters, "attention.");
    m_readoutContext = parameters["readout.W_context"];
    m_readoutState = parameters["readout.W_state"];
}

template <typename T>
Var<T> LanguageModel<T>::key(Tape<T>* tape, const Var<T>& h) const {
    return m_spec.parts() == 1 ? h : sliceCols(tape, h, 0, m_spec.partWidth());
}

template <typename T>
Var<T> LanguageModel<T>::value(Tape<T>* tape, const Var<T>& h) const {
    return m_spec.parts() == 1 ? h : sliceCols(tape, h, m_spec.partWidth(), m_spec.partWidth());
}

template <typename T>
Var<T> LanguageModel<T>::readout(Tape<T>* tape, const Var<T>& h, const Var<T>& c) const {
    const int d = m_spec.partWidth();
    const Var<T> predict = m_spec.parts() == 1 ? h : sliceCols(tape, h, h.cols() - d, d);
    return tanh(tape, add(tape, linear(tape, c, m_readoutContext), linear(tape, predict, m_readoutState)));
}

template <typename T>
LanguageModelEncoding<T> LanguageModel<T>::encode(Tape<T>*, Input texts, const Noise&, const Taps<T>&) const {
    if (texts < 1)
        throw Error(ErrorKind::Argument,
                    "language model: asked for " + std::to_string(texts) + " texts; expected at least 1");
    Encoding encoding;
    encoding.texts.resize(static_cast<std::size_t>(texts));
    std::iota(encoding.texts.begin(), encoding.texts.end(), 0);
    return encoding;
}

template <typename T>
LanguageModelState<T> LanguageModel<T>::start(Tape<T>* tape, const Encoding& encoding,
                                              const Taps<T>& taps) const {
    const int rows = static_cast<int>(encoding.texts.size());
    State state;
    for (const RecurrentLayer<T>& layer : m_layers) {
        const int i = static_cast<int>(state.layers.size());
        state.layers.push_back(layer.start(tape, rows));
        state.layers.back().cell = taps.state({i, 0, false}, state.layers.back().cell, true);
    }
    if (!m_attention) return state;
    const Var<T> none(Matrix<T>(0, m_spec.partWidth()));
    state.memory = m_attention->prepare(tape, none, none, rows, std::vector<int>(encoding.texts.size(), 0));
    return state;
}

template <typename T>
LanguageModelStep<T> LanguageModel<T>::step(Tape<T>* tape, const Encoding&, const State& state,
                                            const std::vector<int>& previous, const Noise& noise,
                                            const Taps<T>& taps) const {
    Step step;
    Var<T> x = noise.apply(tape, gatherRows(tape, m_embedding, previous), &Noise::embedding);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (i > 0) x = noise.apply(tape, x);
        step.layers.push_back(m_layers[i].step(tape, x, m_layers[i].project(tape, x), state.layers[i], noise,
                                               taps.layer(static_cast<int>(i), SiteKind::DecoderSelf)));
        const LayerState<T>& now = step.layers.back().state;
        x = m_spec.rnn.residual && i > 0 ? add(tape, now.cell.hidden, x) : now.cell.hidden;
        step.state.layers.push_back(now);
    }
    step.features = x;
    if (m_attention) {
        const Tap<T> tap = taps.attention(SiteKind::DecoderSelf, m_spec.rnn.layers - 1);
        step.state.memory = m_attention->grow(tape, state.memory, key(tape, x), value(tape, x));
        step.attention =
            m_attention->attend(tape, step.state.memory, key(tape, x), state.attention, tap, noise);
        step.state.attention = step.attention->state;
        step.features = readout(tape, x, step.attention->context);
    }
    step.features = taps.vector(StepVector::Features, noise.apply(tape, step.features));
    return step;
}

template <typename T>
LanguageModelReading<T> LanguageModel<T>::read(Tape<T>* tape, const std::vector<int>& previous,
                                               const std::vector<int>& lengths, const Noise& noise) const {
    const int B = static_cast<int>(lengths.size());
    if (B == 0 || previous.empty() || static_cast<int>(previous.size()) % B != 0)
        throw Error(ErrorKind::Argument, "language model: " + std::to_string(previous.size()) +
                                             " words do not make " + std::to_string(B) +
                                             " texts of one length; pad the shorter ones");
    const int steps = static_cast<int>(previous.size()) / B;
    std::vector<int> byTime, byText; // the layers run row t*B + b, attention and output row b*T + t
    for (int t = 0; t < steps; ++t)
        for (int b = 0; b < B; ++b) byTime.push_back(previous[static_cast<std::size_t>(b * steps + t)]);
    for (int b = 0; b < B; ++b)
        for (int t = 0; t < steps; ++t) byText.push_back(t * B + b);
    LanguageModelReading<T> r;
    Var<T> x = noise.apply(tape, gatherRows(tape, m_embedding, byTime), &Noise::embedding);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (i > 0) x = noise.apply(tape, x);
        std::vector<SequenceLayer<T>> cells = m_layers[i].run(tape, x, lengths, false, noise);
        const Var<T> up = outputsOf(tape, cells);
        x = m_spec.rnn.residual && i > 0 ? add(tape, up, x) : up;
        for (SequenceLayer<T>& cell : cells) {
            cell.layer = static_cast<int>(i);
            r.layers.push_back(std::move(cell));
        }
    }
    const Var<T> h = B == 1 ? x : gatherRows(tape, x, byText);
    r.features = h;
    if (m_attention) {
        const AttentionMemory<T> memory =
            m_attention->prepare(tape, key(tape, h), value(tape, h), B, lengths);
        r.attention = m_attention->attend(tape, memory, key(tape, h), {}, {}, noise);
        r.features = readout(tape, h, r.attention->context);
    }
    r.features = noise.apply(tape, r.features);
    return r;
}

template <typename T>
Var<T> LanguageModel<T>::logits(Tape<T>* tape, const Var<T>& features) const {
    return linear(tape, features, m_outputW, m_outputB);
}

template <typename T>
Var<T> LanguageModel<T>::output(Tape<T>* tape, const Encoding&, const Step& step, const Taps<T>& taps) const {
    return taps.output(logits(tape, step.features));
}

static_assert(Stepper<LanguageModel<float>, float> && Stepper<LanguageModel<double>, double>);

template class LanguageModel<float>;
template class LanguageModel<double>;

} // namespace attn
