// SPDX-License-Identifier: GPL-3.0-or-later
// What passes between the parts of an encoder-decoder.
#pragma once

#include <optional>
#include <vector>

#include "core/attention/attention.h"
#include "core/autograd/ops_copy.h"
#include "core/model/rows.h"
#include "core/recurrent/rnn.h"

namespace attn {

/// B sentences as word ids, padded to one length: ids[b * positions + s].
struct TokenBatch {
    std::vector<int> ids;
    std::vector<int> lengths; ///< B numbers from 1 to positions
    int positions = 0;
    /// For models that copy, B*S: the output each source word stands for, a word of the target vocabulary
    /// or (from its size on) one that it lacks; -1 in padding. Empty: nothing is copied.
    std::vector<int> copyIds = {};
    int extraWords = 0; ///< outputs beyond the target vocabulary

    int batch() const { return static_cast<int>(lengths.size()); }
};

/// A batch of sources as the encoder left it.
template <typename T>
struct Encoding {
    SequenceResult<T> layers;
    Var<T> outputs;            ///< B*S x width, row b*S + s: the attention's keys and values
    AttentionMemory<T> memory; ///< without attention: lengths alone, no heads
    Var<T> summary; ///< without attention: the context of every step, the encoder's last states, B x width
    std::optional<AttentionMemory<T>> copyMemory; ///< of a copy attention of its own
    CopyTargets copies;                           ///< ids of -1 alone where nothing is copied
};

/// What start() and step() read. The steps of the encoder's layers keep the rows of the batch as it was read:
/// they are for recording, which comes before rows are picked.
template <typename T, typename F>
void visitRows(Encoding<T>& encoding, F&& f) {
    for (SequenceLayer<T>& layer : encoding.layers.layers) visitRows(layer.final, f);
    f(encoding.outputs, encoding.memory.positions);
    visitRows(encoding.memory, f);
    f(encoding.summary, 1);
    if (encoding.copyMemory) visitRows(*encoding.copyMemory, f);
    f(encoding.copies.ids, encoding.memory.positions);
}

/// What the decoder carries from word to word, B rows each.
template <typename T>
struct DecoderState {
    List<CellState<T>> layers;
    Var<T> feed; ///< the last features; defined with input feeding only
    AttentionState<T> attention;
    AttentionState<T> copyAttention;
};

template <typename T, typename F>
void visitRows(DecoderState<T>& state, F&& f) {
    for (CellState<T>& layer : state.layers) visitRows(layer, f);
    f(state.feed, 1);
    visitRows(state.attention, f);
    visitRows(state.copyAttention, f);
}

/// How much is copied at a step, and from where.
template <typename T>
struct CopyResult {
    Var<T> gate;                  ///< p, B x 1; undefined in a model that does not copy
    Var<T> weights;               ///< B x S
    AttentionResult<T> attention; ///< the kind own: the attention that made the weights
};

/// One decoder step, everything in it.
template <typename T>
struct DecoderStep {
    struct StepCell {
        int layer = 0; ///< from 0
        int cell = 0;  ///< 0: the one with the word as input; above: those that follow in the same step
        CellResult<T> result;
    };
    List<StepCell> cells;         ///< bottom layer first
    AttentionResult<T> attention; ///< without attention: gate and context, no heads
    Var<T> input;                 ///< the input layer's result, B x its width; undefined without one
    Var<T> contextGate;           ///< z of ContextGate, B x featureWidth(); undefined without one
    Var<T> features;              ///< B x featureWidth(): the readout's result
    CopyResult<T> copy;
    DecoderState<T> state;
};

} // namespace attn
