// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "ui/present/attention_map.h"

namespace attn::ui {

/// One head's map with what sums it up.
struct HeadSummary {
    AttentionMap map;
    float meanEntropy = 0; ///< bits, over the queries
    float meanMaximum = 0; ///< of each query's largest weight
};

/// The mean of all heads first, then each head of a site. Empty for a map without cells and for a site of -1.
std::vector<HeadSummary> headSummaries(const Trace& trace, int site, const std::vector<int>& path);

} // namespace attn::ui
