// SPDX-License-Identifier: GPL-3.0-or-later
// For the .cpp files of operations, whose backward functions accumulate gradients, and for the gradient
// checker only. Never for whoever merely holds a model.
#pragma once

#include "core/autograd/var.h"

namespace attn {

/// Changes variables through handles that only read.
template <typename T>
struct VarAccess {
    static Matrix<T>& value(const Var<T>& x) { return x.m_node->value; }
    static Matrix<T>& grad(const Var<T>& x) { return x.gradient(); }
    /// The gradient for a caller that writes all of it: unspecified where nothing was added yet.
    static Matrix<T>& gradToFill(const Var<T>& x) {
        if (!x.hasGrad()) x.m_node->grad = Matrix<T>(x.rows(), x.cols());
        return x.m_node->grad;
    }
    static void dropGrad(const Var<T>& x) { x.m_node->grad = {}; }
};

/// The gradient of x, which needs one, to add to: zeros until something was added.
template <typename T>
Matrix<T>& gradOf(const Var<T>& x) {
    return VarAccess<T>::grad(x);
}

} // namespace attn
