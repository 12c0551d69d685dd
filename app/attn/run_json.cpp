// SPDX-License-Identifier: GPL-3.0-or-later
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
  attention    the attention mechanism, stage by stage
  scores       [H][T][S] before temperature and normalisation; null where the scope leaves j out
  weights      [H][T][S] what the values are mixed with
  copy_gate    [T] of a model that copies: how much of the distribution is copied from the source
  copy_weights [T][S] what is copied then
and with --states:
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

Json numbers(const float* values, std::size_t count) {
    Json array = Json::array();
    for (std::size_t i = 0; i < count; ++i) array.push_back(number(values[i]));
    return array;
}

/// One line. A word as typed may be no well-formed text; JSON must be.
std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json wordNumber(int word) {
    return word < 0 ? Json(nullptr) : Json(word);
}

} // namespace

std::string runJson(const Trace& trace, const std::vector<int>& path, const std::string& text,
                    const std::vector<int>& targetWords, bool states) {
    Json json = {{"model", trace.modelName}, {"source_text", trace.sourceText}};
    for (const SourceToken& token : trace.source) {
        json["source"].push_back(token.text);
        json["source_known"].push_back(token.known);
        json["source_word"].push_back(wordNumber(token.word));
    }
    json["target"] = trace.words(path);
    for (std::size_t i = 0; i < path.size(); ++i)
        json["target_word"].push_back(wordNumber(i < targetWords.size() ? targetWords[i] : -1));
    json["text"] = text;
    bool forced = false;
    double sum = 0;
    for (const GoldLink& link : trace.gold) json["gold"].push_back({link.source, link.target, link.sure});
    Json logProbs = Json::array(), entropies = Json::array(), decoder = Json::object();
    Json scores(static_cast<std::size_t>(trace.attention.maps()), Json::array()), weights = scores;
    Json copyGate, copyWeights;
    for (const int index : path) {
        const StepTrace& step = trace.steps[static_cast<std::size_t>(index)];
        forced = forced || step.forced;
        sum += step.logProb;
        logProbs.push_back(number(step.logProb));
        entropies.push_back(number(step.entropy));
        for (std::size_t h = 0; h < step.heads.size(); ++h) {
            const HeadTrace& head = step.heads[h];
            Json row = numbers(head.scores.data(), head.scores.size());
            for (std::size_t j = 0; j < head.allowed.size() && j < row.size(); ++j)
                if (!head.allowed[j]) row[j] = nullptr;
            scores[h].push_back(std::move(row));
            weights[h].push_back(numbers(head.weights.data(), head.weights.size()));
        }
        if (step.copyGate) {
            copyGate.push_back(number(*step.copyGate));
            copyWeights.push_back(numbers(step.copyWeights.data(), step.copyWeights.size()));
        }
        for (const CellTrace& cell : step.decoder)
            decoder[cell.where].push_back(
                numbers(cell.parts.front().values.data(), cell.parts.front().values.size()));
    }
    json["forced"] = forced;
    json["complete"] = trace.complete;
    json["log_probs"] = std::move(logProbs);
    json["log_prob"] = std::isfinite(sum) ? Json(sum) : Json(nullptr);
    json["entropy"] = std::move(entropies);
    json["attention"] = toJson(trace.attention);
    json["scores"] = std::move(scores);
    json["weights"] = std::move(weights);
    if (!copyGate.is_null()) {
        json["copy_gate"] = std::move(copyGate);
        json["copy_weights"] = std::move(copyWeights);
    }
    if (trace.fromDump) {
        for (const char* unknown : {"log_probs", "log_prob", "entropy", "attention", "scores"})
            json[unknown] = nullptr;
        return dumped(json);
    }
    if (states) {
        Json encoder = Json::array();
        for (int j = 0; j < trace.encoderOutputs.rows(); ++j)
            encoder.push_back(
                numbers(trace.encoderOutputs.row(j), static_cast<std::size_t>(trace.encoderOutputs.cols())));
        json["encoder_states"] = std::move(encoder);
        json["decoder_states"] = std::move(decoder);
    }
    return dumped(json);
}

} // namespace attn::cli
