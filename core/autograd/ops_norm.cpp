// SPDX-License-Identifier: GPL-3.0-or-later
#include <numeric>

#include "core/autograd/ops_common.h"

namespace attn {

// With n the normalised x and s = 1 / sqrt(variance + epsilon): dn = g gain,
// dx = s (dn - mean(dn) - n mean(dn n)), dgain = sum of g n over the rows, dshift = sum of g.
template <typename T>
Var<T> layerNorm(Tape<T>* tape, const Var<T>& x, const Var<T>& gain, const Var<T>& shift, double epsilon,
                 const std::vector<int>& parts) {
    const int rows = x.rows(), cols = x.cols();
    requireFit(gain.rows() == 1 && gain.cols() == cols, "layerNorm", x, gain);
    if (shift.defined()) requireFit(shift.rows() == 1 && shift.cols() == cols, "layerNorm", x, shift);
    if (!parts.empty() && std::accumulate(parts.begin(), parts.end(), 0) != cols)
        throw Error(ErrorKind::Argument, "layerNorm: the parts are not all columns of " + shapeText(x));
    const int count = parts.empty() ? 1 : static_cast<int>(parts.size());
    const auto width = [&](int part) { return parts.empty() ? cols : parts[static_cast<std::size_t>(part)]; };
    Matrix<T> normal(rows, cols), inverse(rows, count), out(rows, cols);
    for (int i = 0; i < rows; ++i)
        for (int part = 0, at = 0; part < count; at += width(part++)) {
            const auto in = eigenRows(x.value(), i, 1).middleCols(at, width(part)).array();
            auto to = eigenRows(normal, i, 1).middleCols(at, width(part)).array();
            to = in - in.mean();
            inverse(i, part) = T(1) / std::sqrt(to.square().mean() + static_cast<T>(epsilon));
            to *= inverse(i, part);
        }
    eigen(out).array() = eigen(normal).array().rowwise() * eigen(gain.value()).row(0).array();
    if (shift.defined()) eigen(out).rowwise() += eigen(shift.value()).row(0);
    const bool needs = x.needsGrad() || gain.needsGrad() || (shift.defined() && shift.needsGrad());
    if (!tape || !needs) return Var<T>::computed(std::move(out), false);
    const Var<T> kept(std::move(normal)), scales(std::move(inverse));
    return result(tape, std::move(out), needs,
                  [x, gain, shift, kept, scales, parts, count, cols](const Matrix<T>& g, const auto&) {
                      const auto up = eigen(g).array();
                      const auto normalised = eigen(kept.value()).array();
                      if (gain.needsGrad())
                          eigen(gradOf(gain)).row(0).array() += (up * normalised).colwise().sum();
                      if (shift.defined() && shift.needsGrad())
                          eigen(gradOf(shift)).row(0).array() += up.colwise().sum();
                      if (!x.needsGrad()) return;
                      Matrix<T>& to = gradOf(x);
                      Eigen::Array<T, 1, Eigen::Dynamic> dn;
                      for (int i = 0; i < g.rows(); ++i)
                          for (int part = 0, at = 0; part < count; ++part) {
                              const int n = parts.empty() ? cols : parts[static_cast<std::size_t>(part)];
                              const auto y = normalised.row(i).middleCols(at, n);
                              dn = up.row(i).middleCols(at, n) *
                                   eigen(gain.value()).row(0).middleCols(at, n).array();
                              eigenRows(to, i, 1).middleCols(at, n).array() +=
                                  scales.value()(i, part) * (dn - dn.mean() - y * (dn * y).mean());
                              at += n;
                          }
                  });
}

template Var<float> layerNorm(Tape<float>*, const Var<float>&, const Var<float>&, const Var<float>&, double,
                              const std::vector<int>&);
template Var<double> layerNorm(Tape<double>*, const Var<double>&, const Var<double>&, const Var<double>&,
                               double, const std::vector<int>&);

} // namespace attn
