// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/trace_cache.h"

#include <algorithm>

namespace attn::ui {

namespace {
std::size_t numbersIn(const std::vector<Row>& rows) {
    std::size_t numbers = 0;
    for (const Row& row : rows) {
        for (const HeadTrace& head : row.heads)
            numbers += head.scoreTerms.size() + 6 * head.weights.size() + head.context.size();
        numbers += row.ungated.size() + row.gate.size() + row.context.size();
    }
    return numbers;
}
} // namespace

std::size_t traceBytes(const Trace& trace) {
    std::size_t numbers = trace.encoderOutputs.size() + numbersIn(trace.rows);
    for (const Track& track : trace.tracks)
        for (const Track::Part& part : track.parts) numbers += part.values.size();
    for (const Pass& pass : trace.passes) {
        numbers += numbersIn(pass.rows);
        for (const CellTrace& cell : pass.states)
            for (const CellTrace::Part& part : cell.parts) numbers += part.values.size();
        for (const Pass::Vector& vector : pass.vectors) numbers += vector.values.size();
    }
    return numbers * sizeof(float);
}

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

} // namespace attn::ui
