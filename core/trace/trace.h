// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/attention_spec.h"
#include "core/base/matrix.h"
#include "core/trace/gold_link.h"

namespace attn {

/// A named row of numbers over the units of a state: "hidden", "cell", "reset", "update", "input",
/// "forget", "candidate", "output".
struct NamedVector {
    std::string name;
    std::vector<float> values;
};

/// One recurrent cell's state after a step, with the gates that made it. `parts[0]` is "hidden".
struct CellTrace {
    std::string where; ///< "layer 1", "layer 1, second cell", "layer 1, cell 3"
    std::vector<NamedVector> parts;
};

/// One layer and direction of the encoder. Each part is S x units; `parts[0]` is "hidden".
struct EncoderLayerTrace {
    int layer = 0;
    int cell = 0;          ///< 0; above it the transitions that follow within a step
    bool backward = false; ///< of the two columns of layers the one that reads backward at the bottom
    struct Part {
        std::string name;
        Matrix<float> values; ///< S x units
    };
    std::vector<Part> parts;
};

/// A position of the source as the model read it.
struct SourceToken {
    std::string text;     ///< as the vocabulary has it, or as typed if unknown
    int id = 0;           ///< in the source vocabulary; -1: a position without a word
    bool known = true;    ///< false: the model read <unk>
    bool special = false; ///< the end symbol
    int begin = 0;        ///< byte offsets into the typed text
    int end = 0;
    int word = -1; ///< which of the words between blanks it is of, from 0; -1: a blank, the end symbol
};

/// One head at one step, stage by stage; all vectors have S entries except `context`.
struct HeadTrace {
    std::vector<float> scores;         ///< e_tj, before temperature; 0 where not allowed
    std::vector<std::uint8_t> allowed; ///< 1 where the scope lets j take part
    std::vector<float> normalised;     ///< a_tj after the normaliser; p_tj of monotonic
    std::optional<float> position;     ///< p_t of local_m and local_p
    std::vector<float> gaussian;       ///< local_p's factor; empty if none
    std::vector<float> relevance;      ///< r_tj before max(0, .); empty if none
    std::vector<float> monotonic;      ///< monotonic's a_tj in place of p_tj; empty if none
    std::optional<float> offset;       ///< monotonic's r: p_tj = sigmoid(e_tj / temperature + r)
    std::vector<float> coverage;       ///< cov_tj on entry; empty if none
    std::vector<float> weights;        ///< a_tj times its factors: what mixes the values
    std::vector<float> context;        ///< this head's sum of weights times values
    /// The terms whose sum is the score, S x terms (empty where the score has no such form):
    /// dot, scaled_dot, general, cosine: query times key per unit; additive, concat: v_i tanh(.)_i.
    Matrix<float> scoreTerms;
};

/// One word that the step could have chosen.
struct Candidate {
    int id = 0; ///< in the target vocabulary; beyond its size: a word copied from the source
    std::string text;
    float logProb = 0;
};

/// One decoder step. Steps form a tree: a greedy run is a chain, a beam branches.
struct StepTrace {
    int parent = -1; ///< index of the step before, -1 at a root
    int time = 0;    ///< t from 0
    int inputId = 0; ///< the previous word's id, the start symbol at t = 0
    std::string inputText;
    int wordId = 0; ///< the chosen (or forced) word
    std::string wordText;
    bool end = false;                  ///< the word is the end symbol
    bool forced = false;               ///< the word was given, not chosen
    bool known = true;                 ///< false: a forced word that is not in the vocabulary
    float logProb = 0;                 ///< natural log of the word's probability
    float logSumExp = 0;               ///< of the logits; logit = logProb + logSumExp
    float entropy = 0;                 ///< of the output distribution, in nats
    std::vector<Candidate> candidates; ///< the top k, most probable first
    std::vector<HeadTrace> heads;      ///< attention.maps() of them
    std::vector<float> gate;           ///< g_t: 1 or width numbers; empty if none
    std::vector<float> context;        ///< what leaves the attention
    std::vector<float> input;         ///< what a layer below the decoder made of word and context; else empty
    std::vector<float> contextGate;   ///< how much of the context passes into the features; empty if none
    std::vector<float> features;      ///< what enters the output layer
    std::optional<float> copyGate;    ///< how much of the distribution is copied from the source
    std::vector<float> copyWeights;   ///< what is copied, S entries; empty if nothing is
    std::vector<HeadTrace> copyHeads; ///< the copy attention's own stages; empty if it is the main attention
    std::vector<CellTrace> decoder;   ///< bottom layer first
};

/// Everything one run recorded: plain, immutable, shared. A trace may also come from attention that was
/// dumped into a file (core/io/dump): then it has words and weights, and what only a run knows is not there:
/// scores, scopes, states, candidates, probabilities, and of `attention` all but the number of heads.
struct Trace {
    std::string modelName;
    std::uint64_t recipeHash = 0;
    AttentionSpec attention; ///< of the model that ran
    std::string sourceText;  ///< as typed
    std::vector<SourceToken> source;
    std::vector<EncoderLayerTrace> encoder; ///< bottom layer first, forward before backward
    Matrix<float> encoderOutputs;           ///< S x width, the keys and values
    std::vector<CellTrace> initialState;    ///< the decoder's, before step 0
    std::vector<StepTrace> steps;           ///< a parent always stands before its children
    std::vector<int> leaves;                ///< last steps of finished hypotheses, best first
    bool complete = false;                  ///< false: the limit on steps ended the best hypothesis
    double seconds = 0;                     ///< wall time of the run
    bool fromDump = false;                  ///< read from a file, not recorded
    std::vector<GoldLink> gold;             ///< reference alignment of words; empty if none is known

    /// Indices of the steps from the root to `leaf`, in order.
    std::vector<int> path(int leaf) const;
    /// The best hypothesis's path; empty if no step was taken.
    std::vector<int> bestPath() const { return leaves.empty() ? std::vector<int>{} : path(leaves.front()); }
    /// The words along a path, the end symbol included.
    std::vector<std::string> words(const std::vector<int>& path) const;
};
using TracePtr = std::shared_ptr<const Trace>;

} // namespace attn
