// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/trace/axis.h"
#include "core/trace/row.h"
#include "core/trace/state.h"

namespace attn {

/// One token that a step could have chosen.
struct Candidate {
    int id = 0; ///< in the target vocabulary; beyond its size: a word copied from the source
    std::string text;
    TokenRole role = TokenRole::Word;
    float logProb = 0; ///< natural logarithm
};

/// The distribution over the next token.
struct Output {
    float logSumExp = 0;               ///< of the logits; logit = logProb + logSumExp
    float entropy = 0;                 ///< in nats
    std::vector<Candidate> candidates; ///< the top k, most probable first
};

/// A vector that a family records besides states and attention.
enum class StepVector {
    Context,     ///< without attention: the vector that stands for the whole source at every step
    Input,       ///< what a layer below the decoder made of word and context
    ContextGate, ///< how much of the context passes into the features
    Features,    ///< what enters the output layer
    CopyGate,    ///< one number: how much of the distribution is copied from the source
};
template <>
struct EnumNames<StepVector> {
    static constexpr std::array names{
        std::pair{StepVector::Context, std::string_view("context")},
        std::pair{StepVector::Input, std::string_view("input")},
        std::pair{StepVector::ContextGate, std::string_view("context_gate")},
        std::pair{StepVector::Features, std::string_view("features")},
        std::pair{StepVector::CopyGate, std::string_view("copy_gate")},
    };
};

/// What the network computed once for one hypothesis. Steps that chose different tokens from its output share
/// it.
struct Pass {
    int inputId = 0; ///< the token it read, the start symbol at first; -1: none
    std::string inputText;
    TokenRole inputRole = TokenRole::Word;
    std::vector<Row> rows;         ///< one for each of the decoder's sites
    std::vector<CellTrace> states; ///< bottom layer first
    struct Vector {
        StepVector kind = StepVector::Features;
        std::vector<float> values;
    };
    std::vector<Vector> vectors;
    std::optional<Output> output; ///< not known of attention that another program wrote

    /// nullptr if it was not recorded.
    const Row* row(int site) const;
    /// Empty if it was not recorded.
    const std::vector<float>& vector(StepVector kind) const;
};

/// What became of a hypothesis.
enum class Fate {
    Open,     ///< went on, or the limit on steps ended it
    Finished, ///< ended with the end symbol
    Pruned,   ///< others scored better
};
template <>
struct EnumNames<Fate> {
    static constexpr std::array names{
        std::pair{Fate::Open, std::string_view("open")},
        std::pair{Fate::Finished, std::string_view("finished")},
        std::pair{Fate::Pruned, std::string_view("pruned")},
    };
};

/// What a search ranks a hypothesis by, in parts: total = (logProb - words) / length + coverage.
struct HypothesisScore {
    double logProb = 0;  ///< sum over its tokens, natural logarithm
    double length = 1;   ///< what the length normalisation divides by
    double coverage = 0; ///< what the coverage penalty adds, at most 0
    double total = 0;
    double words = 0; ///< what the word penalty takes off the log-probability
};

/// One token of a hypothesis. Steps form a tree: greedy search makes a chain, a beam branches.
struct StepTrace {
    int parent = -1; ///< index of the step before, -1 at a root
    int time = 0;    ///< from 0
    int pass = 0;    ///< index into Trace::passes: what this token was chosen from
    int wordId = 0;  ///< the token chosen or given
    std::string wordText;
    TokenRole role = TokenRole::Word;
    bool forced = false;   ///< the token was given, not chosen
    float logProb = 0;     ///< natural logarithm of the token's probability; 0 where the pass has no output
    HypothesisScore score; ///< of the hypothesis up to here
    Fate fate = Fate::Open;
    int lostAt = -1; ///< pruned: the time at which it, or the last of its continuations, was dropped

    bool isEnd() const { return role == TokenRole::End; }
};

} // namespace attn
