// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/ops.h"

#include <algorithm>

#include "core/autograd/few_rows.h"
#include "core/autograd/ops_common.h"

namespace attn {

// C = A B;  dA = dC B', dB = A' dC
template <typename T>
Var<T> matmul(Tape<T>* tape, const Var<T>& a, const Var<T>& b) {
    requireFit(a.cols() == b.rows(), "matmul", a, b);
    Matrix<T> c(a.rows(), b.cols());
    eigen(c).noalias() = eigen(a.value()) * eigen(b.value());
    return result(tape, std::move(c), a.needsGrad() || b.needsGrad(),
                  [a, b](const Matrix<T>& g, const auto&) {
                      if (a.needsGrad()) accumulateProduct(a, eigen(g) * eigen(b.value()).transpose());
                      if (b.needsGrad()) accumulateProduct(b, eigen(a.value()).transpose() * eigen(g));
                  });
}

/// y = x W' for one row x.
template <typename T>
static void oneRow(const Matrix<T>& x, const Var<T>& W, Matrix<T>& y, Sweep sweep, bool inference) {
    if constexpr (std::is_same_v<T, float>)
        if (inference && !W.half().empty())
            return rowProduct(x.data(), W.half(), W.rows(), W.cols(), y.data(), sweep, true);
    rowProduct(x.data(), W.value(), y.data(), sweep, inference);
}

/// y = x W' for more than one row x.
template <typename T>
static void severalRows(const Matrix<T>& x, const Matrix<T>& W, Matrix<T>& y, Sweep sweep, bool few) {
    if constexpr (std::is_same_v<T, float>)
        if (few && x.rows() <= kFewRows) return fewRowsProduct(x, W, y, sweep, true);
    eigen(y).noalias() = eigen(x) * eigen(W).transpose();
}

/// From this many rows on, a product for W's gradient gains nothing from waiting for others.
constexpr int kRowsWorthAProduct = 256;

// y = x W' + b;  dx = dy W, dW = dy' x, db = sum of dy's rows
template <typename T>
static Var<T> product(Tape<T>* tape, const Var<T>& x, const Var<T>& W, const Var<T>& b, Sweep sweep,
                      bool few) {
    requireFit(x.cols() == W.cols(), "linear", x, W);
    if (b.defined()) requireFit(b.rows() == 1 && b.cols() == W.rows(), "linear's bias", W, b);
    Matrix<T> y(x.rows(), W.rows());
    if (x.rows() == 1)
        oneRow(x.value(), W, y, sweep, tape == nullptr);
    else
        severalRows(x.value(), W.value(), y, sweep, few && tape == nullptr);
    if (b.defined()) eigen(y).rowwise() += eigen(b.value()).row(0);
    const bool needs = x.needsGrad() || W.needsGrad() || (b.defined() && b.needsGrad());
    return result(tape, std::move(y), needs, [tape, x, W, b](const Matrix<T>& g, const auto&) {
        if (x.needsGrad()) accumulateProduct(x, eigen(g) * eigen(W.value()));
        if (W.needsGrad() && W.isLeaf() && x.rows() < kRowsWorthAProduct)
            tape->addProduct(W, g, x.value());
        else if (W.needsGrad())
            accumulateProduct(W, eigen(g).transpose() * eigen(x.value()));
        if (b.defined() && b.needsGrad()) eigen(gradOf(b)) += eigen(g).colwise().sum();
    });
}

template <typename T>
Var<T> linear(Tape<T>* tape, const Var<T>& x, const Var<T>& W, const Var<T>& b, Sweep sweep) {
    return product(tape, x, W, b, sweep, true);
}

template <typename T>
Var<T> linearOfSequence(Tape<T>* tape, const Var<T>& x, const Var<T>& W, const Var<T>& b) {
    return product(tape, x, W, b, Sweep::Down, false);
}

template <typename T>
Var<T> add(Tape<T>* tape, const Var<T>& a, const Var<T>& b) {
    requireFit(a.rows() == b.rows() && a.cols() == b.cols(), "add", a, b);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c) = eigen(a.value()) + eigen(b.value());
    return result(tape, std::move(c), a.needsGrad() || b.needsGrad(),
                  [a, b](const Matrix<T>& g, const auto&) {
                      if (a.needsGrad()) accumulate(a, eigen(g));
                      if (b.needsGrad()) accumulate(b, eigen(g));
                  });
}

template <typename T>
Var<T> mul(Tape<T>* tape, const Var<T>& a, const Var<T>& b) {
    requireFit(a.rows() == b.rows() && a.cols() == b.cols(), "mul", a, b);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c) = eigen(a.value()).cwiseProduct(eigen(b.value()));
    return result(tape, std::move(c), a.needsGrad() || b.needsGrad(),
                  [a, b](const Matrix<T>& g, const auto&) {
                      if (a.needsGrad()) accumulate(a, eigen(g).cwiseProduct(eigen(b.value())));
                      if (b.needsGrad()) accumulate(b, eigen(g).cwiseProduct(eigen(a.value())));
                  });
}

