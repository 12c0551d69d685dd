// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "ui/present/alignment.h"

namespace attn::ui {

/// One head's map with what sums it up.
struct HeadSummary {
    Alignment map;
    float meanEntropy = 0; ///< bits, over the steps
    float meanMaximum = 0; ///< of each step's largest weight
};

/// The mean of all heads first, then each head. Empty for a path without steps and for a model without
/// attention.
std::vector<HeadSummary> headSummaries(const Trace& trace, const std::vector<int>& path);

} // namespace attn::ui
