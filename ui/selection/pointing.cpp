// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/pointing.h"

namespace attn::ui {

PointingBounds pointingBounds(const Trace& trace, const std::vector<int>& path) {
    PointingBounds bounds;
    for (int axis = 0; axis < static_cast<int>(trace.axes.size()); ++axis) {
        const Axis& which = trace.axes[static_cast<std::size_t>(axis)];
        bounds.positions.push_back(trace.length(axis, path));
        if (!which.isDecoded()) continue;
        int& steps = which.read ? bounds.readAxis : bounds.stepAxis;
        if (steps < 0) steps = axis;
    }
    std::vector<int> again(trace.axes.size(), -1); // where an axis stands a second time
    for (const Site& site : trace.sites) {
        int query = site.queryAxis, key = site.keyAxis;
        if (query == key) {
            int& second = again[static_cast<std::size_t>(key)];
            if (second < 0) {
                second = static_cast<int>(bounds.positions.size());
                bounds.positions.push_back(bounds.length(key));
            }
            (key == bounds.stepAxis ? key : query) = second;
        }
        bounds.sites.push_back({site.heads, query, key});
    }
    return bounds;
}

} // namespace attn::ui
