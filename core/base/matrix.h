// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "core/base/array_pool.h"

namespace attn {

/// An allocator that leaves numbers uninitialised, so that a result is written once, not twice, takes its memory
/// from the pool, and starts every array at a multiple of 64 bytes: vectorised sums then run in the same order
/// each time, and the same computation gives the same bits.
template <typename T>
struct ArrayAllocator {
    using value_type = T;

    ArrayAllocator() = default;
    template <typename U>
    ArrayAllocator(const ArrayAllocator<U>&) noexcept {}

    T* allocate(std::size_t count) { return static_cast<T*>(poolAllocate(count * sizeof(T))); }
    void deallocate(T* p, std::size_t count) noexcept { poolFree(p, count * sizeof(T)); }

    template <typename U>
    void construct(U* p) noexcept {
        ::new (static_cast<void*>(p)) U;
    }
    template <typename U, typename... Args>
    void construct(U* p, Args&&... args) {
        ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
    }

    bool operator==(const ArrayAllocator&) const = default;
};

/// A short list of what a step carries, whose memory comes from the pool too: a step that has run before asks the
/// system for none.
template <typename T>
using List = std::vector<T, ArrayAllocator<T>>;

/// A dense row-major matrix of float or double. A plain value; arithmetic lives in core/autograd.
/// A vector of n numbers is 1 x n, a scalar 1 x 1.
template <typename T>
class Matrix {
public:
    Matrix() = default;
    /// rows x cols, contents unspecified.
    Matrix(int rows, int cols)
        : m_rows(rows),
          m_cols(cols),
          m_data(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols)) {
        assert(rows >= 0 && cols >= 0);
    }
    /// rows x cols, every entry `fill`.
    Matrix(int rows, int cols, T fill)
        : m_rows(rows),
          m_cols(cols),
          m_data(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols), fill) {}

    int rows() const { return m_rows; }
    int cols() const { return m_cols; }
    std::size_t size() const { return m_data.size(); }
    bool empty() const { return m_data.empty(); }

    T* data() { return m_data.data(); }
    const T* data() const { return m_data.data(); }
    T* row(int r) { return m_data.data() + static_cast<std::size_t>(r) * m_cols; }
    const T* row(int r) const { return m_data.data() + static_cast<std::size_t>(r) * m_cols; }
    T* begin() { return data(); }
    T* end() { return data() + size(); }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size(); }

    T& operator()(int r, int c) {
        assert(r >= 0 && r < m_rows && c >= 0 && c < m_cols);
        return row(r)[c];
    }
    const T& operator()(int r, int c) const {
        assert(r >= 0 && r < m_rows && c >= 0 && c < m_cols);
        return row(r)[c];
    }

    bool operator==(const Matrix&) const = default;

private:
    int m_rows = 0;
    int m_cols = 0;
    std::vector<T, ArrayAllocator<T>> m_data;
};

/// The same numbers in another precision.
template <typename To, typename From>
Matrix<To> convert(const Matrix<From>& from) {
    Matrix<To> to(from.rows(), from.cols());
    for (std::size_t i = 0; i < from.size(); ++i) to.data()[i] = static_cast<To>(from.data()[i]);
    return to;
}

} // namespace attn
