// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/var.h"

#include "core/base/error.h"

namespace attn {

template <typename T>
void Tape<T>::backward(const Var<T>& output, const Matrix<T>& upstream) {
    if (upstream.rows() != output.rows() || upstream.cols() != output.cols())
        throw Error(ErrorKind::Argument, "backward: upstream's shape is not the output's");
    Matrix<T>& grad = output.grad();
    for (std::size_t i = 0; i < grad.size(); ++i) grad.data()[i] += upstream.data()[i];
    while (!m_backward.empty()) {
        m_backward.back()();
        m_backward.pop_back();
    }
}

template <typename T>
void Tape<T>::backward(const Var<T>& scalar) {
    backward(scalar, Matrix<T>(1, 1, T(1)));
}

template class Tape<float>;
template class Tape<double>;

} // namespace attn
