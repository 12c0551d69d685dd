// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/pointing.h"

namespace attn::ui {

PointingBounds pointingBounds(const Trace& trace, const std::vector<int>& path) {
    PointingBounds bounds;
    for (int axis = 0; axis < static_cast<int>(trace.axes.size()); ++axis) {
        const Axis& which = trace.axes[static_cast<std::size_t>(axis)];
        bounds.positions.push_back(trace.length(axis, path));
        if (which.isDecoded() && !which.read && bounds.stepAxis < 0) bounds.stepAxis = axis;
    }
    for (const Site& site : trace.sites) bounds.sites.push_back({site.heads, site.queryAxis, site.keyAxis});
    return bounds;
}

} // namespace attn::ui
