// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/base/matrix.h"

namespace attn {

/// A matrix in a computation: a shared handle to its value and, where asked for, its gradient.
template <typename T>
class Var {
public:
    Var() = default;
    explicit Var(Matrix<T> value, bool needsGrad = false)
        : m_node(std::make_shared<Node>(Node{std::move(value), {}, needsGrad})) {}

    bool defined() const { return m_node != nullptr; }
    int rows() const { return m_node->value.rows(); }
    int cols() const { return m_node->value.cols(); }
    const Matrix<T>& value() const { return m_node->value; }
    /// For whoever owns the variable: optimisers, loaders, the gradient checker.
    Matrix<T>& mutableValue() const { return m_node->value; }
    bool needsGrad() const { return m_node->needsGrad; }

    /// The gradient, zeros until something was added to it.
    Matrix<T>& grad() const {
        if (m_node->grad.empty() && !m_node->value.empty()) m_node->grad = Matrix<T>(rows(), cols(), T(0));
        return m_node->grad;
    }
    bool hasGrad() const { return !m_node->grad.empty(); }
    void dropGrad() const { m_node->grad = {}; }

private:
    struct Node {
        Matrix<T> value;
        Matrix<T> grad;
        bool needsGrad;
    };
    std::shared_ptr<Node> m_node;
};

/// The record of one forward pass, played backwards for gradients. Operations that are given a tape
/// write themselves on it; without one nothing is kept (inference).
template <typename T>
class Tape {
public:
    void record(std::function<void()> backward) { m_backward.push_back(std::move(backward)); }

    /// Adds d(sum of upstream * output) / d(x) to the gradient of every x on the tape that needs one,
    /// then forgets the pass. `upstream` has output's shape.
    void backward(const Var<T>& output, const Matrix<T>& upstream);
    /// The same for a 1 x 1 output and upstream 1.
    void backward(const Var<T>& scalar);

private:
    std::vector<std::function<void()>> m_backward;
};

} // namespace attn
