// SPDX-License-Identifier: GPL-3.0-or-later
// For .cpp files only: it includes Eigen.
#pragma once

#include <Eigen/Core>

#include "core/base/matrix.h"

namespace attn {

template <typename T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Our matrix seen through Eigen, without a copy.
template <typename T>
Eigen::Map<const RowMajor<T>> eigen(const Matrix<T>& m) {
    return {m.data(), m.rows(), m.cols()};
}
template <typename T>
Eigen::Map<RowMajor<T>> eigen(Matrix<T>& m) {
    return {m.data(), m.rows(), m.cols()};
}
/// `count` rows from `first` on.
template <typename T>
Eigen::Map<const RowMajor<T>> eigenRows(const Matrix<T>& m, int first, int count) {
    return {m.row(first), count, m.cols()};
}
template <typename T>
Eigen::Map<RowMajor<T>> eigenRows(Matrix<T>& m, int first, int count) {
    return {m.row(first), count, m.cols()};
}

} // namespace attn
