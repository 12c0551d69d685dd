// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recurrent/recurrent_layer.h"

#include <algorithm>

namespace attn {

namespace {

/// Rows of sentences that have no word at this step keep the state they had.
template <typename T>
void passPadding(Tape<T>* tape, const std::vector<std::uint8_t>& inside, const CellState<T>& before,
                 CellState<T>& state) {
    if (std::find(inside.begin(), inside.end(), 0) == inside.end()) return;
    state.hidden = whereRows(tape, inside, state.hidden, before.hidden);
    if (state.cell.defined()) state.cell = whereRows(tape, inside, state.cell, before.cell);
}

} // namespace

AttentionSpec lstmnAttention(const CellSpec& spec, int inputWidth) {
    AttentionSpec s;
    s.score = Score::Additive;
    s.queryWidth = inputWidth + (spec.query == LstmnQuery::Input ? 0 : spec.width);
    s.keyWidth = spec.width;
    s.valueWidth = 2 * spec.width;
    s.attentionWidth = spec.attentionWidth;
    // The keys are those of earlier steps only, so that a step need not be kept from seeing itself; counted
    // from the start slot, which stands one step before the first, the distances are the same.
    s.scope = Scope::Past;
    s.window = spec.window;
    return s;
}

template <typename T>
RecurrentLayer<T>::RecurrentLayer(const CellSpec& spec, int transitions, const Parameters<T>& parameters,
                                  const std::string& prefix)
    : m_spec(spec), m_cell(spec.stepCell(), transitions, parameters, prefix) {
    if (spec.kind == CellKind::Lstmn)
        m_attention.emplace(lstmnAttention(spec, parameters[prefix + "W_input"].cols()), parameters,
                            prefix + "attention.");
}

template <typename T>
LayerState<T> RecurrentLayer<T>::start(Tape<T>* tape, int rows, const std::vector<int>& attendable) const {
    LayerState<T> state;
    state.cell = m_cell.first().zeroState(rows);
    if (!m_attention) return state;
    const int n = m_spec.width;
    const auto zeros = [](int r, int columns) { return Var<T>(Matrix<T>(r, columns, T(0))); };
    state.mixed = zeros(rows, n);
    state.memory = m_attention->prepare(tape, zeros(0, n), zeros(0, 2 * n), rows,
                                        std::vector<int>(static_cast<std::size_t>(rows), 0));
    if (!m_spec.startSlot) return state;
    state.memory = m_attention->grow(tape, state.memory, zeros(rows, n), zeros(rows, 2 * n), attendable);
    state.attention.time = 1;
    return state;
}

template <typename T>
LayerStep<T> RecurrentLayer<T>::step(Tape<T>* tape, const Var<T>& x, const Var<T>& projected,
                                     const LayerState<T>& state, const Noise& noise, const LayerTap<T>& tap,
                                     const StepPadding& padding, Sweep sweep) const {
    LayerStep<T> r;
    CellState<T> from = state.cell;
    if (m_attention) {
        const int n = m_spec.width;
        const Var<T> query = m_spec.query == LstmnQuery::Input ? x : concatCols(tape, {x, state.mixed});
        r.attention = m_attention->attend(tape, state.memory, query, state.attention, tap.attention, noise);
        from = {sliceCols(tape, r.attention->context, 0, n), sliceCols(tape, r.attention->context, n, n)};
        r.state.mixed = from.hidden;
        r.attended = state.memory;
    }
    const auto keep = [&](CellResult<T> made) {
        if (tap.state) made.state = tap.state(static_cast<int>(r.cells.size()), made.state);
        const CellState<T> on = made.state;
        passPadding(tape, padding.inside, state.cell, made.state);
        r.state.cell = made.state;
        r.cells.push_back(std::move(made));
        return on;
    };
    m_cell.follow(tape, keep(m_cell.first().step(tape, projected, from, sweep)), keep);
    if (m_attention) {
        const CellState<T>& now = r.state.cell;
        r.state.memory = m_attention->grow(tape, state.memory, now.hidden,
                                           concatCols(tape, {now.hidden, now.cell}), padding.attendable);
        r.state.attention = r.attention->state;
    }
    return r;
}

template <typename T>
std::vector<SequenceLayer<T>> RecurrentLayer<T>::run(Tape<T>* tape, const Var<T>& x,
                                                     const std::vector<int>& lengths, bool reversed,
                                                     const Noise& noise,
                                                     const std::function<LayerTap<T>(int)>& taps) const {
    const int batch = static_cast<int>(lengths.size()), positions = x.rows() / batch;
    const bool padded = std::any_of(lengths.begin(), lengths.end(), [&](int n) { return n < positions; });
    const Var<T> projected = m_cell.first().projectSequence(tape, x);
    std::vector<SequenceLayer<T>> cells(static_cast<std::size_t>(1 + m_cell.transitions()));
    for (std::size_t k = 0; k < cells.size(); ++k) {
        cells[k].cell = static_cast<int>(k);
        cells[k].reversed = reversed;
        cells[k].steps.resize(static_cast<std::size_t>(positions));
    }
    if (m_attention) cells.front().attention.resize(static_cast<std::size_t>(positions));
    cells.front().startSlot = m_spec.startSlot;
    // Whether sentence b has a word where step i reads.
    const auto reads = [&](std::size_t b, int i) {
        return i >= 0 && i < positions && (reversed ? positions - 1 - i : i) < lengths[b];
    };
    // A sentence's start slot stands right before its first word: where padding is read first, that is the
    // last padding, whose state is zeros too.
    const auto attendable = [&](int i) {
        std::vector<int> flags;
        for (std::size_t b = 0; padded && m_attention && b < lengths.size(); ++b)
            flags.push_back(reads(b, i) || (m_spec.startSlot && reads(b, i + 1)) ? 1 : 0);
        return flags;
    };
    LayerState<T> state = start(tape, batch, attendable(-1));
    StepPadding padding;
    padding.inside.resize(padded ? lengths.size() : 0);
    for (int i = 0; i < positions; ++i) {
        const int s = reversed ? positions - 1 - i : i;
        for (std::size_t b = 0; b < padding.inside.size(); ++b) padding.inside[b] = reads(b, i) ? 1 : 0;
        padding.attendable = attendable(i);
        LayerStep<T> step =
            this->step(tape, m_attention ? sliceRows(tape, x, s * batch, batch) : x,
                       sliceRows(tape, projected, s * batch, batch), state, noise,
                       taps ? taps(s) : LayerTap<T>(), padding, i % 2 == 0 ? Sweep::Down : Sweep::Up);
        for (std::size_t k = 0; k < cells.size(); ++k) {
            cells[k].final = step.cells[k].state;
            cells[k].steps[static_cast<std::size_t>(s)] = std::move(step.cells[k]);
        }
        if (step.attention) cells.front().attention[static_cast<std::size_t>(s)] = std::move(*step.attention);
        state = std::move(step.state);
    }
    return cells;
}

template <typename T>
Var<T> outputsOf(Tape<T>* tape, const std::vector<SequenceLayer<T>>& cells) {
    List<Var<T>> hidden;
    for (const CellResult<T>& step : cells.back().steps) hidden.push_back(step.state.hidden);
    return concatRows(tape, hidden);
}

template class RecurrentLayer<float>;
template class RecurrentLayer<double>;
template Var<float> outputsOf(Tape<float>*, const std::vector<SequenceLayer<float>>&);
template Var<double> outputsOf(Tape<double>*, const std::vector<SequenceLayer<double>>&);

} // namespace attn
