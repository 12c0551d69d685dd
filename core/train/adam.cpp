// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/adam.h"

#include <cmath>

#include "core/autograd/eigen_map.h"
#include "core/base/error.h"
#include "core/train/workers.h"

namespace attn {

namespace {

using Array = Eigen::Map<Eigen::ArrayXf>;

Array part(Matrix<float>& m, const ParameterRange& range) {
    return {m.data() + range.first, static_cast<Eigen::Index>(range.count)};
}

} // namespace

Adam::Adam(Parameters<float>& parameters, double beta1, double beta2, double epsilon)
    : m_parameters(parameters), m_beta1(beta1), m_beta2(beta2), m_epsilon(epsilon) {
    for (const auto& entry : parameters.entries()) {
        m_mean.emplace_back(entry.var.rows(), entry.var.cols(), 0.0f);
        m_square.emplace_back(entry.var.rows(), entry.var.cols(), 0.0f);
    }
}

double Adam::step(double learningRate, double gradientScale, double clip, Workers* workers) {
    const std::vector<ParameterRange> ranges = parameterRanges(m_parameters);
    const auto divided = [&](const std::function<void(std::size_t)>& work) {
        if (workers)
            workers->each(ranges.size(), work);
        else
            for (std::size_t i = 0; i < ranges.size(); ++i) work(i);
    };
    const auto entries = m_parameters.entries();
    for (auto& entry : entries) entry.var.mutableGrad();
    std::vector<double> squares(ranges.size());
    divided([&](std::size_t i) {
        Matrix<float>& gradient = entries[ranges[i].parameter].var.mutableGrad();
        squares[i] = part(gradient, ranges[i]).matrix().cast<double>().squaredNorm();
    });
    double total = 0;
    for (const double s : squares) total += s;
    const double norm = std::sqrt(total) * gradientScale;
    if (!std::isfinite(norm)) return norm;
    ++m_steps;
    const auto scale = static_cast<float>(gradientScale * (norm > clip ? clip / norm : 1));
    const auto rate = static_cast<float>(learningRate * std::sqrt(1 - std::pow(m_beta2, m_steps)) /
                                         (1 - std::pow(m_beta1, m_steps)));
    const auto b1 = static_cast<float>(m_beta1), b2 = static_cast<float>(m_beta2),
               epsilon = static_cast<float>(m_epsilon);
    divided([&](std::size_t i) {
        const ParameterRange& range = ranges[i];
        Leaf<float>& x = entries[range.parameter].var;
        Array gradient = part(x.mutableGrad(), range);
        const auto g = gradient * scale;
        Array mean = part(m_mean[range.parameter], range), square = part(m_square[range.parameter], range);
        mean = b1 * mean + (1 - b1) * g;
        square = b2 * square + (1 - b2) * g.square();
        part(x.mutableValue(), range) -= rate * mean / (square.sqrt() + epsilon);
        gradient.setZero();
    });
    return norm;
}

void Adam::restore(std::vector<Matrix<float>> mean, std::vector<Matrix<float>> square, int updates) {
    for (const auto* stored : {&mean, &square})
        for (std::size_t i = 0; i < m_mean.size(); ++i)
            if (stored->size() != m_mean.size() || (*stored)[i].rows() != m_mean[i].rows() ||
                (*stored)[i].cols() != m_mean[i].cols())
                throw Error(ErrorKind::Bug, "Adam's estimates have other shapes than the parameters");
    m_mean = std::move(mean);
    m_square = std::move(square);
    m_steps = updates;
}

} // namespace attn
