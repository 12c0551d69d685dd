// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/parameters.h"

namespace attn {

/// The same numbers in variables of their own; copying Parameters itself shares them.
inline Parameters<float> copyOf(const Parameters<float>& parameters) {
    Parameters<float> copy;
    for (const auto& entry : parameters.entries()) copy.add(entry.shape, entry.var.value());
    return copy;
}

} // namespace attn
