// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/attention_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/measure/attention_measures.h"
#include "ui/present/axis_text.h"

namespace attn::ui {

namespace {
/// One row of the map; positions that the query had no key for stay 0 and not allowed.
void fillRow(const Row& row, int head, int cols, float* weights, unsigned char* allowed) {
    const auto first = row.heads.begin() + std::max(head, 0);
    const auto last = head < 0 ? row.heads.end() : first + 1;
    const std::vector<float> values = head < 0 ? meanOverHeads(row.heads) : first->weights;
    const auto known = std::min(values.size(), static_cast<std::size_t>(cols));
    std::copy_n(values.begin(), known, weights);
    for (auto part = first; part != last; ++part)
        for (std::size_t j = 0; j < known; ++j)
            allowed[j] |= part->allowed.empty() || part->allowed[j] != 0; // not recorded: no scope is known
}
} // namespace

AttentionMap attentionMap(const Trace& trace, int site, int head, const std::vector<int>& path) {
    AttentionMap map;
    map.site = site;
    map.head = head;
    if (site < 0) return map;
    if (site >= static_cast<int>(trace.sites.size()))
        throw Error(ErrorKind::Bug, "site " + std::to_string(site) + " of " +
                                        std::to_string(trace.sites.size()) + " was asked for");
    const Site& where = trace.sites[static_cast<std::size_t>(site)];
    if (head < -1 || head >= where.heads)
        throw Error(ErrorKind::Bug,
                    "head " + std::to_string(head) + " of " + std::to_string(where.heads) + " was asked for");
    map.heads = where.heads;
    map.rowLabels = axisLabels(trace, where.queryAxis, path);
    map.columnLabels = axisLabels(trace, where.keyAxis, path);
    map.rows = static_cast<int>(map.rowLabels.size());
    map.cols = static_cast<int>(map.columnLabels.size());
    const auto cols = static_cast<std::size_t>(map.cols);
    map.weights.assign(static_cast<std::size_t>(map.rows) * cols, 0);
    map.allowed.assign(map.weights.size(), 0);
    std::vector<std::size_t> missing;
    for (int query = 0; query < map.rows; ++query) {
        const std::size_t at = static_cast<std::size_t>(query) * cols;
        if (const Row* row = trace.row(site, query, path))
            fillRow(*row, head, map.cols, map.weights.data() + at, map.allowed.data() + at);
        else
            missing.push_back(at);
        map.entropy.push_back(static_cast<float>(attentionEntropyBits(map.weights.data() + at, map.cols)));
    }
    map.coverage = attentionCoverage(map.weights.data(), map.rows, map.cols);
    for (std::size_t at : missing) {
        std::fill_n(map.weights.begin() + static_cast<std::ptrdiff_t>(at), cols,
                    std::numeric_limits<float>::quiet_NaN());
        std::fill_n(map.allowed.begin() + static_cast<std::ptrdiff_t>(at), cols,
                    static_cast<unsigned char>(1));
        map.entropy[at / std::max(cols, std::size_t(1))] = std::numeric_limits<float>::quiet_NaN();
    }
    if (std::all_of(map.allowed.begin(), map.allowed.end(), [](unsigned char a) { return a != 0; }))
        map.allowed.clear();
    return map;
}

std::vector<GoldLink> goldCells(const Trace& trace, int site) {
    std::vector<GoldLink> cells;
    if (site < 0) return cells;
    const Site& at = trace.sites[static_cast<std::size_t>(site)];
    if (at.queryAxis != trace.axisOf(AxisKind::Target) || at.keyAxis != trace.axisOf(AxisKind::Source))
        return cells;
    for (const attn::GoldLink& link : trace.gold) cells.push_back({link.target, link.source, link.sure});
    return cells;
}

QString mapText(const AttentionMap& map) {
    static const QString shades = QStringLiteral(" .:-=+*#%@");
    qsizetype label = 0;
    for (const QString& row : map.rowLabels) label = std::max(label, row.size());
    QString text;
    for (int j = 0; j < map.cols; ++j)
        text += QString(label + 2 + 2 * j, QLatin1Char(' ')) + map.columnLabels[j] + QLatin1Char('\n');
    for (int t = 0; t < map.rows; ++t) {
        text += map.rowLabels[t].leftJustified(label) + QStringLiteral("  ");
        for (int j = 0; j < map.cols; ++j) {
            const float weight = map.weight(t, j);
            const int shade = std::isnan(weight) ? 0 : std::clamp(static_cast<int>(weight * 10), 0, 9);
            text += QString(2, shades[shade]);
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace attn::ui
