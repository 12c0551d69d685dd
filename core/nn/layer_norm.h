// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/ops.h"
#include "core/nn/cell_spec.h"

namespace attn {

/// A product with its layer normalisation: W out x in, b, gain and shift 1 x out; b and shift may be
/// undefined, gain is for a place other than None.
template <typename T>
struct NormalisedLayer {
    Var<T> W, b, gain, shift;
    NormPlace place = NormPlace::None;
    double epsilon = 1e-5;
    std::vector<int> parts = {}; ///< normalised apart, as layerNorm() has it

    /// x W' + b with the normalisation where NormPlace says.
    Var<T> apply(Tape<T>* tape, const Var<T>& x, Sweep sweep = Sweep::Down) const {
        return normalised(tape, linear(tape, x, W, place == NormPlace::BeforeBias ? Var<T>() : b, sweep));
    }
    /// The same for all positions of a sequence at once (linearOfSequence).
    Var<T> applyToSequence(Tape<T>* tape, const Var<T>& x) const {
        return normalised(tape, linearOfSequence(tape, x, W, place == NormPlace::BeforeBias ? Var<T>() : b));
    }

    /// What apply() makes of the product.
    Var<T> normalised(Tape<T>* tape, const Var<T>& y) const {
        if (place == NormPlace::None) return y;
        return layerNorm(tape, y, gain, place == NormPlace::BeforeBias ? b : shift, epsilon, parts);
    }
};

} // namespace attn
