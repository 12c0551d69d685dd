// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/nn/parameters.h"

namespace attn {

/// Adam (Kingma & Ba 2015) over all parameters of a model.
class Adam {
public:
    explicit Adam(const Parameters<float>& parameters, double beta1 = 0.9, double beta2 = 0.999,
                  double epsilon = 1e-8);

    /// One update from the parameters' gradients, which are scaled by `gradientScale` first; then they are
    /// zeroed. Gradients whose joint norm is above `clip` are scaled down to it (Pascanu 2013). Returns the
    /// norm before clipping; if it is not finite nothing is changed.
    double step(double learningRate, double gradientScale, double clip);

private:
    std::vector<Var<float>> m_variables;
    std::vector<Matrix<float>> m_mean, m_square;
    double m_beta1, m_beta2, m_epsilon;
    int m_steps = 0;
};

} // namespace attn
