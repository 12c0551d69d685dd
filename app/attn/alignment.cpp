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
    const int heads = trace.attention.maps();
    if (heads <= 1) return "";
    return head == meanOfHeads ? ", mean of " + std::to_string(heads) + " heads"
                               : ", head " + std::to_string(head) + " of " + std::to_string(heads);
}

std::string hundredths(float weight) {
    const std::string text = decimal(100.0 * weight, 0);
    return text == "0" || text == "-0" ? "\u00b7" : text;
}

/// The lines of the table; empty if they would be wider than `columns`.
std::string table(const Trace& trace, const std::vector<std::string>& words, const Matrix<float>& weights,
                  int columns) {
    int left = 0;
    for (const std::string& word : words) left = std::max(left, displayWidth(word));
    std::vector<int> widths;
    int total = left;
    for (int j = 0; j < weights.cols(); ++j) {
        int width = displayWidth(trace.source[static_cast<std::size_t>(j)].text);
        for (int t = 0; t < weights.rows(); ++t)
            width = std::max(width, displayWidth(hundredths(weights(t, j))));
        widths.push_back(width);
        total += 2 + width;
    }
    if (total > columns) return "";

    std::string text = padRight("", left);
    for (std::size_t j = 0; j < widths.size(); ++j) text += "  " + padLeft(trace.source[j].text, widths[j]);
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
std::string list(const Trace& trace, const std::vector<std::string>& words, const Matrix<float>& weights) {
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
            text += std::string(count++ ? ", " : " ") + trace.source[static_cast<std::size_t>(j)].text + " " +
                    decimal(weights(t, j), 2);
            named += weights(t, j);
        }
        if (count < weights.cols()) text += ", others " + decimal(whole - named, 2);
        text += '\n';
    }
    return text;
}

} // namespace

void checkHead(const AttentionSpec& attention, int head) {
    const int heads = attention.maps();
    if (heads == 0 && head != meanOfHeads)
        throw Error(ErrorKind::Argument, "There is no head " + std::to_string(head) +
                                             ": this model has no attention, and so no heads.");
    if (head != meanOfHeads && (head < 0 || head >= heads))
        throw Error(ErrorKind::Argument, "There is no head " + std::to_string(head) + ": the model has " +
                                             std::to_string(heads) + ", counted from 0.");
}

Matrix<float> weightsAlong(const Trace& trace, const std::vector<int>& path, int head) {
    checkHead(trace.attention, head);
    const int heads = trace.attention.maps();
    const int positions = heads == 0 ? 0 : static_cast<int>(trace.source.size());
    Matrix<float> weights(static_cast<int>(path.size()), positions);
    for (int t = 0; t < weights.rows(); ++t) {
        const StepTrace& step = trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(t)])];
        for (int j = 0; j < positions; ++j) {
            const auto at = [&](int h) {
                return step.heads[static_cast<std::size_t>(h)].weights[static_cast<std::size_t>(j)];
            };
            double sum = 0;
            for (int h = 0; h < heads; ++h) sum += at(h);
            weights(t, j) = head == meanOfHeads ? static_cast<float>(sum / heads) : at(head);
        }
    }
    return weights;
}

std::string alignmentText(const Trace& trace, const std::vector<int>& path, int head, int columns) {
    const Matrix<float> weights = weightsAlong(trace, path, head);
    if (trace.attention.maps() == 0)
        return "This model has no attention: it reads the whole source as one vector, so no target word is\n"
               "aligned with a source word.\n";
    const std::vector<std::string> words = trace.words(path);
    const std::string wide = table(trace, words, weights, columns);
    if (!wide.empty()) return "Weights in hundredths" + headText(trace, head) + ":\n" + wide;
    return "Heaviest source words" + headText(trace, head) + ":\n" + list(trace, words, weights);
}

std::vector<AlignmentLink> heaviestLinks(const Trace& trace, const std::vector<int>& path, int head) {
    const auto words = std::count_if(
        path.begin(), path.end(), [&](int step) { return !trace.steps[static_cast<std::size_t>(step)].end; });
    const auto sourceWords = std::count_if(trace.source.begin(), trace.source.end(),
                                           [](const SourceToken& token) { return !token.special; });
    return attn::heaviestLinks(weightsAlong(trace, path, head), static_cast<int>(words),
                               static_cast<int>(sourceWords));
}

std::string pharaohText(const std::vector<AlignmentLink>& links) {
    std::string text;
    for (const AlignmentLink& link : links)
        text += (text.empty() ? "" : " ") + std::to_string(link.source) + "-" + std::to_string(link.target);
    return text;
}

} // namespace attn::cli
