// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/normalise.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/autograd/ops_common.h"

namespace attn {

namespace {

// Each function turns one row of allowed scores z into weights, in place.

template <typename T>
void softmaxRow(List<T>& z) {
    const T top = *std::max_element(z.begin(), z.end());
    T total = 0;
    for (T& x : z) total += x = std::exp(x - top);
    for (T& x : z) x /= total;
}

/// tau of sparsemax, of scores whose largest is 0.
template <typename T>
T sparsemaxThreshold(List<T> sorted) {
    std::sort(sorted.begin(), sorted.end(), std::greater<T>());
    T total = 0, tau = 0;
    for (std::size_t k = 1; k <= sorted.size(); ++k) {
        total += sorted[k - 1];
        if (1 + static_cast<T>(k) * sorted[k - 1] > total) tau = (total - 1) / static_cast<T>(k);
    }
    return tau;
}

/// max(0, z - tau), tau such that the row sums to 1: the projection onto the simplex.
template <typename T>
void sparsemaxRow(List<T>& z) {
    const T top = *std::max_element(z.begin(), z.end());
    for (T& x : z) x -= top; // the weights do not change, and 1 keeps its place beside small numbers
    const T tau = sparsemaxThreshold(z);
    for (T& x : z) x = std::max(T(0), x - tau);
}

/// tau of entmax15, of halved scores whose largest is 0: that of the largest support whose sum is 1.
template <typename T>
T entmax15Threshold(List<T> sorted) {
    std::sort(sorted.begin(), sorted.end(), std::greater<T>());
    T total = 0, squares = 0, tau = 0;
    for (std::size_t k = 1; k <= sorted.size(); ++k) {
        const T n = static_cast<T>(k), x = sorted[k - 1];
        total += x;
        squares += x * x;
        const T mean = total / n, spread = squares - total * mean;
        const T candidate = mean - std::sqrt(std::max(T(0), (1 - spread) / n));
        if (candidate <= x) tau = candidate;
    }
    return tau;
}

/// max(0, z/2 - tau)^2
template <typename T>
void entmax15Row(List<T>& z) {
    const T top = *std::max_element(z.begin(), z.end());
    for (T& x : z) x = (x - top) / 2;
    const T tau = entmax15Threshold(z);
    for (T& x : z) x = std::max(T(0), x - tau) * std::max(T(0), x - tau);
}

template <typename T>
void hardRow(List<T>& z) {
    const auto first = std::max_element(z.begin(), z.end()) - z.begin();
    std::fill(z.begin(), z.end(), T(0));
    z[static_cast<std::size_t>(first)] = T(1);
}

/// dz of one row from its scores z, weights a and their gradient g. Sums are in double and keep the row's own
/// total in place of 1, so that the small difference that is left of a nearly one-hot row stays exact:
/// softmax dz_j = a_j sum_k a_k (g_j - g_k); entmax15 the same with sqrt(a), over their sum; sparsemax the
/// same with 1 on the support, over its size.
template <typename T>
void backwardRow(Normaliser kind, const T* z, const T* a, const T* g, int n, T* dz) {
    const auto weight = [&](int j) -> double {
        switch (kind) {
            case Normaliser::Sparsemax:
                return a[j] > 0 ? 1.0 : 0.0;
            case Normaliser::Entmax15:
                return std::sqrt(static_cast<double>(a[j]));
            default:
                return a[j];
        }
    };
    if (kind == Normaliser::Sigmoid) {
        for (int j = 0; j < n; ++j) dz[j] = a[j] / (1 + std::exp(z[j])) * g[j];
        return;
    }
    double total = 0, dot = 0;
    for (int j = 0; j < n; ++j) total += weight(j), dot += weight(j) * g[j];
    const double over = kind == Normaliser::Softmax ? 1 : total > 0 ? 1 / total : 0;
    for (int j = 0; j < n; ++j) dz[j] = static_cast<T>(weight(j) * (g[j] * total - dot) * over);
}

} // namespace

template <typename T>
Var<T> normalise(Tape<T>* tape, const Var<T>& scores, const AllowedMask& allowed, Normaliser kind,
                 double temperature) {
    const int n = scores.cols();
    const T over = static_cast<T>(1 / temperature);
    Matrix<T> weights(scores.rows(), n, T(0));
    List<T> z;
    for (int row = 0; row < scores.rows(); ++row) {
        z.clear();
        for (int j = 0; j < n; ++j)
            if (allowed(row, j)) z.push_back(scores.value()(row, j) * over);
        if (z.empty()) continue;
        switch (kind) {
            case Normaliser::Softmax:
                softmaxRow(z);
                break;
            case Normaliser::Sparsemax:
                sparsemaxRow(z);
                break;
            case Normaliser::Entmax15:
                entmax15Row(z);
                break;
            case Normaliser::Sigmoid:
                for (T& x : z) x = 1 / (1 + std::exp(-x));
                break;
            case Normaliser::Hard:
                hardRow(z);
                break;
        }
        for (int j = 0, k = 0; j < n; ++j)
            if (allowed(row, j)) weights(row, j) = z[static_cast<std::size_t>(k++)];
    }
    return result(tape, std::move(weights), scores.needsGrad() && kind != Normaliser::Hard,
                  [scores, kind, over](const Matrix<T>& g, const Matrix<T>& a) {
                      List<T> z(static_cast<std::size_t>(a.cols())), dz(z.size());
                      for (int row = 0; row < a.rows(); ++row) {
                          for (int j = 0; j < a.cols(); ++j)
                              z[static_cast<std::size_t>(j)] = scores.value()(row, j) * over;
                          backwardRow(kind, z.data(), a.row(row), g.row(row), a.cols(), dz.data());
                          for (int j = 0; j < a.cols(); ++j)
                              gradOf(scores)(row, j) += over * dz[static_cast<std::size_t>(j)];
                      }
                  });
}

template <typename T>
std::optional<double> normaliserConstant(const T* scores, const std::uint8_t* allowed, int n, Normaliser kind,
                                         double temperature) {
    const T over = static_cast<T>(1 / temperature);
    List<T> z;
    for (int j = 0; j < n; ++j)
        if (allowed[j]) z.push_back(scores[j] * over);
    if (z.empty() || kind == Normaliser::Sigmoid) return std::nullopt;
    const T top = *std::max_element(z.begin(), z.end());
    if (kind == Normaliser::Hard) return top;
    if (kind == Normaliser::Softmax) {
        double sum = 0;
        for (const T x : z) sum += std::exp(static_cast<double>(x));
        return sum;
    }
    const T unit = kind == Normaliser::Entmax15 ? 2 : 1;
    for (T& x : z) x = (x - top) / unit;
    return static_cast<double>(top / unit) +
           static_cast<double>(kind == Normaliser::Entmax15 ? entmax15Threshold(z) : sparsemaxThreshold(z));
}

template std::optional<double> normaliserConstant(const float*, const std::uint8_t*, int, Normaliser, double);
template std::optional<double> normaliserConstant(const double*, const std::uint8_t*, int, Normaliser,
                                                  double);
template Var<float> normalise(Tape<float>*, const Var<float>&, const AllowedMask&, Normaliser, double);
template Var<double> normalise(Tape<double>*, const Var<double>&, const AllowedMask&, Normaliser, double);

} // namespace attn
