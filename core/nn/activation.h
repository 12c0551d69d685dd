// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/ops.h"
#include "core/nn/cell_spec.h"

namespace attn {

/// The named function of each entry.
template <typename T>
Var<T> activate(Tape<T>* tape, Activation kind, const Var<T>& x) {
    switch (kind) {
        case Activation::Tanh:
            return tanh(tape, x);
        case Activation::Relu:
            return relu(tape, x);
        case Activation::Sigmoid:
            return sigmoid(tape, x);
        case Activation::Identity:
            return x;
    }
    return x;
}

} // namespace attn
