// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/model/model.h"

namespace attn {

/// Which words a model's search may choose: all but those that its card bans.
class WordChoice {
public:
    /// All words.
    WordChoice() = default;
    explicit WordChoice(const Model& model);

    bool allows(int id, int time) const {
        return !(time == 0 && id == m_notFirst) &&
               (static_cast<std::size_t>(id) >= m_never.size() || !m_never[static_cast<std::size_t>(id)]);
    }
    /// The first of the largest among the allowed ones; `likeliest`, the largest of all, if it is allowed, or
    /// if none is.
    int best(const float* scores, int count, int likeliest, int time) const;

private:
    std::vector<bool> m_never; ///< by id; empty: all are allowed
    int m_notFirst = -1;
};

} // namespace attn
