// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <list>

#include "core/model/model.h"
#include "core/run/recipe.h"
#include "core/trace/trace.h"

namespace attn::ui {

/// The traces asked for last, by model and recipe. Bounded by the bytes that they take (traceBytes); the
/// newest is always kept.
class TraceCache {
public:
    explicit TraceCache(std::size_t byteLimit = std::size_t(256) << 20) : m_limit(byteLimit) {}

    /// nullptr if it is not there.
    TracePtr find(const ModelPtr& model, const Recipe& recipe);
    /// Keeps the trace, unless the question has one already; returns the one that is kept.
    TracePtr insert(const ModelPtr& model, const Recipe& recipe, TracePtr trace);
    /// Lets go of a model and of its traces.
    void forget(const ModelPtr& model);
    std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        ModelPtr model;
        Recipe recipe;
        TracePtr trace;
        std::size_t bytes;
    };
    std::size_t m_limit;
    std::size_t m_bytes = 0;
    std::list<Entry> m_entries; ///< newest first
};

} // namespace attn::ui
