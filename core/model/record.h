// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/attention/attention.h"
#include "core/recurrent/rnn.h"
#include "core/text/vocabulary.h"
#include "core/trace/trace.h"

namespace attn {

/// The largest number of score terms (key positions x width) kept per head and step: beyond it
/// HeadTrace::scoreTerms stays empty, so that a long source does not fill the memory.
inline constexpr int kMostScoreTerms = 64 * 1024;

/// Row `row` of a variable; empty if it is undefined.
std::vector<float> rowOf(const Var<float>& x, int row);

/// A cell after a step, of one row of the batch; `gates` undefined: the state alone.
CellTrace recordCell(const CellPlace& place, const CellState<float>& state, const Var<float>& gates, int row);

/// A layer's cells over the first `positions` of an axis, of one row of the batch.
Track recordTrack(int axis, const SequenceLayer<float>& layer, int positions, int row);

/// What one query did at a site that has a rule. `row` is the query's among the queries of attend(): b*T + t;
/// positions in the padding of sentence b are left out. A head's score terms are kept if there are at most
/// `mostTerms`.
Row recordRow(int site, int query, const Attention<float>& attention, const AttentionMemory<float>& memory,
              const AttentionResult<float>& result, int row, int mostTerms);

/// How many numbers per head and key position recordRow() keeps at a site, score terms not counted.
int recordedVectors(const Site& site);

/// Texts and roles of a target's outputs: the vocabulary, then the words of the source beyond it that can be
/// copied.
struct OutputWords {
    const Vocabulary& vocabulary;
    const std::vector<std::string>& extra;

    const std::string& text(int id) const;
    TokenRole role(int id) const;
};

/// Role of a token of a vocabulary. A symbol that is both start and end counts as the end.
TokenRole roleOf(const Vocabulary& vocabulary, int id);

/// The logarithm of the sum of the exponentials of `count` logits; not finite if they are not.
double logSumExp(const float* logits, int count);

/// One distribution of `count` logits with the k most probable candidates, equals by id. If logSumExp is not
/// finite, entropy and candidates are left out.
Output recordOutput(const float* logits, int count, const OutputWords& words, int k);

} // namespace attn
