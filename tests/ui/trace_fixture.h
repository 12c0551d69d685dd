// SPDX-License-Identifier: GPL-3.0-or-later
// Traces written by hand, of networks that no model here has.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace attn::fixture {

inline HeadTrace headOf(std::vector<float> weights, std::vector<std::uint8_t> allowed) {
    HeadTrace head;
    head.scores.assign(weights.size(), 0);
    for (std::size_t j = 0; j < weights.size(); ++j) head.scores[j] = 0.25F * static_cast<float>(j + 1);
    head.scoreTerms = Matrix<float>(static_cast<int>(weights.size()), 2, 0.125F);
    head.allowed = std::move(allowed);
    head.normalised = head.weights = std::move(weights);
    head.constant = 3.5;
    head.context = {0.5F, -0.5F, 0.25F};
    return head;
}

/// `keys` weights that fall off from the last allowed one and sum to 1; keys from `allowed` on are out of
/// scope.
inline HeadTrace fadingHead(int keys, int allowed) {
    std::vector<float> weights(static_cast<std::size_t>(keys), 0);
    std::vector<std::uint8_t> scope(static_cast<std::size_t>(keys), 0);
    for (int j = 0; j < allowed; ++j) {
        weights[static_cast<std::size_t>(j)] =
            static_cast<float>(j + 1) * 2 / static_cast<float>(allowed * (allowed + 1));
        scope[static_cast<std::size_t>(j)] = 1;
    }
    return headOf(std::move(weights), std::move(scope));
}

inline AttentionSpec ruleOf(Score score, Scope scope, int heads = 0) {
    AttentionSpec rule;
    rule.score = score;
    rule.scope = scope;
    rule.heads = heads;
    rule.headWidth = rule.keyWidth = 4;
    return rule;
}

inline void addSteps(Trace& trace, const std::vector<std::string>& words) {
    for (std::size_t t = 0; t < words.size(); ++t) {
        const bool last = t + 1 == words.size();
        const TokenRole role = last ? TokenRole::End : TokenRole::Word;
        StepTrace step;
        step.parent = static_cast<int>(t) - 1;
        step.time = step.pass = static_cast<int>(t);
        step.wordId = static_cast<int>(t) + 4;
        step.wordText = words[t];
        step.role = role;
        step.logProb = std::log(0.5F);
        trace.steps.push_back(step);
        Pass pass;
        pass.inputText = t == 0 ? "<s>" : words[t - 1];
        pass.inputRole = t == 0 ? TokenRole::Start : TokenRole::Word;
        pass.output = Output{
            0,
            1,
            {{step.wordId, words[t], role, step.logProb}, {90, "<eos>", TokenRole::End, std::log(0.25F)}}};
        trace.passes.push_back(pass);
    }
    trace.leaves = {static_cast<int>(words.size()) - 1};
    trace.complete = true;
}

/// Cells of `layers` LSTM layers with three units at every step.
inline void addStates(Trace& trace, int layers) {
    for (std::size_t t = 0; t < trace.passes.size(); ++t)
        for (int layer = 0; layer < layers; ++layer) {
            const auto x = static_cast<float>(t);
            trace.passes[t].states.push_back({{layer, 0, false},
                                              {{StatePart::Hidden, {x, -x, 0.5F}},
                                               {StatePart::Cell, {10 + x, 10 - x, 10}},
                                               {StatePart::Forget, {0.25F, 0.5F, 0.75F}}}});
        }
}

/// Text that goes on word after word; each step looks at the states of the steps so far.
inline Trace continuation() {
    Trace trace;
    trace.modelName = "continuation";
    trace.axes = {{AxisKind::Target}, {AxisKind::Target, {}, true}};
    trace.sites = {{SiteKind::DecoderSelf, 0, false, 0, 1, 1, ruleOf(Score::Additive, Scope::Causal)}};
    addSteps(trace, {"the", "cat", "sleeps", "<eos>"});
    addStates(trace, 2);
    for (int t = 0; t < 4; ++t) {
        Row row;
        row.query = t;
        row.heads = {fadingHead(t + 1, t + 1)}; // a memory that grows
        row.context = {1, 2};
        trace.passes[static_cast<std::size_t>(t)].rows = {row};
    }
    return trace;
}

/// Two layers of cross attention, decoder and encoder looking at themselves, and copying by weights of
/// another site.
inline Trace manySites() {
    Trace trace;
    trace.modelName = "many sites";
    trace.axes = {{AxisKind::Source}, {AxisKind::Target}, {AxisKind::Target, {}, true}};
    trace.axes[0].positions = {{"a", 4, TokenRole::Word, 0, 1},
                               {"b", 5, TokenRole::Word, 2, 3},
                               {"zz", 1, TokenRole::Unknown, 4, 6},
                               {"</s>", 2, TokenRole::End, 6, 6}};
    trace.sites = {
        {SiteKind::Cross, 0, false, 1, 0, 2, ruleOf(Score::ScaledDot, Scope::Global, 2)},
        {SiteKind::Cross, 1, false, 1, 0, 3, ruleOf(Score::General, Scope::Global, 3)},
        {SiteKind::DecoderSelf, 0, false, 1, 2, 1, ruleOf(Score::Dot, Scope::Causal)},
        {SiteKind::EncoderSelf, 0, false, 0, 0, 2, ruleOf(Score::ScaledDot, Scope::Global, 2)},
        {SiteKind::Copy, 0, false, 1, 0, 1, std::nullopt},
    };
    addSteps(trace, {"x", "y", "</s>"});
    addStates(trace, 1);
    for (int t = 0; t < 3; ++t) {
        auto& rows = trace.passes[static_cast<std::size_t>(t)].rows;
        for (int site : {0, 1, 2, 4}) {
            Row row;
            row.site = site;
            row.query = t;
            for (int head = 0; head < trace.sites[static_cast<std::size_t>(site)].heads; ++head)
                row.heads.push_back(site == 2 ? fadingHead(t + 1, t + 1) : fadingHead(4, 4 - (head + t) % 2));
            if (site == 4) { // nothing but weights
                HeadTrace weights;
                weights.weights = row.heads[0].weights;
                row.heads = {weights};
            }
            rows.push_back(row);
        }
    }
    for (int j = 0; j < 4; ++j) {
        Row row;
        row.site = 3;
        row.query = j;
        row.heads = {fadingHead(4, 4), fadingHead(4, 2)};
        trace.rows.push_back(row);
    }
    for (int layer = 0; layer < 2; ++layer)
        trace.tracks.push_back({0, {layer, 0, false}, {{StatePart::Hidden, Matrix<float>(4, 3, 0.5F)}}});
    return trace;
}

/// A text that is read at once and pooled by two heads into one position; nothing is generated.
inline Trace pooled() {
    Trace trace;
    trace.modelName = "pooled";
    trace.axes = {{AxisKind::Words}, {AxisKind::Text}};
    trace.axes[0].positions = {{"good", 4}, {"film", 5}, {"indeed", 6}};
    trace.axes[1].positions = {{"text", -1}};
    trace.sites = {{SiteKind::Pool, 0, false, 1, 0, 2, ruleOf(Score::Additive, Scope::Global, 2)}};
    Row row;
    row.heads = {fadingHead(3, 3), fadingHead(3, 1)};
    trace.rows = {row};
    trace.complete = true;
    return trace;
}

} // namespace attn::fixture
