// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/attention_spec.h"

namespace attn {

namespace {

/// Widths that one head's score works on: the projected ones where there are heads.
struct HeadWidths {
    int query, key;
};
HeadWidths headWidths(const AttentionSpec& s) {
    return s.heads > 0 ? HeadWidths{s.headWidth, s.headWidth} : HeadWidths{s.queryWidth, s.keyWidth};
}

bool needsAttentionWidth(const AttentionSpec& s) {
    return s.score == Score::Additive || s.score == Score::Concat || s.scope == Scope::LocalP ||
           (s.relevance && s.constantRelevance.empty());
}
bool knowsPositions(Score s) {
    return s == Score::Location || s == Score::LocationKey;
}

Schema headSchema(const AttentionSpec& s, const std::string& prefix) {
    const auto [q, k] = headWidths(s);
    const int A = s.attentionWidth;
    Schema p;
    const auto has = [&](const char* name, std::vector<int> shape) {
        p.push_back({prefix + name, std::move(shape)});
    };
    switch (s.score) {
        case Score::Dot:
        case Score::ScaledDot:
            break;
        case Score::General:
            has("W", {q, k});
            break;
        case Score::Additive:
            if (q > 0) has("W_query", {A, q});
            has("W_key", {A, k});
            has("b", {A});
            has("v", {A});
            if (s.norm == NormPlace::None) break;
            has("gain_key", {A});
            if (q > 0) has("gain_query", {A});
            if (s.norm == NormPlace::AfterBias) {
                has("shift_key", {A});
                if (q > 0) has("shift_query", {A});
            }
            break;
        case Score::Concat:
            has("W", {A, q + k});
            has("v", {A});
            break;
        case Score::Location:
            has("W", {s.maxPositions, q});
            if (s.locationBias) has("b", {s.maxPositions});
            break;
        case Score::Cosine:
            has("beta", {});
            break;
        case Score::LocationKey:
            has("W", {s.sharedQuery ? 1 : s.maxPositions, q});
            has("u", {k});
            break;
    }
    if (s.coverage) has("w_coverage", {A});
    if (s.scope == Scope::LocalP) {
        has("W_position", {A, q});
        has("v_position", {A});
    }
    if (s.scope == Scope::Monotonic) has("b_monotonic", {});
    if (s.relevance && s.constantRelevance.empty()) {
        has("W_relevance_query", {A, q});
        has("W_relevance_key", {A, k});
        has("b_relevance", {A});
        has("w_relevance", {A});
    }
    return p;
}

} // namespace

int AttentionSpec::contextWidth() const {
    return heads > 0 && outputWidth > 0 ? outputWidth : valueWidth;
}

Findings AttentionSpec::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    checkBounds(*this, "", faults);
    const auto number = [](int n) { return std::to_string(n); };
    const bool keyOnly = score == Score::Additive && heads == 0 && scope != Scope::LocalP &&
                         (!relevance || !constantRelevance.empty());
    if (queryWidth == 0 && !keyOnly)
        fault("query_width", "is " + number(queryWidth) +
                                 "; expected at least 1 (0, a score of the key alone, is for additive "
                                 "without heads, local_p or relevance)");
    if (keyWidth == 0) fault("key_width", "is 0; expected at least 1");
    if (valueWidth == 0) fault("value_width", "is 0; expected at least 1");
    if (heads > 0 && headWidth == 0) fault("head_width", "is 0; with heads expected at least 1");
    if (heads == 0 && headWidth != 0) fault("head_width", "is given without heads");
    if (heads == 0 && outputWidth != 0)
        fault("output_width", "is " + number(outputWidth) + "; it is for heads");
    const auto [q, k] = headWidths(*this);
    if ((score == Score::Dot || score == Score::ScaledDot || score == Score::Cosine) && q != k)
        fault("score", std::string(toText(score)) + " needs query and key of one width; query_width is " +
                           number(q) + ", key_width is " + number(k) +
                           " (general has a matrix between them)");
    if (needsAttentionWidth(*this) && attentionWidth == 0)
        fault("attention_width", "is 0; additive, concat, local_p and learned relevance need at least 1");
    if (knowsPositions(score) && maxPositions == 0)
        fault("max_positions", "is 0; location and location_key need at least 1");
    if (sharedQuery && score != Score::LocationKey)
        fault("shared_query", "is for location_key; the score is " + std::string(toText(score)));
    if (locationBias && score != Score::Location)
        fault("location_bias", "is for location; the score is " + std::string(toText(score)));
    if (allPositions && (score != Score::Location || heads > 0))
        fault("all_positions", "is for location without heads; the score is " + std::string(toText(score)));
    if (norm != NormPlace::None && score != Score::Additive)
        fault("norm", "is " + std::string(toText(norm)) + "; it is for additive, the score is " +
                          std::string(toText(score)));
    if (scope == Scope::LocalP && window == 0) fault("window", "is 0; local_p needs at least 1");
    if (scope == Scope::Monotonic && normaliser != Normaliser::Sigmoid)
        fault("normaliser", "is " + std::string(toText(normaliser)) +
                                "; the scope monotonic chooses each position by a sigmoid: expected sigmoid");
    if (coverage && score != Score::Additive)
        fault("coverage", "needs the additive score (its term stands inside the tanh); the score is " +
                              std::string(toText(score)));
    if (!constantRelevance.empty() && !relevance)
        fault("constant_relevance", "is given, but relevance is false");
    return faults;
}

Schema attentionSchema(const AttentionSpec& s, const std::string& prefix) {
    Schema p;
    const auto has = [&](const char* name, std::vector<int> shape) {
        p.push_back({prefix + name, std::move(shape)});
    };
    if (s.heads > 0) {
        const int joined = s.heads * s.headWidth;
        has("W_q", {joined, s.queryWidth});
        has("b_q", {joined});
        has("W_k", {joined, s.keyWidth});
        has("b_k", {joined});
        has("W_v", {joined, s.valueWidth});
        has("b_v", {joined});
    }
    for (int h = 0; h < s.maps(); ++h) {
        const Schema head = headSchema(s, s.heads > 0 ? prefix + "head" + std::to_string(h) + "." : prefix);
        p.insert(p.end(), head.begin(), head.end());
    }
    if (s.heads > 0) {
        has("W_o", {s.contextWidth(), s.heads * s.headWidth});
        has("b_o", {s.contextWidth()});
    }
    if (s.gate != Gate::None) {
        const int n = s.gate == Gate::Scalar ? 1 : s.contextWidth();
        has("W_gate", {n, s.queryWidth + s.contextWidth()});
        has("b_gate", {n});
    }
    return p;
}

} // namespace attn
