// SPDX-License-Identifier: GPL-3.0-or-later
// Operations within each sentence of a batch, for attention.
#include <cmath>

#include "core/autograd/ops_common.h"

namespace attn {

namespace {

/// How many queries and keys each sentence of the batch has.
struct Blocks {
    int batch, queries, keys;
};

template <typename T>
Blocks blocksOf(const char* operation, const Var<T>& queries, const Var<T>& keys, int batch) {
    requireFit(batch > 0 && queries.rows() % batch == 0 && keys.rows() % batch == 0, operation, queries,
               keys);
    return {batch, queries.rows() / batch, keys.rows() / batch};
}

} // namespace

template <typename T>
Var<T> batchedScores(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, int batch) {
    requireFit(queries.cols() == keys.cols(), "scores", queries, keys);
    const Blocks n = blocksOf("scores", queries, keys, batch);
    Matrix<T> e(queries.rows(), n.keys);
    for (int b = 0; b < n.batch; ++b)
        eigenRows(e, b * n.queries, n.queries).noalias() =
            eigenRows(queries.value(), b * n.queries, n.queries) *
            eigenRows(keys.value(), b * n.keys, n.keys).transpose();
    return result(tape, std::move(e), queries.needsGrad() || keys.needsGrad(),
                  [queries, keys, n](const Matrix<T>& g, const auto&) {
                      for (int b = 0; b < n.batch; ++b) {
                          const auto up = eigenRows(g, b * n.queries, n.queries);
                          if (queries.needsGrad())
                              eigenRows(gradOf(queries), b * n.queries, n.queries).noalias() +=
                                  up * eigenRows(keys.value(), b * n.keys, n.keys);
                          if (keys.needsGrad())
                              eigenRows(gradOf(keys), b * n.keys, n.keys).noalias() +=
                                  up.transpose() * eigenRows(queries.value(), b * n.queries, n.queries);
                      }
                  });
}

// c = x / |x| by rows;  dx = (dc - c (c . dc)) / |x|
template <typename T>
static Var<T> unitRows(Tape<T>* tape, const Var<T>& x) {
    Matrix<T> unit(x.rows(), x.cols());
    List<T> inverse(static_cast<std::size_t>(x.rows()));
    for (int i = 0; i < x.rows(); ++i) {
        const T norm = eigenRows(x.value(), i, 1).norm();
        inverse[static_cast<std::size_t>(i)] = norm > T(0) ? T(1) / norm : T(0);
        eigenRows(unit, i, 1) = eigenRows(x.value(), i, 1) * inverse[static_cast<std::size_t>(i)];
    }
    return result(tape, std::move(unit), x.needsGrad(), [x, inverse](const Matrix<T>& g, const Matrix<T>& c) {
        for (int i = 0; i < g.rows(); ++i) {
            const auto up = eigenRows(g, i, 1), unitRow = eigenRows(c, i, 1);
            eigenRows(gradOf(x), i, 1) +=
                (up - unitRow * up.cwiseProduct(unitRow).sum()) * inverse[static_cast<std::size_t>(i)];
        }
    });
}

template <typename T>
Var<T> batchedCosine(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, int batch) {
    return batchedScores(tape, unitRows(tape, queries), unitRows(tape, keys), batch);
}

// e_tj = v . h_tj, h_tj = tanh(q_t + k_j + cov_tj w)
// with d_tj = de_tj v (1 - h_tj^2):  dq_t = sum_j d_tj, dk_j = sum_t d_tj, dv = sum de_tj h_tj,
// dcov_tj = d_tj . w, dw = sum cov_tj d_tj
template <typename T>
AdditiveScores<T> batchedAdditive(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, const Var<T>& v,
                                  int batch, const Var<T>& coverage, const Var<T>& wCoverage) {
    requireFit(queries.cols() == keys.cols(), "additive scores", queries, keys);
    requireFit(v.rows() == 1 && v.cols() == keys.cols(), "additive scores", v, keys);
    const Blocks n = blocksOf("additive scores", queries, keys, batch);
    const bool covered = coverage.defined();
    if (covered) {
        requireFit(coverage.rows() == queries.rows() && coverage.cols() == n.keys, "coverage", coverage,
                   keys);
        requireFit(wCoverage.defined() && wCoverage.cols() == keys.cols(), "coverage", coverage, keys);
    }
    const int width = keys.cols();
    auto hidden =
        std::allocate_shared<Matrix<T>>(ArrayAllocator<Matrix<T>>(), queries.rows() * n.keys, width);
    Matrix<T> e(queries.rows(), n.keys);
    const auto w = covered ? eigen(wCoverage.value()).row(0) : eigen(v.value()).row(0);
    for (int row = 0; row < queries.rows(); ++row) {
        auto h = eigenRows(*hidden, row * n.keys, n.keys);
        const auto k = eigenRows(keys.value(), row / n.queries * n.keys, n.keys);
        const auto q = eigen(queries.value()).row(row);
        for (int j = 0; j < n.keys; ++j)
            if (covered)
                h.row(j).array() = (k.row(j) + q + coverage.value()(row, j) * w).array().tanh();
            else
                h.row(j).array() = (k.row(j) + q).array().tanh();
        eigenRows(e, row, 1).noalias() = eigen(v.value()) * h.transpose();
    }
    const bool needs = queries.needsGrad() || keys.needsGrad() || v.needsGrad() ||
                       (covered && (coverage.needsGrad() || wCoverage.needsGrad()));
    Var<T> scores = result(
        tape, std::move(e), needs,
        [queries, keys, v, coverage, wCoverage, hidden, n, covered, width](const Matrix<T>& g, const auto&) {
            Eigen::Matrix<T, 1, Eigen::Dynamic> d(width);
            Matrix<T>* dq = queries.needsGrad() ? &gradOf(queries) : nullptr;
            Matrix<T>* dk = keys.needsGrad() ? &gradOf(keys) : nullptr;
            Matrix<T>* dcov = covered && coverage.needsGrad() ? &gradOf(coverage) : nullptr;
            Matrix<T>* dw = covered && wCoverage.needsGrad() ? &gradOf(wCoverage) : nullptr;
            const auto vRow = eigen(v.value()).row(0).array();
            for (int row = 0; row < g.rows(); ++row) {
                const int firstKey = row / n.queries * n.keys;
                const auto h = eigenRows(*hidden, row * n.keys, n.keys);
                for (int j = 0; j < n.keys; ++j) {
                    d.array() = g(row, j) * vRow * (T(1) - h.row(j).array().square());
                    if (dq) eigen(*dq).row(row) += d;
                    if (dk) eigen(*dk).row(firstKey + j) += d;
                    if (dcov) (*dcov)(row, j) += d.dot(eigen(wCoverage.value()).row(0));
                    if (dw) eigen(*dw).row(0) += coverage.value()(row, j) * d;
                }
                if (v.needsGrad()) eigen(gradOf(v)).noalias() += eigen(g).row(row) * h;
            }
        });
    return {scores, scores.needsGrad() ? Matrix<T>() : std::move(*hidden)};
}

template <typename T>
Var<T> addPerKey(Tape<T>* tape, const Var<T>& scores, const Var<T>& perKey, int batch) {
    const Blocks n = blocksOf("scores per key", scores, perKey, batch);
    requireFit(perKey.cols() == 1 && n.keys == scores.cols(), "scores per key", scores, perKey);
    Matrix<T> e(scores.rows(), scores.cols());
    for (int row = 0; row < scores.rows(); ++row)
        eigen(e).row(row) = eigen(scores.value()).row(row) +
                            eigenRows(perKey.value(), row / n.queries * n.keys, n.keys).transpose();
    return result(tape, std::move(e), scores.needsGrad() || perKey.needsGrad(),
                  [scores, perKey, n](const Matrix<T>& g, const auto&) {
                      if (scores.needsGrad()) eigen(gradOf(scores)) += eigen(g);
                      if (!perKey.needsGrad()) return;
                      for (int row = 0; row < g.rows(); ++row)
                          eigenRows(gradOf(perKey), row / n.queries * n.keys, n.keys) +=
                              eigen(g).row(row).transpose();
                  });
}

template <typename T>
Var<T> batchedMix(Tape<T>* tape, const Var<T>& weights, const Var<T>& values, int batch) {
    const Blocks n = blocksOf("mix", weights, values, batch);
    requireFit(weights.cols() == n.keys, "mix", weights, values);
    Matrix<T> c(weights.rows(), values.cols());
    for (int b = 0; b < n.batch; ++b)
        eigenRows(c, b * n.queries, n.queries).noalias() =
            eigenRows(weights.value(), b * n.queries, n.queries) *
            eigenRows(values.value(), b * n.keys, n.keys);
    return result(tape, std::move(c), weights.needsGrad() || values.needsGrad(),
                  [weights, values, n](const Matrix<T>& g, const auto&) {
                      for (int b = 0; b < n.batch; ++b) {
                          const auto up = eigenRows(g, b * n.queries, n.queries);
                          if (weights.needsGrad())
                              eigenRows(gradOf(weights), b * n.queries, n.queries).noalias() +=
                                  up * eigenRows(values.value(), b * n.keys, n.keys).transpose();
                          if (values.needsGrad())
                              eigenRows(gradOf(values), b * n.keys, n.keys).noalias() +=
                                  eigenRows(weights.value(), b * n.queries, n.queries).transpose() * up;
                      }
                  });
}

// f_ij = exp(-(j - p_i)^2 / (2 sigma^2));  dp_i = sum_j df_ij f_ij (j - p_i) / sigma^2
template <typename T>
Var<T> gaussianWindow(Tape<T>* tape, const Var<T>& centre, int positions, double sigma) {
    if (centre.cols() != 1)
        throw Error(ErrorKind::Argument, "gaussianWindow: expected one column, got " + shapeText(centre));
    Matrix<T> f(centre.rows(), positions);
    const double width = sigma * sigma;
    for (int i = 0; i < f.rows(); ++i)
        for (int j = 0; j < positions; ++j) {
            const T off = static_cast<T>(j) - centre.value()(i, 0);
            f(i, j) = std::exp(-off * off / static_cast<T>(2 * width));
        }
    return result(tape, std::move(f), centre.needsGrad(),
                  [centre, width](const Matrix<T>& g, const Matrix<T>& out) {
                      for (int i = 0; i < g.rows(); ++i) {
                          T total = 0;
                          for (int j = 0; j < g.cols(); ++j)
                              total += g(i, j) * out(i, j) * (static_cast<T>(j) - centre.value()(i, 0));
                          gradOf(centre)(i, 0) += total / static_cast<T>(width);
                      }
                  });
}

#define INSTANTIATE(T)                                                                                     \
    template Var<T> batchedScores(Tape<T>*, const Var<T>&, const Var<T>&, int);                            \
    template Var<T> batchedCosine(Tape<T>*, const Var<T>&, const Var<T>&, int);                            \
    template AdditiveScores<T> batchedAdditive(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&, int, \
                                               const Var<T>&, const Var<T>&);                              \
    template Var<T> addPerKey(Tape<T>*, const Var<T>&, const Var<T>&, int);                                \
    template Var<T> batchedMix(Tape<T>*, const Var<T>&, const Var<T>&, int);                               \
    template Var<T> gaussianWindow(Tape<T>*, const Var<T>&, int, double);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
