// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/trace_cache.h"

#include <algorithm>

#include "ui/session/trace_bytes.h"

namespace attn::ui {

TracePtr TraceCache::find(const ModelPtr& model, const Recipe& recipe) {
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) {
        return entry.model == model && entry.recipe == recipe;
    });
    if (at == m_entries.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, at);
    return m_entries.front().trace;
}

TracePtr TraceCache::insert(const ModelPtr& model, const Recipe& recipe, TracePtr trace) {
    if (const TracePtr known = find(model, recipe)) return known;
    const std::size_t bytes = traceBytes(*trace);
    m_entries.push_front({model, recipe, std::move(trace), bytes});
    m_bytes += bytes;
    while (m_bytes > m_limit && m_entries.size() > 1) {
        m_bytes -= m_entries.back().bytes;
        m_entries.pop_back();
    }
    return m_entries.front().trace;
}

void TraceCache::forget(const ModelPtr& model) {
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        if (entry->model == model) {
            m_bytes -= entry->bytes;
            entry = m_entries.erase(entry);
        } else {
            ++entry;
        }
    }
}

} // namespace attn::ui
