// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attention/attention.h"
#include "core/model/model_spec.h"
#include "core/nn/rnn.h"

namespace attn {

/// B sentences as word ids, padded to one length: ids[b * positions + s].
struct TokenBatch {
    std::vector<int> ids;
    std::vector<int> lengths; ///< B numbers from 1 to positions
    int positions = 0;

    int batch() const { return static_cast<int>(lengths.size()); }
};

/// What the encoder made of a batch.
template <typename T>
struct Encoding {
    SequenceResult<T> layers;
    Var<T> outputs; ///< B*S x width, row b*S + s: the attention's keys and values
    AttentionMemory<T> memory;
};

/// What the decoder carries from word to word, B rows each.
template <typename T>
struct DecoderState {
    List<CellState<T>> layers;
    Var<T> feed; ///< the last features; defined with input feeding only
    AttentionState<T> attention;
};

/// One decoder step, everything in it.
template <typename T>
struct DecoderStep {
    struct StepCell {
        int layer = 0;       ///< from 0
        bool second = false; ///< the second cell of between_cells
        CellResult<T> result;
    };
    List<StepCell> cells; ///< bottom layer first
    AttentionResult<T> attention;
    Var<T> features; ///< B x featureWidth(), what enters the output layer
    DecoderState<T> state;
};

/// The encoder-decoder that a ModelSpec describes: one definition for training, inference and tracing.
template <typename T>
class EncoderDecoder {
public:
    /// Looks up modelSchema(spec) among the parameters. Throws Error(Argument) with every fault of the spec.
    EncoderDecoder(const ModelSpec& spec, const Parameters<T>& parameters);

    /// `monotonic` says how attention of the scope monotonic is to run over this encoding.
    Encoding<T> encode(Tape<T>* tape, const TokenBatch& source, const Noise& noise = {},
                       MonotonicMode monotonic = MonotonicMode::Hard) const;
    /// The decoder's state before its first word.
    DecoderState<T> start(Tape<T>* tape, const Encoding<T>& encoding) const;
    /// One step from the previous words, one a sentence.
    DecoderStep<T> step(Tape<T>* tape, const Encoding<T>& encoding, const DecoderState<T>& state,
                        const std::vector<int>& previous, const Noise& noise = {},
                        const Tap<T>& tap = {}) const;
    /// features W_output' + b_output: n x target vocabulary.
    Var<T> logits(Tape<T>* tape, const Var<T>& features) const;

    const ModelSpec& spec() const { return m_spec; }
    const Attention<T>& attention() const { return m_attention; }

private:
    struct Bridge {
        Var<T> W, b, Wcell, bcell;
    };

    /// The top layer's last states [forward at the end; backward at the start]: B x its output width.
    Var<T> lastStates(Tape<T>* tape, const Encoding<T>& encoding) const;
    Var<T> bridgeInput(Tape<T>* tape, const Encoding<T>& encoding) const;
    Var<T> readout(Tape<T>* tape, const Var<T>& s, const Var<T>& c, const Var<T>& y) const;
    /// Runs layers from `first` up on `x`; fills step.cells and step.state.layers.
    Var<T> climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                 std::size_t first, const Noise& noise) const;

    ModelSpec m_spec;
    Var<T> m_sourceEmbedding, m_targetEmbedding;
    RnnStack<T> m_encoder;
    std::vector<Bridge> m_bridge;
    std::vector<Cell<T>> m_decoder;
    std::optional<Cell<T>> m_secondCell;
    Attention<T> m_attention;
    Var<T> m_readoutW, m_readoutWstate, m_readoutWcontext, m_readoutWinput, m_readoutWhidden;
    Var<T> m_readoutB, m_readoutBcontext, m_readoutBhidden;
    Var<T> m_outputW, m_outputB;
};

} // namespace attn
