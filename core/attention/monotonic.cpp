// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/monotonic.h"

#include <cmath>

#include "core/autograd/ops_common.h"

namespace attn {

template <typename T>
Var<T> monotonicProbabilities(Tape<T>* tape, const Var<T>& scores, const Var<T>& r,
                              const AllowedMask& allowed, double temperature, double deviation,
                              Random* random) {
    const T over = static_cast<T>(1 / temperature), offset = r.value()(0, 0);
    Matrix<T> p(scores.rows(), scores.cols(), T(0));
    for (int i = 0; i < p.rows(); ++i)
        for (int j = 0; j < p.cols(); ++j) {
            if (!allowed(i, j)) continue;
            const T noise = random && deviation > 0 ? static_cast<T>(deviation * random->normal()) : T(0);
            p(i, j) = 1 / (1 + std::exp(-(scores.value()(i, j) * over + offset + noise)));
        }
    return result(tape, std::move(p), scores.needsGrad() || r.needsGrad(),
                  [scores, r, over](const Matrix<T>& g, const Matrix<T>& p) {
                      T total = 0;
                      for (int i = 0; i < p.rows(); ++i)
                          for (int j = 0; j < p.cols(); ++j) {
                              const T d = g(i, j) * p(i, j) * (1 - p(i, j));
                              total += d;
                              if (scores.needsGrad()) gradOf(scores)(i, j) += over * d;
                          }
                      if (r.needsGrad()) gradOf(r)(0, 0) += total;
                  });
}

template <typename T>
Var<T> monotonicChoices(const Var<T>& p) {
    Matrix<T> chosen(p.rows(), p.cols());
    for (int i = 0; i < p.rows(); ++i)
        for (int j = 0; j < p.cols(); ++j) chosen(i, j) = p.value()(i, j) > T(0.5) ? T(1) : T(0);
    return Var<T>(std::move(chosen));
}

template <typename T>
Var<T> monotonicWeights(Tape<T>* tape, const Var<T>& p, const Var<T>& previous) {
    requireFit(p.rows() == previous.rows() && p.cols() == previous.cols(), "monotonicWeights", p, previous);
    Matrix<T> reached(p.rows(), p.cols()), weights(p.rows(), p.cols());
    for (int i = 0; i < p.rows(); ++i) {
        T q = 0;
        for (int j = 0; j < p.cols(); ++j) {
            if (j > 0) q *= 1 - p.value()(i, j - 1);
            q += previous.value()(i, j);
            reached(i, j) = q;
            weights(i, j) = p.value()(i, j) * q;
        }
    }
    const bool kept = tape != nullptr && (p.needsGrad() || previous.needsGrad());
    if (!kept) reached = {};
    return result(tape, std::move(weights), kept,
                  [p, previous, reached = std::move(reached)](const Matrix<T>& g, const Matrix<T>& a) {
                      for (int i = 0; i < a.rows(); ++i) {
                          T dq = 0; // of the position after j
                          for (int j = a.cols() - 1; j >= 0; --j) {
                              const T pj = p.value()(i, j);
                              if (p.needsGrad()) gradOf(p)(i, j) += reached(i, j) * (g(i, j) - dq);
                              dq = g(i, j) * pj + (1 - pj) * dq;
                              if (previous.needsGrad()) gradOf(previous)(i, j) += dq;
                          }
                      }
                  });
}

#define INSTANTIATE(T)                                                                                 \
    template Var<T> monotonicProbabilities(Tape<T>*, const Var<T>&, const Var<T>&, const AllowedMask&, \
                                           double, double, Random*);                                   \
    template Var<T> monotonicChoices(const Var<T>&);                                                   \
    template Var<T> monotonicWeights(Tape<T>*, const Var<T>&, const Var<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
