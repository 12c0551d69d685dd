// SPDX-License-Identifier: GPL-3.0-or-later
// For the .cpp files of the operations only.
#pragma once

#include <string>

#include "core/autograd/eigen_map.h"
#include "core/autograd/ops.h"
#include "core/autograd/var_access.h"
#include "core/base/error.h"

namespace attn {

template <typename T>
std::string shapeText(const Var<T>& x) {
    return std::to_string(x.rows()) + " x " + std::to_string(x.cols());
}

template <typename T>
void requireFit(bool fits, const char* operation, const Var<T>& a, const Var<T>& b) {
    if (!fits)
        throw Error(ErrorKind::Argument, std::string(operation) + ": shapes " + shapeText(a) + " and " +
                                             shapeText(b) + " do not fit");
}

/// 1 / (1 + exp(-x)) of each entry. Eigen's own logistic() is twice as far off near 1 and by a thousandth of
/// the value far below 0, which shows where a cell state is carried through many steps.
template <typename Expression>
auto sigmoidOf(const Eigen::ArrayBase<Expression>& x) {
    return (typename Expression::Scalar(1) + (-x.derived()).exp()).inverse();
}

/// Adds an elementwise expression to x's gradient, in one pass where it is the first.
template <typename T, typename Expression>
void accumulate(const Var<T>& x, const Expression& gradient) {
    if (x.hasGrad())
        eigen(gradOf(x)).array() += gradient.array();
    else
        eigen(VarAccess<T>::gradToFill(x)).array() = gradient.array();
}
/// The same for a matrix product, which x's gradient is no part of.
template <typename T, typename Product>
void accumulateProduct(const Var<T>& x, const Product& gradient) {
    if (x.hasGrad())
        eigen(gradOf(x)).noalias() += gradient;
    else
        eigen(VarAccess<T>::gradToFill(x)).noalias() = gradient;
}

/// Wraps a result and, if a tape is there and an input needs its gradient, records `backward(grad)`,
/// which is called with the result's gradient unless nothing arrived at it.
template <typename T, typename Backward>
Var<T> result(Tape<T>* tape, Matrix<T> value, bool inputsNeedGrad, Backward backward) {
    Var<T> out = Var<T>::computed(std::move(value), tape != nullptr && inputsNeedGrad);
    if (out.needsGrad())
        tape->record([out, backward = std::move(backward)] {
            if (out.hasGrad()) backward(out.grad(), out.value());
        });
    return out;
}

} // namespace attn
