// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace.h"

#include <algorithm>

namespace attn {

namespace {

const Row* findRow(const std::vector<Row>& rows, int site, int query) {
    const auto at = std::find_if(rows.begin(), rows.end(),
                                 [&](const Row& row) { return row.site == site && row.query == query; });
    return at == rows.end() ? nullptr : &*at;
}

} // namespace

const Row* Pass::row(int site) const {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.site == site; });
    return at == rows.end() ? nullptr : &*at;
}

const std::vector<float>& Pass::vector(StepVector kind) const {
    static const std::vector<float> none;
    const auto at = std::find_if(vectors.begin(), vectors.end(),
                                 [&](const Vector& vector) { return vector.kind == kind; });
    return at == vectors.end() ? none : at->values;
}

int Trace::axisOf(AxisKind kind) const {
    const auto at =
        std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.kind == kind; });
    return at == axes.end() ? -1 : static_cast<int>(at - axes.begin());
}

int Trace::siteOf(SiteKind kind) const {
    const auto at =
        std::find_if(sites.begin(), sites.end(), [&](const Site& site) { return site.kind == kind; });
    return at == sites.end() ? -1 : static_cast<int>(at - sites.begin());
}

const Row* Trace::row(int site, int query, const std::vector<int>& path) const {
    const Site& where = sites[static_cast<std::size_t>(site)];
    if (!axes[static_cast<std::size_t>(where.queryAxis)].isDecoded()) return findRow(rows, site, query);
    if (query < 0 || query >= static_cast<int>(path.size())) return nullptr;
    return passOf(path[static_cast<std::size_t>(query)]).row(site);
}

int Trace::length(int axis, const std::vector<int>& path) const {
    const Axis& of = axes[static_cast<std::size_t>(axis)];
    return static_cast<int>(of.isDecoded() ? path.size() : of.positions.size());
}

Position Trace::position(int axis, int index, const std::vector<int>& path) const {
    const Axis& of = axes[static_cast<std::size_t>(axis)];
    const auto i = static_cast<std::size_t>(index);
    if (!of.isDecoded()) return of.positions[i];
    const StepTrace& step = steps[static_cast<std::size_t>(path[i])];
    if (!of.read) return {step.wordText, step.wordId, step.role};
    const Pass& pass = passes[static_cast<std::size_t>(step.pass)];
    return {pass.inputText, pass.inputId, pass.inputRole};
}

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
