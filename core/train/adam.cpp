// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/adam.h"

#include <cmath>

#include "core/autograd/eigen_map.h"

namespace attn {

Adam::Adam(const Parameters<float>& parameters, double beta1, double beta2, double epsilon)
    : m_beta1(beta1), m_beta2(beta2), m_epsilon(epsilon) {
    for (const auto& entry : parameters.entries()) {
        m_variables.push_back(entry.var);
        m_mean.emplace_back(entry.var.rows(), entry.var.cols(), 0.0f);
        m_square.emplace_back(entry.var.rows(), entry.var.cols(), 0.0f);
    }
}

double Adam::step(double learningRate, double gradientScale, double clip) {
    double squares = 0;
    for (const Var<float>& x : m_variables) squares += eigen(x.grad()).cast<double>().squaredNorm();
    const double norm = std::sqrt(squares) * gradientScale;
    if (std::isfinite(norm)) {
        ++m_steps;
        const auto scale = static_cast<float>(gradientScale * (norm > clip ? clip / norm : 1));
        const auto rate = static_cast<float>(learningRate * std::sqrt(1 - std::pow(m_beta2, m_steps)) /
                                             (1 - std::pow(m_beta1, m_steps)));
        const auto b1 = static_cast<float>(m_beta1), b2 = static_cast<float>(m_beta2),
                   epsilon = static_cast<float>(m_epsilon);
        for (std::size_t i = 0; i < m_variables.size(); ++i) {
            const auto g = eigen(m_variables[i].grad()).array() * scale;
            auto mean = eigen(m_mean[i]).array();
            auto square = eigen(m_square[i]).array();
            mean = b1 * mean + (1 - b1) * g;
            square = b2 * square + (1 - b2) * g.square();
            eigen(m_variables[i].mutableValue()).array() -= rate * mean / (square.sqrt() + epsilon);
        }
    }
    for (const Var<float>& x : m_variables) eigen(x.grad()).setZero();
    return norm;
}

} // namespace attn
