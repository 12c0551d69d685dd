// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/var.h"

/// The elementwise part of recurrent cells, each in one pass. Rows are sentences of a batch; n units; a and u
/// are what input and hidden state contribute, G blocks of n columns. Equations at CellSpec
/// (core/nn/cell_spec.h).
namespace attn {

/// Which block of a and u is which gate of a gru, from 0.
struct GruBlocks {
    int reset = 0, update = 1, candidate = 2;
};
/// The same for an lstm.
struct LstmBlocks {
    int input = 0, forget = 1, candidate = 2, output = 3;
};

template <typename T>
struct GruResult {
    Var<T> hidden;
    Var<T> gates; ///< [reset, update, candidate], rows x 3n; carries no gradient
};
/// r = sigmoid(a_r + u_r), z = sigmoid(a_z + u_z), c = tanh(a_c + r u_c);
/// h' = z h + (1 - z) c if updateKeeps, else (1 - z) h + z c.
template <typename T>
GruResult<T> gruCell(Tape<T>* tape, const Var<T>& a, const Var<T>& u, const Var<T>& hidden, GruBlocks blocks,
                     bool updateKeeps);

template <typename T>
struct LstmResult {
    Var<T> hidden, cell;
    Var<T> gates; ///< [input, forget, candidate, output], rows x 4n; carries no gradient
};
/// i, f, o = sigmoid(a + u), g = tanh(a_g + u_g); c' = f c + i g; h' = o tanh(c').
template <typename T>
LstmResult<T> lstmCell(Tape<T>* tape, const Var<T>& a, const Var<T>& u, const Var<T>& cell,
                       LstmBlocks blocks);

} // namespace attn
