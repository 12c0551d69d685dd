// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/nn/parameters.h"

namespace attn {

class Workers;

/// Adam (Kingma & Ba 2015) over all parameters of a model.
class Adam {
public:
    /// `parameters` are referred to and must outlive this.
    explicit Adam(Parameters<float>& parameters, double beta1 = 0.9, double beta2 = 0.999,
                  double epsilon = 1e-8);

    /// One update from the parameters' gradients, which are scaled by `gradientScale` first; then they are
    /// zeroed. Gradients whose joint norm is above `clip` are scaled down to it (Pascanu 2013). Returns the
    /// norm before clipping; if it is not finite neither values nor gradients are changed. The work is
    /// divided among the workers, where there are any; their number does not change the result.
    double step(double learningRate, double gradientScale, double clip, Workers* workers = nullptr);

    /// The estimates of the gradient's mean and mean square, in the parameters' order, and the updates made.
    const std::vector<Matrix<float>>& mean() const { return m_mean; }
    const std::vector<Matrix<float>>& square() const { return m_square; }
    int updates() const { return m_steps; }
    /// Goes on from stored estimates. Throws Error(Bug) for shapes other than the parameters'.
    void restore(std::vector<Matrix<float>> mean, std::vector<Matrix<float>> square, int updates);

private:
    Parameters<float>& m_parameters;
    std::vector<Matrix<float>> m_mean, m_square;
    double m_beta1, m_beta2, m_epsilon;
    int m_steps = 0;
};

} // namespace attn
