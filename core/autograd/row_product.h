// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/matrix.h"

namespace attn {

/// The order in which a matrix's rows are read. A caller that multiplies by the same matrix repeatedly, as a
/// recurrent layer does, alternates the direction: the rows read last are still in the cache. The results are
/// the same.
enum class Sweep { Down, Up };

/// A matrix's numbers in 16 bits, the upper half of a float each (bfloat16), rounded to nearest even.
using HalfMatrix = std::vector<std::uint16_t, ArrayAllocator<std::uint16_t>>;
HalfMatrix toHalf(const Matrix<float>& m);
/// The float that 16 bits stand for.
float fromHalf(std::uint16_t half);

/// y = x W' for one row x of W.cols() numbers, into W.rows() numbers: as fast as W comes out of memory. Each
/// number is summed in the same order whatever the sweep and the number of threads. Matrices of more than
/// kNumbersWorthAThread numbers are divided over the threads of useThreads() if `threaded`.
template <typename T>
void rowProduct(const T* x, const Matrix<T>& W, T* y, Sweep sweep, bool threaded);
/// The same with W's numbers in 16 bits, rows x cols.
void rowProduct(const float* x, const HalfMatrix& W, int rows, int cols, float* y, Sweep sweep,
                bool threaded);

/// How many threads products of the calling thread use; all processors by default.
void useThreads(int threads);

inline constexpr std::size_t kNumbersWorthAThread = 1'000'000;

} // namespace attn
