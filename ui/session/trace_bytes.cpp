// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/trace_bytes.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/array_pool_size.h"

namespace attn::ui {

namespace {

/// What malloc takes for a block: 8 bytes of its own, 16 at a time, 32 at least (glibc and most others).
std::size_t block(std::size_t bytes) {
    return bytes == 0 ? 0 : std::max<std::size_t>(32, (bytes + 8 + 15) / 16 * 16);
}

// held(x): the blocks that x owns, without x itself. Declared first, so that they find each other.
std::size_t held(const std::string& text);
std::size_t held(const Matrix<float>& matrix);
std::size_t held(const Site& site);
std::size_t held(const Position& position);
std::size_t held(const Axis& axis);
std::size_t held(const HeadTrace& head);
std::size_t held(const Row& row);
std::size_t held(const CellTrace::Part& part);
std::size_t held(const CellTrace& cell);
std::size_t held(const Track::Part& part);
std::size_t held(const Track& track);
std::size_t held(const Candidate& candidate);
std::size_t held(const Pass::Vector& vector);
std::size_t held(const Pass& pass);
std::size_t held(const StepTrace& step);

template <typename T>
std::size_t held(const std::vector<T>& list) {
    std::size_t bytes = block(list.capacity() * sizeof(T));
    if constexpr (!std::is_trivially_copyable_v<T>)
        for (const T& item : list) bytes += held(item);
    return bytes;
}

template <typename... Parts>
std::size_t sum(const Parts&... parts) {
    return (std::size_t(0) + ... + held(parts));
}

std::size_t held(const std::string& text) {
    const bool isInside = text.capacity() <= std::string().capacity();
    return isInside ? 0 : block(text.capacity() + 1);
}
std::size_t held(const Matrix<float>& matrix) {
    return matrix.empty() ? 0 : block(poolBlockBytes(matrix.size() * sizeof(float)));
}
std::size_t held(const Position& position) {
    return held(position.text);
}
std::size_t held(const Site& site) {
    return site.rule ? held(site.rule->constantRelevance) : 0;
}
std::size_t held(const Axis& axis) {
    return held(axis.positions);
}
std::size_t held(const HeadTrace& head) {
    return sum(head.scores, head.scoreTerms, head.allowed, head.normalised, head.gaussian, head.relevance,
               head.factor, head.monotonic, head.weights, head.coverage, head.coverageAfter, head.context);
}
std::size_t held(const Row& row) {
    return sum(row.heads, row.ungated, row.gate, row.context);
}
std::size_t held(const CellTrace::Part& part) {
    return held(part.values);
}
std::size_t held(const CellTrace& cell) {
    return held(cell.parts);
}
std::size_t held(const Track::Part& part) {
    return held(part.values);
}
std::size_t held(const Track& track) {
    return held(track.parts);
}
std::size_t held(const Candidate& candidate) {
    return held(candidate.text);
}
std::size_t held(const Pass::Vector& vector) {
    return held(vector.values);
}
std::size_t held(const Pass& pass) {
    return sum(pass.inputText, pass.rows, pass.states, pass.vectors) +
           (pass.output ? held(pass.output->candidates) : 0);
}
std::size_t held(const StepTrace& step) {
    return held(step.wordText);
}

} // namespace

std::size_t traceBytes(const Trace& trace) {
    return block(sizeof(Trace) + 16) + // the shared pointer's counts beside it
           sum(trace.modelName, trace.sourceText, trace.axes, trace.sites, trace.tracks, trace.encoderOutputs,
               trace.rows, trace.initialState, trace.passes, trace.steps, trace.leaves, trace.gold);
}

} // namespace attn::ui
