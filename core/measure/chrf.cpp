// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/chrf.h"

#include <algorithm>
#include <cstdio>

#include "core/measure/score_text.h"

namespace attn {

namespace {

/// N-grams of one order.
struct OrderCounts {
    double hypothesis = 0, reference = 0, matched = 0;
};
using Counts = std::vector<OrderCounts>;

OrderCounts compare(const ItemRow& hypothesis, const ItemRow& reference, int n) {
    const auto length = [n](const ItemRow& row) { return std::max(0, row.size() - n + 1); };
    OrderCounts counts;
    counts.reference = length(reference);
    // A reference too short for this order says nothing of it.
    if (length(reference) == 0) return counts;
    counts.hypothesis = length(hypothesis);
    const auto known = reference.counts(n);
    for (const auto& [ngram, times] : hypothesis.counts(n))
        if (const auto at = known.find(ngram); at != known.end())
            counts.matched += std::min(times, at->second);
    return counts;
}

double fScore(double precision, double recall, double beta) {
    const double weight = beta * beta, sum = weight * precision + recall;
    return sum > 0 ? (1 + weight) * precision * recall / sum : 0;
}

double scoreOf(const Counts& counts, const ChrfOptions& options) {
    constexpr double epsilon = 1e-16;
    double precision = 0, recall = 0, smoothed = 0;
    int orders = 0;
    for (const OrderCounts& n : counts) {
        const double p = n.hypothesis > 0 ? n.matched / n.hypothesis : epsilon;
        const double r = n.reference > 0 ? n.matched / n.reference : epsilon;
        smoothed += p + r > 0 ? fScore(p, r, options.beta) : epsilon;
        if (n.hypothesis == 0 || n.reference == 0) continue;
        precision += p;
        recall += r;
        ++orders;
    }
    if (options.epsilonSmoothing) return 100 * smoothed / static_cast<double>(counts.size());
    return orders == 0 ? 0 : 100 * fScore(precision / orders, recall / orders, options.beta);
}

struct Rows {
    ItemRow characters, words;
};

Rows rowsOf(const std::string& text, const ChrfOptions& options) {
    return {ItemRow::ofCharacters(text),
            options.wordOrder > 0 ? ItemRow::ofWords(chrfWords(text)) : ItemRow()};
}

Counts compareAll(const Rows& hypothesis, const Rows& reference, const ChrfOptions& options) {
    Counts counts;
    for (int n = 1; n <= options.characterOrder; ++n)
        counts.push_back(compare(hypothesis.characters, reference.characters, n));
    for (int n = 1; n <= options.wordOrder; ++n)
        counts.push_back(compare(hypothesis.words, reference.words, n));
    return counts;
}

std::string shortest(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

} // namespace

Findings ChrfOptions::validate() const {
    Findings faults;
    const auto fault = [&](const char* field, const std::string& text) {
        faults.push_back({Severity::Fault, field, text});
    };
    if (characterOrder < 0)
        fault("characterOrder", "is " + std::to_string(characterOrder) + "; expected 0 or more");
    if (wordOrder < 0) fault("wordOrder", "is " + std::to_string(wordOrder) + "; expected 0 or more");
    if (characterOrder == 0 && wordOrder == 0) fault("characterOrder", "is 0, and so is wordOrder");
    if (!(beta > 0)) fault("beta", "is " + shortest(beta) + "; expected more than 0");
    return faults;
}

std::string ChrfResult::text() const {
    char figure[64];
    std::snprintf(figure, sizeof figure, "%.2f", score);
    return name + "|" + signature + " = " + figure;
}

ChrfResult corpusChrf(const std::vector<std::string>& hypotheses, const References& references,
                      const ChrfOptions& options) {
    throwFaults(ErrorKind::Argument, "chrF cannot be computed:", options.validate());
    const ScoredTexts texts = scoredTexts(hypotheses, references, options.lowercase);
    Counts total(static_cast<std::size_t>(options.characterOrder + options.wordOrder));
    for (std::size_t i = 0; i < texts.hypotheses.size(); ++i) {
        const Rows hypothesis = rowsOf(texts.hypotheses[i], options);
        Counts best;
        double most = -1;
        for (const std::string& reference : texts.references[i]) {
            Counts counts = compareAll(hypothesis, rowsOf(reference, options), options);
            const double score = scoreOf(counts, options);
            if (score <= most) continue;
            most = score;
            best = std::move(counts);
        }
        for (std::size_t n = 0; n < total.size(); ++n) {
            total[n].hypothesis += best[n].hypothesis;
            total[n].reference += best[n].reference;
            total[n].matched += best[n].matched;
        }
    }
    ChrfResult result;
    result.score = scoreOf(total, options);
    result.name =
        "chrF" + shortest(options.beta) + std::string(static_cast<std::size_t>(options.wordOrder), '+');
    result.signature = "nrefs:" + texts.referenceCount + "|case:" + (options.lowercase ? "lc" : "mixed") +
                       "|eff:" + (options.epsilonSmoothing ? "no" : "yes") +
                       "|nc:" + std::to_string(options.characterOrder) +
                       "|nw:" + std::to_string(options.wordOrder) + "|space:no|version:attn-" +
                       ATTENTOSCOPE_VERSION;
    return result;
}

} // namespace attn
