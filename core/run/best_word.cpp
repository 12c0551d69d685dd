// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/best_word.h"

#include <algorithm>
#include <cmath>

#include "core/autograd/eigen_map.h"

namespace attn {

BestWord bestWord(const Matrix<float>& logits, int row) {
    const auto all = eigenRows(logits, row, 1).array();
    const float top = all.maxCoeff();
    const double sum = static_cast<double>((all - top).exp().sum());
    const float* const numbers = logits.row(row);
    const auto at = std::find(numbers, numbers + logits.cols(), top);
    const int id = at == numbers + logits.cols() ? 0 : static_cast<int>(at - numbers);
    return {id, -std::log(sum), static_cast<double>(top) + std::log(sum)};
}

} // namespace attn
