// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/cell.h"

#include "core/autograd/ops_cells.h"
#include "core/nn/activation.h"

namespace attn {

template <typename T>
Cell<T>::Cell(const CellSpec& spec, const Parameters<T>& parameters, const std::string& prefix)
    : m_spec(spec), m_gates(spec.gates()) {
    if (spec.kind == CellKind::Lstmn)
        throw Error(ErrorKind::Argument,
                    prefix +
                        ": a cell of the kind lstmn attends to the earlier states of its "
                        "layer, which an encoder-decoder's decoder does not keep; "
                        "expected elman, gru or lstm here");
    const auto layer = [&](const std::string& side) {
        const auto find = [&](const std::string& name) {
            const std::string full = prefix + name + side;
            return parameters.contains(full) ? parameters[full] : Var<T>();
        };
        return NormalisedLayer<T>{find("W_"), find("b_"),       find("gain_"),   find("shift_"),
                                  spec.norm,  spec.normEpsilon, spec.normParts()};
    };
    m_input = layer("input");
    m_hidden = layer("hidden");
}

template <typename T>
Var<T> Cell<T>::project(Tape<T>* tape, const Var<T>& x) const {
    return m_input.apply(tape, x);
}

template <typename T>
Var<T> Cell<T>::projectSequence(Tape<T>* tape, const Var<T>& x) const {
    return m_input.applyToSequence(tape, x);
}

template <typename T>
Var<T> Cell<T>::projectNothing(Tape<T>* tape, int rows) const {
    return rows == 1 ? m_input.b
                     : gatherRows(tape, m_input.b, std::vector<int>(static_cast<std::size_t>(rows), 0));
}

template <typename T>
CellState<T> Cell<T>::zeroState(int rows) const {
    const auto zeros = [&] { return Var<T>(Matrix<T>(rows, m_spec.width, T(0))); };
    return {zeros(), m_spec.hasCellState() ? zeros() : Var<T>()};
}

template <typename T>
Var<T> Cell<T>::block(Tape<T>* tape, const Var<T>& x, char gate) const {
    return sliceCols(tape, x, blockOf(gate) * m_spec.width, m_spec.width);
}

/// hidden W_hidden_g' + b_hidden_g of one gate alone.
template <typename T>
Var<T> Cell<T>::hiddenBlock(Tape<T>* tape, const Var<T>& hidden, char gate) const {
    const int first = blockOf(gate) * m_spec.width;
    return linear(tape, hidden, sliceRows(tape, m_hidden.W, first, m_spec.width),
                  m_hidden.b.defined() ? sliceCols(tape, m_hidden.b, first, m_spec.width) : Var<T>());
}

template <typename T>
CellResult<T> Cell<T>::gru(Tape<T>* tape, const Var<T>& a, const Var<T>& hidden, Sweep sweep) const {
    const bool tanhs = m_spec.activation == Activation::Tanh;
    const Var<T> u = m_spec.resetAfter ? m_hidden.apply(tape, hidden, sweep) : Var<T>();
    if (m_spec.resetAfter && tanhs) {
        const GruResult<T> r =
            gruCell(tape, a, u, hidden, {blockOf('r'), blockOf('z'), blockOf('n')}, m_spec.updateKeeps);
        return {{r.hidden, {}}, r.gates};
    }
    const auto gate = [&](char name) {
        const Var<T> fromHidden = u.defined() ? block(tape, u, name) : hiddenBlock(tape, hidden, name);
        return sigmoid(tape, add(tape, block(tape, a, name), fromHidden));
    };
    const Var<T> reset = gate('r'), update = gate('z');
    const Var<T> fromHidden = u.defined() ? mul(tape, reset, block(tape, u, 'n'))
                                          : hiddenBlock(tape, mul(tape, reset, hidden), 'n');
    const Var<T> candidate = activate(tape, m_spec.activation, add(tape, block(tape, a, 'n'), fromHidden));
    const Var<T> next =
        m_spec.updateKeeps ? blend(tape, update, hidden, candidate) : blend(tape, update, candidate, hidden);
    return {{next, {}}, concatCols<T>(nullptr, {reset, update, candidate})};
}

template <typename T>
CellResult<T> Cell<T>::lstm(Tape<T>* tape, const Var<T>& a, const CellState<T>& state, Sweep sweep) const {
    const Var<T> u = m_hidden.apply(tape, state.hidden, sweep);
    if (m_spec.activation == Activation::Tanh) {
        const LstmResult<T> r =
            lstmCell(tape, a, u, state.cell, {blockOf('i'), blockOf('f'), blockOf('g'), blockOf('o')});
        return {{r.hidden, r.cell}, r.gates};
    }
    const Var<T> all = add(tape, a, u);
    const Var<T> input = sigmoid(tape, block(tape, all, 'i')), forget = sigmoid(tape, block(tape, all, 'f')),
                 output = sigmoid(tape, block(tape, all, 'o')),
                 candidate = activate(tape, m_spec.activation, block(tape, all, 'g'));
    const Var<T> cell = add(tape, mul(tape, forget, state.cell), mul(tape, input, candidate));
    const Var<T> hidden = mul(tape, output, activate(tape, m_spec.activation, cell));
    return {{hidden, cell}, concatCols<T>(nullptr, {input, forget, candidate, output})};
}

template <typename T>
CellResult<T> Cell<T>::step(Tape<T>* tape, const Var<T>& projected, const CellState<T>& state,
                            Sweep sweep) const {
    switch (m_spec.kind) {
        case CellKind::Elman:
            return {{activate(tape, m_spec.activation,
                              add(tape, projected, m_hidden.apply(tape, state.hidden, sweep))),
                     {}},
                    {}};
        case CellKind::Gru:
            return gru(tape, projected, state.hidden, sweep);
        case CellKind::Lstm:
            return lstm(tape, projected, state, sweep);
        case CellKind::Lstmn:
            break;
    }
    throw Error(ErrorKind::Bug, "a cell without a definition");
}

template class Cell<float>;
template class Cell<double>;

} // namespace attn
