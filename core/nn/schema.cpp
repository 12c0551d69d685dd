// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/schema.h"

namespace attn {

long long parameterCount(const Schema& schema) {
    long long count = 0;
    for (const ParameterShape& p : schema) count += static_cast<long long>(p.rows()) * p.cols();
    return count;
}

} // namespace attn
