// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/bleu.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"

namespace attn {

namespace {

constexpr int kOrders = 4;

double smoothingValue(const BleuOptions& options) {
    return options.smoothingValue.value_or(options.smoothing == BleuSmoothing::Floor ? 0.1 : 1.0);
}

std::string printed(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string signatureOf(const BleuOptions& options, const std::string& references) {
    std::string smoothing(toText(options.smoothing));
    if (options.smoothing == BleuSmoothing::Floor || options.smoothing == BleuSmoothing::AddK)
        smoothing += "[" + printed("%.2f", smoothingValue(options)) + "]";
    return "nrefs:" + references + "|case:" + (options.lowercase ? "lc" : "mixed") +
           "|eff:" + (options.effectiveOrder ? "yes" : "no") + "|tok:" + std::string(toText(options.tokens)) +
           "|smooth:" + smoothing + "|version:attn-" + ATTENTOSCOPE_VERSION;
}

/// Adds one sentence's matches and lengths.
void count(const std::string& hypothesis, const std::vector<std::string>& references, ScoreTokens tokens,
           BleuResult& n) {
    const ItemRow system = ItemRow::ofWords(scoreWords(tokens, hypothesis));
    std::vector<ItemRow> rows;
    for (const std::string& reference : references)
        rows.push_back(ItemRow::ofWords(scoreWords(tokens, reference)));
    const auto nearer = [&](const ItemRow& a, const ItemRow& b) {
        return std::pair(std::abs(a.size() - system.size()), a.size()) <
               std::pair(std::abs(b.size() - system.size()), b.size());
    };
    n.systemLength += system.size();
    n.referenceLength += std::min_element(rows.begin(), rows.end(), nearer)->size();
    for (int order = 0; order < kOrders; ++order) {
        const auto found = system.counts(order + 1);
        std::vector<std::unordered_map<std::string_view, int>> known;
        for (const ItemRow& row : rows) known.push_back(row.counts(order + 1));
        for (const auto& [ngram, times] : found) {
            int most = 0;
            for (const auto& counts : known)
                if (const auto at = counts.find(ngram); at != counts.end()) most = std::max(most, at->second);
            n.matches[static_cast<std::size_t>(order)] += std::min(times, most);
            n.totals[static_cast<std::size_t>(order)] += times;
        }
    }
}

/// From the counts to precisions and score.
void finish(const BleuOptions& options, BleuResult& n) {
    const auto system = static_cast<double>(n.systemLength),
               reference = static_cast<double>(n.referenceLength);
    if (n.systemLength < n.referenceLength)
        n.brevityPenalty = n.systemLength > 0 ? std::exp(1 - reference / system) : 0;
    if (std::all_of(n.matches.begin(), n.matches.end(), [](long long m) { return m == 0; })) return;
    const double value = smoothingValue(options);
    double halving = 1, sumOfLogs = 0;
    int orders = 0;
    for (std::size_t i = 0; i < kOrders; ++i) {
        const bool raised = options.smoothing == BleuSmoothing::AddK && i > 0;
        const double matches = static_cast<double>(n.matches[i]) + (raised ? value : 0);
        const double total = static_cast<double>(n.totals[i]) + (raised ? value : 0);
        if (total == 0) break;
        orders = static_cast<int>(i) + 1;
        if (matches > 0)
            n.precisions[i] = 100 * matches / total;
        else if (options.smoothing == BleuSmoothing::Exponential)
            n.precisions[i] = 100 / ((halving *= 2) * total);
        else if (options.smoothing == BleuSmoothing::Floor)
            n.precisions[i] = 100 * value / total;
    }
    if (!options.effectiveOrder) orders = kOrders;
    for (std::size_t i = 0; i < static_cast<std::size_t>(orders); ++i) sumOfLogs += std::log(n.precisions[i]);
    n.score = n.brevityPenalty * std::exp(sumOfLogs / orders);
}

} // namespace

std::string BleuResult::text() const {
    std::string line = "BLEU|" + signature + " = " + printed("%.2f", score);
    for (std::size_t i = 0; i < kOrders; ++i) line += (i ? "/" : " ") + printed("%.1f", precisions[i]);
    const double ratio =
        referenceLength == 0 ? 0 : static_cast<double>(systemLength) / static_cast<double>(referenceLength);
    return line + " (BP = " + printed("%.3f", brevityPenalty) + " ratio = " + printed("%.3f", ratio) +
           " hyp_len = " + std::to_string(systemLength) + " ref_len = " + std::to_string(referenceLength) +
           ")";
}

BleuResult corpusBleu(const std::vector<std::string>& hypotheses, const References& references,
                      const BleuOptions& options) {
    const ScoredTexts texts = scoredTexts(hypotheses, references, options.lowercase);
    BleuResult n;
    n.signature = signatureOf(options, texts.referenceCount);
    for (std::size_t i = 0; i < texts.hypotheses.size(); ++i)
        count(texts.hypotheses[i], texts.references[i], options.tokens, n);
    finish(options, n);
    return n;
}

} // namespace attn
