// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "core/attention/stage.h"
#include "core/trace/trace.h"

namespace attn::ui {

/// At most one position on each axis of a trace. Positions count from 0; -1 means none.
class AxisPositions {
public:
    AxisPositions() = default;
    /// Pairs of an axis and a position on it. Pairs with an axis of -1 are ignored.
    AxisPositions(std::initializer_list<std::pair<int, int>> pairs) {
        for (const auto& [axis, position] : pairs) set(axis, position);
    }

    /// -1 if nothing is pointed at on that axis, or if there is no such axis.
    int operator[](int axis) const {
        return axis >= 0 && axis < size() ? m_positions[static_cast<std::size_t>(axis)] : -1;
    }
    void set(int axis, int position) {
        if (axis < 0) return;
        if (axis >= size()) m_positions.resize(static_cast<std::size_t>(axis) + 1, -1);
        m_positions[static_cast<std::size_t>(axis)] = position < 0 ? -1 : position;
        while (!m_positions.empty() && m_positions.back() < 0)
            m_positions.pop_back(); // equal sets compare equal
    }
    /// Axes from this one on have no position.
    int size() const { return static_cast<int>(m_positions.size()); }
    bool isEmpty() const { return m_positions.empty(); }

    bool operator==(const AxisPositions&) const = default;

private:
    std::vector<int> m_positions; ///< by axis; never ends with -1
};

/// What a person points at; -1 and no stage mean "nothing". All count from 0.
struct Pointing {
    AxisPositions at; ///< by index into PointingBounds::positions, which begins with Trace::axes
    int site = -1;    ///< hovered: a site; pinned: the site of the main map, -1 for the first
    int head = -1;    ///< hovered: a head; pinned: the promoted head, -1 for the mean of all
    int unit = -1;    ///< unit of the states that are shown
    std::optional<Stage> stage;

    bool operator==(const Pointing&) const = default;
};

/// The bounds of what can be pointed at. An axis without positions cannot be pointed at.
///
/// Where the positions of one axis look at each other, a site's queries and keys are pointed at separately:
/// the axis then stands a second time, behind all axes of the trace, for its queries (the axis of steps: for
/// its keys).
struct PointingBounds {
    struct SiteBounds {
        int heads = 0;
        int queryAxis = -1; ///< index into positions
        int keyAxis = -1;   ///< index into positions

        /// A query and a key as positions.
        AxisPositions at(int query, int key) const { return {{queryAxis, query}, {keyAxis, key}}; }

        bool operator==(const SiteBounds&) const = default;
    };
    std::vector<int> positions;    ///< number of positions by axis, Trace::axes first
    int stepAxis = -1;             ///< the axis whose positions are the tokens decoded, one a step
    int readAxis = -1;             ///< the axis whose positions are the tokens that the steps read
    std::vector<SiteBounds> sites; ///< by index into Trace::sites

    int length(int axis) const {
        return axis >= 0 && axis < static_cast<int>(positions.size())
                   ? positions[static_cast<std::size_t>(axis)]
                   : 0;
    }
    int steps() const { return length(stepAxis); }

    bool operator==(const PointingBounds&) const = default;
};

/// What can be pointed at in a path of a trace.
PointingBounds pointingBounds(const Trace& trace, const std::vector<int>& path);

} // namespace attn::ui
