// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/closest_name.h"

#include <algorithm>
#include <cstdlib>

namespace attn {

int editDistance(std::string_view a, std::string_view b, int most) {
    if (std::abs(static_cast<long long>(a.size()) - static_cast<long long>(b.size())) >= most) return most;
    // Rows of the table of distances between beginnings: of a's first i - 2, i - 1 and i letters.
    std::vector<int> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j - 1] + (a[i - 1] != b[j - 1]), last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return std::min(last[b.size()], most);
}

std::string closestName(const std::string& name, const std::vector<std::string>& candidates) {
    std::string closest;
    int fewest = std::max(2, static_cast<int>(name.size()) / 3) + 1;
    for (const std::string& candidate : candidates) {
        const bool starts = name.size() >= 2 && candidate.starts_with(name);
        const int edits = starts ? 1 : editDistance(name, candidate, fewest);
        if (edits < fewest) {
            fewest = edits;
            closest = candidate;
        }
    }
    return closest;
}

} // namespace attn
