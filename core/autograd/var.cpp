// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/var.h"

#include <algorithm>

#include "core/autograd/eigen_map.h"
#include "core/autograd/var_access.h"
#include "core/base/error.h"

namespace attn {

template <typename T>
void Tape<T>::backward(const Var<T>& output, const Matrix<T>& upstream) {
    if (upstream.rows() != output.rows() || upstream.cols() != output.cols())
        throw Error(ErrorKind::Argument, "backward: upstream's shape is not the output's");
    Matrix<T>& grad = gradOf(output);
    for (std::size_t i = 0; i < grad.size(); ++i) grad.data()[i] += upstream.data()[i];
    while (!m_backward.empty()) {
        m_backward.back()();
        m_backward.pop_back();
    }
    for (const Product& product : m_products) {
        const int rows = product.W.rows(), cols = product.W.cols();
        const auto count = static_cast<Eigen::Index>(product.x.size()) / cols;
        const Eigen::Map<const RowMajor<T>> g(product.g.data(), count, rows),
            x(product.x.data(), count, cols);
        eigen(gradOf(product.W)).noalias() += g.transpose() * x;
    }
    m_products.clear();
}

template <typename T>
void Tape<T>::addProduct(const Var<T>& W, const Matrix<T>& g, const Matrix<T>& x) {
    auto at = std::find_if(m_products.begin(), m_products.end(),
                           [&](const Product& product) { return product.W == W; });
    if (at == m_products.end()) at = m_products.insert(at, Product{W, {}, {}});
    at->g.insert(at->g.end(), g.begin(), g.end());
    at->x.insert(at->x.end(), x.begin(), x.end());
}

template <typename T>
void Tape<T>::backward(const Var<T>& scalar) {
    backward(scalar, Matrix<T>(1, 1, T(1)));
}

template <typename T>
void Leaf<T>::keepHalf() requires std::is_same_v<T, float> {
    auto& node = this->node();
    node.half = toHalf(node.value);
    for (std::size_t i = 0; i < node.half.size(); ++i) node.value.data()[i] = fromHalf(node.half[i]);
}

template class Leaf<float>;
template class Tape<float>;
template class Tape<double>;

} // namespace attn
