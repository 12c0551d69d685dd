// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/ops_copy.h"

#include "core/autograd/ops_common.h"

namespace attn {

namespace {
constexpr double kLeastProbability = 1e-30;
} // namespace

// With P = softmax(z) and dq = g / q: dp = sum of a_j dq_(id_j) - sum of P_w dq_w, da_j = p dq_(id_j),
// dP = (1 - p) dq, dz = P (dP - sum of P dP).
template <typename T>
Var<T> copyMixture(Tape<T>* tape, const Var<T>& logits, const Var<T>& p, const Var<T>& weights,
                   const CopyTargets& targets) {
    const int n = logits.rows(), V = logits.cols(), S = weights.cols(), all = V + targets.extra;
    requireFit(p.rows() == n && p.cols() == 1, "copyMixture", logits, p);
    requireFit(weights.rows() == n, "copyMixture", logits, weights);
    if (targets.ids.size() != weights.value().size())
        throw Error(ErrorKind::Argument, "copyMixture: " + std::to_string(targets.ids.size()) +
                                             " words for weights of " + shapeText(weights));
    const auto idAt = [S](const CopyTargets& of, int row, int j) {
        return of
            .ids[static_cast<std::size_t>(row) * static_cast<std::size_t>(S) + static_cast<std::size_t>(j)];
    };
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < S; ++j)
            if (idAt(targets, i, j) < -1 || idAt(targets, i, j) >= all)
                throw Error(ErrorKind::Argument, "copyMixture: word " + std::to_string(idAt(targets, i, j)) +
                                                     " of " + std::to_string(all));
    Matrix<T> generated(n, V), mixed(n, all, T(0));
    for (int i = 0; i < n; ++i) {
        auto row = eigenRows(generated, i, 1).array();
        row = eigenRows(logits.value(), i, 1).array();
        if (targets.blocked >= 0) row(targets.blocked) = -std::numeric_limits<T>::infinity();
        row = (row - row.maxCoeff()).exp();
        row /= row.sum();
        const T copies = p.value()(i, 0);
        eigenRows(mixed, i, 1).leftCols(V).array() = (T(1) - copies) * row;
        for (int j = 0; j < S; ++j)
            if (const int id = idAt(targets, i, j); id >= 0) mixed(i, id) += copies * weights.value()(i, j);
    }
    Matrix<T> out(n, all);
    eigen(out).array() = eigen(mixed).array().max(static_cast<T>(kLeastProbability)).log();
    const bool needs = logits.needsGrad() || p.needsGrad() || weights.needsGrad();
    if (!tape || !needs) return Var<T>::computed(std::move(out), false);
    const Var<T> P(std::move(generated)), q(std::move(mixed));
    return result(tape, std::move(out), needs, [=](const Matrix<T>& g, const auto&) {
        Eigen::Array<T, 1, Eigen::Dynamic> dq, dP;
        for (int i = 0; i < n; ++i) {
            const auto mixture = eigenRows(q.value(), i, 1).array();
            const auto generator = eigenRows(P.value(), i, 1).array();
            dq = (mixture > static_cast<T>(kLeastProbability))
                     .select(eigenRows(g, i, 1).array() / mixture, T(0));
            const T copies = p.value()(i, 0);
            T dp = -(generator * dq.head(V)).sum();
            for (int j = 0; j < S; ++j) {
                const int word = idAt(targets, i, j);
                if (word < 0) continue;
                dp += weights.value()(i, j) * dq(word);
                if (weights.needsGrad()) gradOf(weights)(i, j) += copies * dq(word);
            }
            if (p.needsGrad()) gradOf(p)(i, 0) += dp;
            if (!logits.needsGrad()) continue;
            dP = (T(1) - copies) * dq.head(V);
            eigenRows(gradOf(logits), i, 1).array() += generator * (dP - (generator * dP).sum());
        }
    });
}

template Var<float> copyMixture(Tape<float>*, const Var<float>&, const Var<float>&, const Var<float>&,
                                const CopyTargets&);
template Var<double> copyMixture(Tape<double>*, const Var<double>&, const Var<double>&, const Var<double>&,
                                 const CopyTargets&);

} // namespace attn
