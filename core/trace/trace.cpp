// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace.h"

#include <algorithm>

namespace attn {

std::vector<int> Trace::path(int leaf) const {
    std::vector<int> indices;
    for (int at = leaf; at >= 0; at = steps[static_cast<std::size_t>(at)].parent) indices.push_back(at);
    std::reverse(indices.begin(), indices.end());
    return indices;
}

std::vector<std::string> Trace::words(const std::vector<int>& path) const {
    std::vector<std::string> all;
    for (int at : path) all.push_back(steps[static_cast<std::size_t>(at)].wordText);
    return all;
}

} // namespace attn
