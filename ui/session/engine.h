// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "ui/session/lane.h"

namespace attn::ui {

/// The threads beside the window's: a lane that opens files, one for each column of the question, and one for
/// what nobody waits for. A lane never waits for another.
class Engine {
public:
    Lane& opening() { return m_opening; }
    Lane& background() { return m_background; }
    Lane& column(int column) { return *m_columns.at(static_cast<std::size_t>(column)); }
    /// A lane for a new column at this place.
    void insertColumn(int column);
    /// Stops what the column's lane runs and waits for it to end.
    void removeColumn(int column);
    /// Stops every lane and waits for it to end.
    void stop();

private:
    Lane m_opening;
    Lane m_background;
    std::vector<std::unique_ptr<Lane>> m_columns;
};

} // namespace attn::ui