template <typename T>
Var<T> scale(Tape<T>* tape, const Var<T>& a, double factor) {
    const T s = static_cast<T>(factor);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c) = eigen(a.value()) * s;
    return result(tape, std::move(c), a.needsGrad(),
                  [a, s](const Matrix<T>& g, const auto&) { accumulate(a, eigen(g) * s); });
}

template <typename T>
Var<T> scaleBy(Tape<T>* tape, const Var<T>& a, const Var<T>& factor) {
    requireFit(factor.rows() == 1 && factor.cols() == 1, "scaleBy", a, factor);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c) = eigen(a.value()) * factor.value()(0, 0);
    return result(tape, std::move(c), a.needsGrad() || factor.needsGrad(),
                  [a, factor](const Matrix<T>& g, const auto&) {
                      if (a.needsGrad()) eigen(gradOf(a)) += eigen(g) * factor.value()(0, 0);
                      if (factor.needsGrad())
                          gradOf(factor)(0, 0) += eigen(g).cwiseProduct(eigen(a.value())).sum();
                  });
}

template <typename T>
Var<T> mulRows(Tape<T>* tape, const Var<T>& a, const Var<T>& g) {
    requireFit(g.rows() == a.rows() && g.cols() == 1, "mulRows", a, g);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c) = eigen(a.value()).array().colwise() * eigen(g.value()).col(0).array();
    return result(
        tape, std::move(c), a.needsGrad() || g.needsGrad(), [a, g](const Matrix<T>& up, const auto&) {
            if (a.needsGrad())
                eigen(gradOf(a)).array() += eigen(up).array().colwise() * eigen(g.value()).col(0).array();
            if (g.needsGrad()) eigen(gradOf(g)) += eigen(up).cwiseProduct(eigen(a.value())).rowwise().sum();
        });
}

// c = z a + (1 - z) b;  dz = dc (a - b), da = dc z, db = dc (1 - z)
template <typename T>
Var<T> blend(Tape<T>* tape, const Var<T>& z, const Var<T>& a, const Var<T>& b) {
    requireFit(z.rows() == a.rows() && z.cols() == a.cols(), "blend", z, a);
    requireFit(b.rows() == a.rows() && b.cols() == a.cols(), "blend", b, a);
    Matrix<T> c(a.rows(), a.cols());
    eigen(c).array() =
        eigen(z.value()).array() * (eigen(a.value()) - eigen(b.value())).array() + eigen(b.value()).array();
    return result(tape, std::move(c), z.needsGrad() || a.needsGrad() || b.needsGrad(),
                  [z, a, b](const Matrix<T>& g, const auto&) {
                      const auto up = eigen(g).array();
                      if (z.needsGrad())
                          eigen(gradOf(z)).array() += up * (eigen(a.value()) - eigen(b.value())).array();
                      if (a.needsGrad()) eigen(gradOf(a)).array() += up * eigen(z.value()).array();
                      if (b.needsGrad()) eigen(gradOf(b)).array() += up * (T(1) - eigen(z.value()).array());
                  });
}

// y = 1 / (1 + exp(-x));  dx = dy y (1 - y), 1 - y taken as the sigmoid of -x: exact where y is nearly 1
template <typename T>
Var<T> sigmoid(Tape<T>* tape, const Var<T>& x) {
    Matrix<T> y(x.rows(), x.cols());
    eigen(y).array() = sigmoidOf(eigen(x.value()).array());
    return result(tape, std::move(y), x.needsGrad(), [x](const Matrix<T>& g, const Matrix<T>& out) {
        accumulate(x, eigen(g).array() * eigen(out).array() * sigmoidOf(-eigen(x.value()).array()));
    });
}

template <typename T>
Var<T> tanh(Tape<T>* tape, const Var<T>& x) {
    Matrix<T> y(x.rows(), x.cols());
    eigen(y).array() = eigen(x.value()).array().tanh();
    return result(tape, std::move(y), x.needsGrad(), [x](const Matrix<T>& g, const Matrix<T>& out) {
        accumulate(x, eigen(g).array() * (T(1) - eigen(out).array().square()));
    });
}

template <typename T>
Var<T> relu(Tape<T>* tape, const Var<T>& x) {
    Matrix<T> y(x.rows(), x.cols());
    eigen(y) = eigen(x.value()).cwiseMax(T(0));
    return result(tape, std::move(y), x.needsGrad(), [x](const Matrix<T>& g, const Matrix<T>& out) {
        accumulate(x, (eigen(out).array() > T(0)).select(eigen(g).array(), T(0)));
    });
}

