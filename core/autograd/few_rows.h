// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/autograd/row_product.h"

namespace attn {

/// y = x W' for 2 to kFewRows rows of x: W is read once for all of them, and each number is summed in an
/// order that depends on W.cols() alone. For more rows a product by blocks is faster.
void fewRowsProduct(const Matrix<float>& x, const Matrix<float>& W, Matrix<float>& y, Sweep sweep,
                    bool threaded);
inline constexpr int kFewRows = 16;

} // namespace attn
