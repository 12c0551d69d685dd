// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/ops.h"

namespace attn {

/// Random perturbations of one training pass. Without a generator, the default, nothing is drawn.
/// Dropout (Srivastava 2014) zeroes an entry with the given probability and scales up the rest.
struct Noise {
    double embedding = 0; ///< dropout of the source's and the target's embeddings
    double layer = 0;     ///< dropout between layers, and of the features that enter the output layer
    double attention =
        0; ///< dropout of the weights that mix the values; those recorded and carried on stay whole
    double monotonic =
        1; ///< standard deviation of the noise added to monotonic attention's energies (Raffel 2017)
    Random* random = nullptr;

    template <typename T>
    Var<T> apply(Tape<T>* tape, const Var<T>& x, double Noise::*rate = &Noise::layer) const {
        return random && this->*rate > 0 ? dropout(tape, x, this->*rate, *random) : x;
    }
};

} // namespace attn