template <typename T>
Var<T> maxout(Tape<T>* tape, const Var<T>& x) {
    if (x.cols() % 2 != 0)
        throw Error(ErrorKind::Argument, "maxout: the width " + std::to_string(x.cols()) + " is not even");
    Matrix<T> y(x.rows(), x.cols() / 2);
    for (std::size_t i = 0; i < y.size(); ++i)
        y.data()[i] = std::max(x.value().data()[2 * i], x.value().data()[2 * i + 1]);
    return result(tape, std::move(y), x.needsGrad(), [x](const Matrix<T>& g, const auto&) {
        for (std::size_t i = 0; i < g.size(); ++i) {
            const bool second = x.value().data()[2 * i + 1] > x.value().data()[2 * i];
            gradOf(x).data()[2 * i + (second ? 1 : 0)] += g.data()[i];
        }
    });
}

template <typename T>
Var<T> dropout(Tape<T>* tape, const Var<T>& x, double rate, Random& random) {
    if (!(rate >= 0 && rate < 1))
        throw Error(ErrorKind::Argument, "dropout: rate " + std::to_string(rate) + "; expected 0 to below 1");
    Matrix<T> keep(x.rows(), x.cols());
    const T kept = static_cast<T>(1 / (1 - rate));
    for (T& k : keep) k = random.chance(rate) ? T(0) : kept;
    return mul(tape, x, Var<T>(std::move(keep)));
}

template <typename T>
Var<T> sum(Tape<T>* tape, const Var<T>& x) {
    return result(tape, Matrix<T>(1, 1, eigen(x.value()).sum()), x.needsGrad(),
                  [x](const Matrix<T>& g, const auto&) { eigen(gradOf(x)).array() += g(0, 0); });
}

template <typename T>
Var<T> crossEntropy(Tape<T>* tape, const Var<T>& logits, const std::vector<int>& targets, double smoothing) {
    const int n = logits.rows(), classes = logits.cols();
    if (static_cast<int>(targets.size()) != n)
        throw Error(ErrorKind::Argument, "crossEntropy: " + std::to_string(n) + " rows of logits, " +
                                             std::to_string(targets.size()) + " targets");
    auto probabilities = std::make_shared<Matrix<T>>(n, classes);
    const T sharp = static_cast<T>(1 - smoothing), spread = static_cast<T>(smoothing / classes);
    double loss = 0;
    for (int i = 0; i < n; ++i) {
        const int target = targets[static_cast<std::size_t>(i)];
        if (target < 0) continue;
        if (target >= classes)
            throw Error(ErrorKind::Argument, "crossEntropy: target " + std::to_string(target) + " of " +
                                                 std::to_string(classes) + " classes");
        const auto row = eigenRows(logits.value(), i, 1).array();
        auto p = eigenRows(*probabilities, i, 1).array();
        const T top = row.maxCoeff();
        p = (row - top).exp();
        const T total = p.sum(), logTotal = std::log(total) + top;
        p /= total;
        loss += static_cast<double>(logTotal - sharp * row(target) - spread * row.sum());
    }
    return result(tape, Matrix<T>(1, 1, static_cast<T>(loss)), logits.needsGrad(),
                  [logits, targets, probabilities, sharp, spread](const Matrix<T>& g, const auto&) {
                      const T up = g(0, 0);
                      const bool first = !logits.hasGrad();
                      Matrix<T>& all = VarAccess<T>::gradToFill(logits);
                      for (int i = 0; i < logits.rows(); ++i) {
                          const int target = targets[static_cast<std::size_t>(i)];
                          auto grad = eigenRows(all, i, 1).array();
                          if (first) grad.setZero();
                          if (target < 0) continue;
                          grad += up * (eigenRows(*probabilities, i, 1).array() - spread);
                          grad(target) -= up * sharp;
                      }
                  });
}

#define INSTANTIATE(T)                                                                       \
    template Var<T> matmul(Tape<T>*, const Var<T>&, const Var<T>&);                          \
    template Var<T> linear(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&, Sweep);    \
    template Var<T> linearOfSequence(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&); \
    template Var<T> add(Tape<T>*, const Var<T>&, const Var<T>&);                             \
    template Var<T> mul(Tape<T>*, const Var<T>&, const Var<T>&);                             \
    template Var<T> scale(Tape<T>*, const Var<T>&, double);                                  \
    template Var<T> scaleBy(Tape<T>*, const Var<T>&, const Var<T>&);                         \
    template Var<T> mulRows(Tape<T>*, const Var<T>&, const Var<T>&);                         \
    template Var<T> blend(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&);            \
    template Var<T> sigmoid(Tape<T>*, const Var<T>&);                                        \
    template Var<T> tanh(Tape<T>*, const Var<T>&);                                           \
    template Var<T> relu(Tape<T>*, const Var<T>&);                                           \
    template Var<T> maxout(Tape<T>*, const Var<T>&);                                         \
    template Var<T> dropout(Tape<T>*, const Var<T>&, double, Random&);                       \
    template Var<T> sum(Tape<T>*, const Var<T>&);                                            \
    template Var<T> crossEntropy(Tape<T>*, const Var<T>&, const std::vector<int>&, double);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
