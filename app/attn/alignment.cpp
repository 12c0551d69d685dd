// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/alignment.h"

#include <algorithm>
#include <numeric>

#include "app/attn/output.h"
#include "core/base/error.h"
#include "core/measure/attention_measures.h"

namespace attn::cli {

namespace {

/// Source positions of one step, heaviest first.
std::vector<int> heaviestFirst(const Matrix<float>& weights, int step) {
    std::vector<int> order(static_cast<std::size_t>(weights.cols()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return weights(step, a) > weights(step, b); });
    return order;
}

std::string headText(const Trace& trace, int head) {
    const int heads = trace.sites.front().heads;
    if (heads == 1) return "";
    return head == meanOfHeads ? ", mean of " + std::to_string(heads) + " heads"
                               : ", head " + std::to_string(head) + " of " + std::to_string(heads);
}

std::string hundredths(float weight) {
    const std::string text = decimal(100.0 * weight, 0);
    return text == "0" || text == "-0" ? "\u00b7" : text;
}

/// Texts of an axis's positions.
std::vector<std::string> texts(const Trace& trace, int axis, const std::vector<int>& path) {
    std::vector<std::string> all;
    for (int i = 0; i < trace.length(axis, path); ++i) all.push_back(trace.position(axis, i, path).text);
    return all;
}

/// The lines of the table, a row for each of `words`, a column for each of `keys`; empty if they would be
/// wider than `columns`.
std::string table(const std::vector<std::string>& words, const std::vector<std::string>& keys,
                  const Matrix<float>& weights, int columns) {
    int left = 0;
    for (const std::string& word : words) left = std::max(left, displayWidth(word));
    std::vector<int> widths;
    int total = left;
    for (int j = 0; j < weights.cols(); ++j) {
        int width = displayWidth(keys[static_cast<std::size_t>(j)]);
        for (int t = 0; t < weights.rows(); ++t)
            width = std::max(width, displayWidth(hundredths(weights(t, j))));
        widths.push_back(width);
        total += 2 + width;
    }
    if (total > columns) return "";

    std::string text = padRight("", left);
    for (std::size_t j = 0; j < widths.size(); ++j) text += "  " + padLeft(keys[j], widths[j]);
    text += '\n';
    for (int t = 0; t < weights.rows(); ++t) {
        text += padRight(words[static_cast<std::size_t>(t)], left);
        for (int j = 0; j < weights.cols(); ++j)
            text += "  " + padLeft(hundredths(weights(t, j)), widths[static_cast<std::size_t>(j)]);
        text += '\n';
    }
    return text;
}

/// A line per target word: source words until 0.9 of the row's weight or five of them are named.
std::string list(const std::vector<std::string>& words, const std::vector<std::string>& keys,
                 const Matrix<float>& weights) {
    int left = 0;
    for (const std::string& word : words) left = std::max(left, displayWidth(word));
    std::string text;
    for (int t = 0; t < weights.rows(); ++t) {
        text += padRight(words[static_cast<std::size_t>(t)], left) + " ";
        const double whole = std::accumulate(weights.row(t), weights.row(t) + weights.cols(), 0.0);
        double named = 0;
        int count = 0;
        for (const int j : heaviestFirst(weights, t)) {
            if (count == 5 || (count > 0 && named >= 0.9 * whole)) break;
            text += std::string(count++ ? ", " : " ") + keys[static_cast<std::size_t>(j)] + " " +
                    decimal(weights(t, j), 2);
            named += weights(t, j);
        }
        if (count < weights.cols()) text += ", others " + decimal(whole - named, 2);
        text += '\n';
    }
    return text;
}

} // namespace

void checkHead(const std::vector<Site>& sites, int head) {
    if (head == meanOfHeads) return;
    if (sites.empty())
        throw Error(ErrorKind::Argument, "There is no head " + std::to_string(head) +
                                             ": this model has no attention, and so no heads.");
    const int heads = sites.front().heads;
    if (head < 0 || head >= heads)
        throw Error(ErrorKind::Argument, "There is no head " + std::to_string(head) + ": the model has " +
                                             std::to_string(heads) + ", counted from 0.");
}

Matrix<float> weightsAlong(const Trace& trace, const std::vector<int>& path, int head) {
    checkHead(trace.sites, head);
    if (trace.sites.empty()) return {static_cast<int>(path.size()), 0};
    const Site& site = trace.sites.front();
    Matrix<float> weights(trace.length(site.queryAxis, path), trace.length(site.keyAxis, path), 0.0F);
    for (int t = 0; t < weights.rows(); ++t) {
        const Row* const row = trace.row(0, t, path);
        if (!row) continue;
        const std::vector<float> known = head == meanOfHeads
                                             ? meanOverHeads(row->heads)
                                             : row->heads[static_cast<std::size_t>(head)].weights;
        std::copy(known.begin(), known.end(), weights.row(t)); // keys that come later have no weight yet
    }
    return weights;
}

std::string alignmentText(const Trace& trace, const std::vector<int>& path, int head, int columns) {
    const Matrix<float> weights = weightsAlong(trace, path, head);
    if (trace.sites.empty())
        return trace.axisOf(AxisKind::Source) < 0
                   ? "This model has no attention: all it knows of the preceding words is in its state.\n"
                   : "This model has no attention: it reads the whole source as one vector, so no target "
                     "word is\n"
                     "aligned with a source word.\n";
    const std::vector<std::string> words = texts(trace, trace.sites.front().queryAxis, path),
                                   keys = texts(trace, trace.sites.front().keyAxis, path);
    const std::string wide = table(words, keys, weights, columns);
    if (!wide.empty()) return "Weights in hundredths" + headText(trace, head) + ":\n" + wide;
    const Axis& looked = trace.axes[static_cast<std::size_t>(trace.sites.front().keyAxis)];
    return (looked.isDecoded() ? "Heaviest earlier words" : "Heaviest source words") + headText(trace, head) +
           ":\n" + list(words, keys, weights);
}

std::vector<AlignmentLink> heaviestLinks(const Trace& trace, const std::vector<int>& path, int head) {
    const Matrix<float> weights = weightsAlong(trace, path, head);
    if (trace.sites.empty()) return {};
    const auto words = [&](int axis) {
        int count = 0;
        for (int i = 0; i < trace.length(axis, path); ++i) count += trace.position(axis, i, path).isWord();
        return count;
    };
    const Site& site = trace.sites.front();
    return attn::heaviestLinks(weights, words(site.queryAxis), words(site.keyAxis));
}

std::string pharaohText(const std::vector<AlignmentLink>& links) {
    std::string text;
    for (const AlignmentLink& link : links)
        text += (text.empty() ? "" : " ") + std::to_string(link.source) + "-" + std::to_string(link.target);
    return text;
}

} // namespace attn::cli
