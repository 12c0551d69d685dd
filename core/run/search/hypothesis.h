// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "core/base/matrix.h"
#include "core/run/recipe.h"
#include "core/trace/step.h"

namespace attn {

/// One sentence of a search.
struct SearchSentence {
    int limit = 0;               ///< tokens at most, the given ones and the end symbol counted; 0: none
    std::vector<int> given = {}; ///< the first tokens
    int number = 0;              ///< which of many sentences: draws depend on it
};

struct SearchOptions {
    SearchKind kind = SearchKind::Greedy;
    BeamOptions beam = {};
    SampleOptions sample = {};
    /// Log-probabilities are summed up in double and rounded to float, as a trace holds them. False: in
    /// float, which is faster.
    bool exact = false;
    bool keepLost = false; ///< the tree keeps extensions that were considered and dropped
    bool weights = false;  ///< passes keep the attention over the source
    std::stop_token stop = {};
    std::function<void(int step)> progress = {}; ///< called after each step, on the calling thread
};

/// One token of a hypothesis in a tree of them.
struct SearchNode {
    int parent = -1;
    int time = 0; ///< from 0
    int pass = 0; ///< what it was chosen from
    int word = 0;
    bool given = false;
    double logProb = 0;    ///< of this token
    HypothesisScore score; ///< of the hypothesis up to here
    Fate fate = Fate::Open;
    int lostAt = -1; ///< as StepTrace has it
};

/// One row of one network step: what the tokens of a hypothesis were chosen from.
struct SearchPass {
    int likeliest = 0;   ///< the most probable token, allowed or not
    List<float> weights; ///< attention over the source, mean of the heads; empty unless asked for
};

/// All that a search found for one sentence. A parent stands before its children.
struct SearchTree {
    List<SearchNode> nodes;
    List<SearchPass> passes; ///< by time, then by row
    std::vector<int> leaves; ///< last nodes of the hypotheses found, best first

    /// Nodes from the root to `leaf`.
    std::vector<int> path(int leaf) const;
};

} // namespace attn
