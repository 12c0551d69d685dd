// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace attn {

/// What one edit of the recipe did at one place: the value as the network made it, and as it went on. Of a mask,
/// 1 where a position takes part.
struct EditTrace {
    int edit = 0;      ///< index into Recipe::edits
    int pass = -1;     ///< index into Trace::passes; -1: before the first step
    int head = -1;     ///< -1: the place has no heads
    int position = -1; ///< of a cell in the encoder: the position that it read
    std::vector<float> before, after;
};

} // namespace attn
