// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/attn/alignment.h"
#include "core/base/fields_json.h"

namespace attn::cli {

const char* const jsonHelp =
    R"(The JSON of a run, with S source positions, T steps and H heads (1 if the model has none, 0 without attention):
  model        name of the model
  source_text  the sentence as given
  source       [S] tokens as the model has them, the end symbol included if it reads one
  source_known [S] false where the model knows the word only as unknown
  source_word  [S] which of the sentence's words between blanks the token is of, from 0; null for a blank
               and the end symbol
  target       [T] tokens; the last is the end symbol if the sentence was ended
  target_word  [T] the same of the words of text
  text         the target as a sentence
  forced       true if the target was given
  complete     false if the limit on steps ended the sentence
  log_probs    [T] natural logarithm of each token's probability
  log_prob     their sum
  entropy      [T] of the distribution over the next token, in nats
  hypotheses   the best found, one unless --n-best asks for more: text, target (tokens), complete, score and its
               parts, score = (log_prob - words) / length + coverage; the rest of the JSON is about the first
  attention    the attention mechanism, stage by stage; {"score": "none"} for a model without one
  scores       [H][T][S] before temperature and normalisation; null where the scope leaves j out
  weights      [H][T][S] what the values are mixed with
  copy_gate    [T] of a model that copies: how much of the distribution is copied from the source
  copy_weights [T][S] what is copied then
  axes         what attention goes from and to: kind, read (target only: position t is the token that step t
               read, not the one it chose), positions with text and role: word, unknown, start, end, empty
  sites        where the model attends: kind, layer, query_axis and key_axis (indices into axes), heads, rule
               (as in attention; null where only weights are known)
  edits        with --edit, each value that was changed: edit (index in the file), step (null: before the first),
               head (null: none), position (of an encoder's cell, else null), before and after as lists
A language model reads no source: source, source_known and source_word are null, the first tokens of the target are those
typed, and row t of scores and weights has a key for each step up to t.
with --states:
  encoder_states [S][width] what is attended to
  decoder_states {layer: [T][units]} hidden state after each step
A number that is not finite is null. What a dump of attention (attn dump) does not hold is null too: log_probs,
log_prob, entropy, attention, scores; its gold links are
  gold         [[source, target, true if sure]], counted from 0)";

namespace {

using Json = nlohmann::ordered_json;

/// The shortest decimal that reads back as the same float.
Json number(float value) {
    if (!std::isfinite(value)) return nullptr;
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    double shortest = value;
    if (error == std::errc()) std::from_chars(buffer, end, shortest);
    return shortest;
}

Json numbers(const std::vector<float>& values) {
    Json array = Json::array();
    for (const float value : values) array.push_back(number(value));
    return array;
}

/// One line. A word as typed may be no well-formed text; JSON must be.
std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json wordNumber(int word) {
    return word < 0 ? Json(nullptr) : Json(word);
}

Json axesJson(const Trace& trace, const std::vector<int>& path) {
    Json axes = Json::array();
    for (int a = 0; a < static_cast<int>(trace.axes.size()); ++a) {
        const Axis& axis = trace.axes[static_cast<std::size_t>(a)];
        Json positions = Json::array();
        for (int i = 0; i < trace.length(a, path); ++i) {
            const Position position = trace.position(a, i, path);
            positions.push_back({{"text", position.text}, {"role", toText(position.role)}});
        }
        axes.push_back(
            {{"kind", toText(axis.kind)}, {"read", axis.read}, {"positions", std::move(positions)}});
    }
    return axes;
}

Json sitesJson(const std::vector<Site>& sites) {
    Json all = Json::array();
    for (const Site& site : sites)
        all.push_back({{"kind", toText(site.kind)},
                       {"layer", site.layer},
                       {"query_axis", site.queryAxis},
                       {"key_axis", site.keyAxis},
                       {"heads", site.heads},
                       {"rule", site.rule ? toJson(*site.rule) : Json(nullptr)}});
    return all;
}

/// The rows of one site along a path: [H][T][S].
struct SiteJson {
    Json scores, weights;
};
SiteJson siteJson(const Trace& trace, int site, const std::vector<int>& path) {
    const auto heads = static_cast<std::size_t>(trace.sites[static_cast<std::size_t>(site)].heads);
    SiteJson json{Json(heads, Json::array()), Json(heads, Json::array())};
    for (int t = 0; t < static_cast<int>(path.size()); ++t) {
        const Row* const row = trace.row(site, t, path);
        for (std::size_t h = 0; row && h < heads; ++h) {
            const HeadTrace& head = row->heads[h];
            Json scores = numbers(head.scores);
            for (std::size_t j = 0; j < head.allowed.size(); ++j)
                if (!head.allowed[j]) scores[j] = nullptr;
            json.scores[h].push_back(std::move(scores));
            json.weights[h].push_back(numbers(head.weights));
        }
    }
    return json;
}

/// "layer 1", "layer 1, second cell", "layer 1, cell 3"
std::string cellText(const CellPlace& place) {
    const std::string layer = "layer " + std::to_string(place.layer + 1);
    if (place.cell == 0) return layer;
    return layer + (place.cell == 1 ? ", second cell" : ", cell " + std::to_string(place.cell + 1));
}

/// Probabilities of the path's tokens; null where the trace has no outputs.
void addProbabilities(const Trace& trace, const std::vector<int>& path, Json& json) {
    double sum = 0;
    Json logProbs = Json::array(), entropies = Json::array();
    for (const int step : path) {
        if (!trace.passOf(step).output) {
            for (const char* unknown : {"log_probs", "log_prob", "entropy"}) json[unknown] = nullptr;
            return;
        }
        const float logProb = trace.steps[static_cast<std::size_t>(step)].logProb;
        sum += logProb;
        logProbs.push_back(number(logProb));
        entropies.push_back(number(trace.passOf(step).output->entropy));
    }
    json["log_probs"] = std::move(logProbs);
    json["log_prob"] = std::isfinite(sum) ? Json(sum) : Json(nullptr);
    json["entropy"] = std::move(entropies);
}

/// Null where the trace has no outputs.
Json hypothesesJson(const Trace& trace, const std::vector<FoundText>& found) {
    Json all = Json::array();
    for (const FoundText& hypothesis : found) {
        if (hypothesis.leaf < 0 || !trace.passOf(hypothesis.leaf).output) return nullptr;
        const StepTrace& last = trace.steps[static_cast<std::size_t>(hypothesis.leaf)];
        const HypothesisScore& score = last.score;
        all.push_back({{"text", hypothesis.text},
                       {"target", trace.words(trace.path(hypothesis.leaf))},
                       {"complete", last.isEnd()},
                       {"score", score.total},
                       {"log_prob", score.logProb},
                       {"words", score.words},
                       {"length", score.length},
                       {"coverage", score.coverage}});
    }
    return all;
}

/// The main site, and what is copied.
void addAttention(const Trace& trace, const std::vector<int>& path, Json& json) {
    if (trace.sites.empty()) {
        json["attention"] = {{"score", "none"}};
        json["scores"] = Json::array();
        json["weights"] = Json::array();
        return;
    }
    SiteJson main = siteJson(trace, 0, path);
    const std::optional<AttentionSpec>& rule = trace.sites.front().rule;
    json["attention"] = rule ? toJson(*rule) : Json(nullptr);
    json["scores"] = rule ? std::move(main.scores) : Json(nullptr);
    json["weights"] = std::move(main.weights);
    if (const int copy = trace.siteOf(SiteKind::Copy); copy >= 0) {
        for (const int step : path)
            json["copy_gate"].push_back(number(trace.passOf(step).vector(StepVector::CopyGate).front()));
        json["copy_weights"] = siteJson(trace, copy, path).weights.front();
    }
}

/// What the edits changed before the first step and along the path.
Json editsJson(const Trace& trace, const std::vector<int>& path) {
    const auto index = [](int value) { return value < 0 ? Json(nullptr) : Json(value); };
    Json all = Json::array();
    for (const EditTrace& edit : trace.edits) {
        int time = -1;
        for (const int step : path)
            if (trace.steps[static_cast<std::size_t>(step)].pass == edit.pass)
                time = trace.steps[static_cast<std::size_t>(step)].time;
        if (edit.pass >= 0 && time < 0) continue; // of another hypothesis
        all.push_back({{"edit", edit.edit},
                       {"step", index(time)},
                       {"head", index(edit.head)},
                       {"position", index(edit.position)},
                       {"before", numbers(edit.before)},
                       {"after", numbers(edit.after)}});
    }
    return all;
}

void addStates(const Trace& trace, const std::vector<int>& path, Json& json) {
    Json encoder = Json::array(), decoder = Json::object();
    const Matrix<float>& outputs = trace.encoderOutputs;
    for (int j = 0; j < outputs.rows(); ++j)
        encoder.push_back(numbers({outputs.row(j), outputs.row(j) + outputs.cols()}));
    for (const int step : path)
        for (const CellTrace& cell : trace.passOf(step).states)
            decoder[cellText(cell.place)].push_back(numbers(cell.parts.front().values));
    json["encoder_states"] = std::move(encoder);
    json["decoder_states"] = std::move(decoder);
}

} // namespace

std::string runJson(const Trace& trace, const std::vector<int>& path, const std::vector<FoundText>& found,
                    const std::vector<int>& targetWords, bool states) {
    Json json = {{"model", trace.modelName}, {"source_text", trace.sourceText}};
    if (const int source = trace.axisOf(AxisKind::Source); source >= 0) {
        for (const Position& position : trace.axes[static_cast<std::size_t>(source)].positions) {
            json["source"].push_back(position.text);
            json["source_known"].push_back(position.role != TokenRole::Unknown);
            json["source_word"].push_back(wordNumber(position.word));
        }
    } else {
        for (const char* none : {"source", "source_known", "source_word"}) json[none] = nullptr;
    }
    json["target"] = trace.words(path);
    for (std::size_t i = 0; i < path.size(); ++i)
        json["target_word"].push_back(wordNumber(i < targetWords.size() ? targetWords[i] : -1));
    json["text"] = found.empty() ? "" : found.front().text;
    for (const GoldLink& link : trace.gold) json["gold"].push_back({link.source, link.target, link.sure});
    json["forced"] = std::any_of(path.begin(), path.end(), [&](int step) {
        return trace.steps[static_cast<std::size_t>(step)].forced;
    });
    json["complete"] = trace.complete;
    addProbabilities(trace, path, json);
    addAttention(trace, path, json);
    json["hypotheses"] = hypothesesJson(trace, found);
    json["axes"] = axesJson(trace, path);
    json["sites"] = sitesJson(trace.sites);
    if (!trace.edits.empty()) json["edits"] = editsJson(trace, path);
    if (states) addStates(trace, path, json);
    return dumped(json);
}

} // namespace attn::cli
