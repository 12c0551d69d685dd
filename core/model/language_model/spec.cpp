// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/language_model/spec.h"

namespace attn {

namespace {

/// What must agree between the attention and the state that it reads.
void checkAttention(const LanguageModelSpec& s, Findings& faults) {
    const auto fault = [&](const std::string& where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    for (Finding f : s.attention->validate()) {
        f.where = "attention." + f.where;
        faults.push_back(std::move(f));
    }
    if (s.rnn.cell.width % s.parts() != 0) {
        fault("rnn.cell.width", "is " + std::to_string(s.rnn.cell.width) + "; the split " +
                                    std::string(toText(s.split)) + " needs a multiple of " +
                                    std::to_string(s.parts()));
    } else {
        const auto part = [&](const char* where, int width) {
            if (width != s.partWidth())
                fault(where, "is " + std::to_string(width) + "; expected " + std::to_string(s.partWidth()) +
                                 ", the width of each part of the state");
        };
        part("attention.query_width", s.attention->queryWidth);
        part("attention.key_width", s.attention->keyWidth);
        part("attention.value_width", s.attention->valueWidth);
    }
    if (s.attention->scope != Scope::Past && s.attention->scope != Scope::Causal)
        fault("attention.scope",
              "is " + std::string(toText(s.attention->scope)) +
                  "; a language model must not see words to come: expected past or causal");
    if (s.attention->allPositions)
        fault("attention.all_positions", "is true; a language model's positions arrive one by one");
    if (s.features < 1)
        fault("features", "is " + std::to_string(s.features) + "; with attention expected at least 1");
}

} // namespace

int LanguageModelSpec::parts() const {
    switch (split) {
        case StateSplit::One:
            return 1;
        case StateSplit::KeyValue:
            return 2;
        case StateSplit::KeyValuePredict:
            return 3;
    }
    throw Error(ErrorKind::Bug, "a split without a definition");
}

Findings LanguageModelSpec::validate() const {
    Findings faults = rnn.validate("rnn");
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    if (vocabulary < 1) fault("vocabulary", "is " + std::to_string(vocabulary) + "; expected at least 1");
    if (embedding < 1) fault("embedding", "is " + std::to_string(embedding) + "; expected at least 1");
    if (rnn.bidirectional)
        fault("rnn.bidirectional", "is true; a language model reads in one direction only");
    if (attention) {
        checkAttention(*this, faults);
    } else {
        if (split != StateSplit::One)
            fault("split", "is " + std::string(toText(split)) + "; without attention expected one");
        if (features != 0)
            fault("features", "is " + std::to_string(features) +
                                  "; without attention the features are the state, and 0 is expected");
    }
    if (tiedEmbeddings && featureWidth() != embedding)
        fault("tied_embeddings", "is true, but the features have " + std::to_string(featureWidth()) +
                                     " columns and the embedding " + std::to_string(embedding));
    return faults;
}

Schema LanguageModelSpec::schema() const {
    Schema p;
    const auto join = [&](const Schema& more) { p.insert(p.end(), more.begin(), more.end()); };
    p.push_back({"embedding.W", {vocabulary, embedding}});
    for (int i = 0; i < rnn.layers; ++i) {
        const std::string at = "rnn.layer" + std::to_string(i) + ".";
        join(cellSchema(rnn.cell, rnn.inputWidth(i, embedding), at));
        join(transitionSchema(rnn.cell, rnn.transitionsOf(i), at));
    }
    if (attention) {
        join(attentionSchema(*attention, "attention."));
        p.push_back({"readout.W_context", {features, attention->contextWidth()}});
        p.push_back({"readout.W_state", {features, partWidth()}});
    }
    if (!tiedEmbeddings) p.push_back({"output.W", {vocabulary, featureWidth()}});
    p.push_back({"output.b", {vocabulary}});
    return p;
}

} // namespace attn
