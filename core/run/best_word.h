// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/matrix.h"

namespace attn {

/// The most probable word of one row of logits, the first where several are alike.
struct BestWord {
    int id = 0;
    double logProb = 0; ///< natural logarithm of its probability
    double logSumExp =
        0; ///< a word's log-probability is its logit minus this; not finite if the logits are not
};
BestWord bestWord(const Matrix<float>& logits, int row);

} // namespace attn
