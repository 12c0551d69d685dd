// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/autograd/row_product.h"
#include "core/base/matrix.h"

namespace attn {

/// A matrix in a computation: a shared handle to its value and, where asked for, its gradient.
template <typename T>
class Var {
public:
    Var() = default;
    /// A variable of its own: data, or a parameter if it needs a gradient.
    explicit Var(Matrix<T> value, bool needsGrad = false) : Var(std::move(value), needsGrad, false) {}
    /// What an operation made.
    static Var computed(Matrix<T> value, bool needsGrad) { return Var(std::move(value), needsGrad, true); }

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
    /// The gradient for whoever writes all of it: unspecified where nothing was added yet.
    Matrix<T>& gradToFill() const {
        if (m_node->grad.empty()) m_node->grad = Matrix<T>(rows(), cols());
        return m_node->grad;
    }
    /// False for what an operation made.
    bool isLeaf() const { return !m_node->computed; }
    bool operator==(const Var& other) const = default;

    /// Rounds the value to 16 bits a number and keeps those beside it, for products with one row
    /// (rowProduct). For a model that is done learning: a later change of the value does not reach them.
    void keepHalf() const requires std::is_same_v<T, float>;
    /// Empty unless kept.
    const HalfMatrix& half() const { return m_node->half; }

private:
    struct Node {
        Matrix<T> value;
        Matrix<T> grad;
        bool needsGrad;
        bool computed;
        HalfMatrix half = {};
    };
    Var(Matrix<T> value, bool needsGrad, bool computed)
        : m_node(std::allocate_shared<Node>(ArrayAllocator<Node>(),
                                            Node{std::move(value), {}, needsGrad, computed})) {}

    std::shared_ptr<Node> m_node;
};

/// The record of one forward pass, played backwards for gradients. Operations that are given a tape
/// write themselves on it; without one nothing is kept (inference).
template <typename T>
class Tape {
public:
    void record(std::function<void()> backward) { m_backward.push_back(std::move(backward)); }
    /// For backward functions: adds g' x to the gradient of W, a leaf, before backward() returns. The
    /// products of one W are made together at the end, as one large product is faster than many small ones.
    void addProduct(const Var<T>& W, const Matrix<T>& g, const Matrix<T>& x);

    /// Adds d(sum of upstream * output) / d(x) to the gradient of every x on the tape that needs one,
    /// then forgets the pass. `upstream` has output's shape.
    void backward(const Var<T>& output, const Matrix<T>& upstream);
    /// The same for a 1 x 1 output and upstream 1.
    void backward(const Var<T>& scalar);

private:
    /// Rows of g and x that wait for their product.
    struct Product {
        Var<T> W;
        std::vector<T, ArrayAllocator<T>> g, x;
    };

    std::vector<std::function<void()>> m_backward;
    std::vector<Product> m_products;
};

} // namespace attn
