// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/heads.h"

#include <algorithm>
#include <numeric>

namespace attn::ui {

std::vector<HeadSummary> headSummaries(const Trace& trace, const std::vector<int>& path) {
    std::vector<HeadSummary> summaries;
    if (path.empty() || trace.attention.maps() == 0) return summaries;
    for (int head = -1; head < trace.attention.maps(); ++head) {
        HeadSummary summary{alignment(trace, path, head)};
        const Alignment& map = summary.map;
        const auto rows = static_cast<float>(map.rows);
        summary.meanEntropy = std::accumulate(map.entropy.begin(), map.entropy.end(), 0.0F) / rows;
        for (auto row = map.weights.begin(); row != map.weights.end(); row += map.cols)
            summary.meanMaximum += *std::max_element(row, row + map.cols) / rows;
        summaries.push_back(std::move(summary));
    }
    return summaries;
}

} // namespace attn::ui
