// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/heads.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {

std::vector<HeadSummary> headSummaries(const Trace& trace, int site, const std::vector<int>& path) {
    std::vector<HeadSummary> summaries;
    if (site < 0) return summaries;
    const int heads = trace.sites[static_cast<std::size_t>(site)].heads;
    for (int head = -1; head < heads; ++head) {
        HeadSummary summary{attentionMap(trace, site, head, path)};
        const AttentionMap& map = summary.map;
        if (map.weights.empty()) return summaries;
        float rows = 0;
        for (int row = 0; row < map.rows; ++row) {
            const auto first = map.weights.begin() + static_cast<std::ptrdiff_t>(row) * map.cols;
            if (std::isnan(*first)) continue; // not recorded
            summary.meanEntropy += map.entropy[static_cast<std::size_t>(row)];
            summary.meanMaximum += *std::max_element(first, first + map.cols);
            ++rows;
        }
        summary.meanEntropy /= std::max(rows, 1.0F);
        summary.meanMaximum /= std::max(rows, 1.0F);
        summaries.push_back(std::move(summary));
    }
    return summaries;
}

} // namespace attn::ui
