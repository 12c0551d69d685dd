// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/ops.h"

namespace attn {

/// Dropout for one training pass; the default drops nothing.
struct Noise {
    double rate = 0;
    Random* random = nullptr;

    template <typename T>
    Var<T> apply(Tape<T>* tape, const Var<T>& x) const {
        return random && rate > 0 ? dropout(tape, x, rate, *random) : x;
    }
};

} // namespace attn
