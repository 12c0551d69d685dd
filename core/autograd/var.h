// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/autograd/row_product.h"
#include "core/base/matrix.h"

namespace attn {

template <typename T>
struct VarAccess;

/// A matrix in a computation: a shared handle that reads its value and gradient and can change neither.
/// Values change through the Leaf that owns them; gradients accumulate in the operations' backward
/// functions (var_access.h).
template <typename T>
class Var {
public:
    Var() = default;
    /// A leaf variable: data, or something that needs a gradient.
    explicit Var(Matrix<T> value, bool needsGrad = false) : Var(std::move(value), needsGrad, false) {}
    /// The result of an operation.
    static Var computed(Matrix<T> value, bool needsGrad) { return Var(std::move(value), needsGrad, true); }

    bool defined() const { return m_node != nullptr; }
    int rows() const { return m_node->value.rows(); }
    int cols() const { return m_node->value.cols(); }
    const Matrix<T>& value() const { return m_node->value; }
    bool needsGrad() const { return m_node->needsGrad; }

    /// The gradient, zeros until something was added to it.
    const Matrix<T>& grad() const { return gradient(); }
    bool hasGrad() const { return !m_node->grad.empty(); }
    /// False for the result of an operation.
    bool isLeaf() const { return !m_node->computed; }
    bool operator==(const Var& other) const = default;

    /// The value's 16-bit copy (Leaf::keepHalf); empty unless kept.
    const HalfMatrix& half() const { return m_node->half; }

protected:
    struct Node {
        Matrix<T> value;
        Matrix<T> grad;
        bool needsGrad;
        bool computed;
        HalfMatrix half = {};
    };
    Node& node() const { return *m_node; }
    Matrix<T>& gradient() const {
        if (m_node->grad.empty() && !m_node->value.empty()) m_node->grad = Matrix<T>(rows(), cols(), T(0));
        return m_node->grad;
    }

private:
    friend struct VarAccess<T>;
    Var(Matrix<T> value, bool needsGrad, bool computed)
        : m_node(std::allocate_shared<Node>(ArrayAllocator<Node>(),
                                            Node{std::move(value), {}, needsGrad, computed})) {}

    std::shared_ptr<Node> m_node;
};

/// A variable together with the right to change it: what Parameters own, and optimisers and loaders are
/// lent. It cannot be copied, so whoever holds it const, or holds a Var of it, can only read.
template <typename T>
class Leaf : public Var<T> {
public:
    explicit Leaf(Matrix<T> value, bool needsGrad = true) : Var<T>(std::move(value), needsGrad) {}
    Leaf(Leaf&&) noexcept = default;
    Leaf& operator=(Leaf&&) noexcept = default;

    /// The numbers themselves, of the shape that they have; a 16-bit copy does not follow their changes.
    Matrix<T>& mutableValue() { return this->node().value; }
    /// The gradient, zeros until something was added to it.
    Matrix<T>& mutableGrad() { return this->gradient(); }
    /// From now on no operation adds to the gradient: for models that are no longer trained.
    void freeze() {
        this->node().needsGrad = false;
        this->node().grad = {};
    }
    /// Rounds the value to 16 bits a number and keeps those beside it, for products with one row
    /// (rowProduct). For a model that is no longer trained.
    void keepHalf() requires std::is_same_v<T, float>;
    /// The same numbers, 16-bit copy included, in a variable of its own, without gradient.
    Leaf clone() const {
        Leaf copy(this->value(), this->needsGrad());
        copy.node().half = this->half();
        return copy;
    }
};

/// The record of one forward pass, played backwards for gradients. Operations that are given a tape
/// record themselves on it; without one nothing is kept (inference).
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
