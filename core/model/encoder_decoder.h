// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attention/attention.h"
#include "core/autograd/ops_copy.h"
#include "core/model/model_spec.h"
#include "core/recurrent/rnn.h"

namespace attn {

/// B sentences as word ids, padded to one length: ids[b * positions + s].
struct TokenBatch {
    std::vector<int> ids;
    std::vector<int> lengths; ///< B numbers from 1 to positions
    int positions = 0;
    /// For models that copy, B*S: which output each source word stands for, a word of the target vocabulary
    /// or (from its size on) one that it lacks; -1 in padding. Empty: nothing is copied.
    std::vector<int> copyIds = {};
    int extraWords = 0; ///< outputs beyond the target vocabulary

    int batch() const { return static_cast<int>(lengths.size()); }
};

/// What the encoder made of a batch.
template <typename T>
struct Encoding {
    SequenceResult<T> layers;
    Var<T> outputs; ///< B*S x width, row b*S + s: the attention's keys and values
    AttentionMemory<T> memory;
    std::optional<AttentionMemory<T>> copyMemory; ///< of a copy attention of its own
    CopyTargets copies;                           ///< ids of -1 alone where nothing is copied
};

/// What the decoder carries from word to word, B rows each.
template <typename T>
struct DecoderState {
    List<CellState<T>> layers;
    Var<T> feed; ///< the last features; defined with input feeding only
    AttentionState<T> attention;
    AttentionState<T> copyAttention;
};

/// How much is copied at a step, and from where.
template <typename T>
struct CopyResult {
    Var<T> gate;                  ///< p, B x 1; undefined in a model that does not copy
    Var<T> weights;               ///< B x S
    AttentionResult<T> attention; ///< the kind own: what made the weights
};

/// One decoder step, everything in it.
template <typename T>
struct DecoderStep {
    struct StepCell {
        int layer = 0; ///< from 0
        int cell = 0;  ///< 0: the one with the word as input; above: those that follow in the same step
        CellResult<T> result;
    };
    List<StepCell> cells; ///< bottom layer first
    AttentionResult<T> attention;
    Var<T> input;       ///< what input_layer made, B x its width; undefined without one
    Var<T> contextGate; ///< z of ContextGate, B x featureWidth(); undefined without one
    Var<T> features;    ///< B x featureWidth(), what enters the output layer
    CopyResult<T> copy;
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
    /// One step from the previous words, one a sentence. -1 is no word: a vector of zeros.
    DecoderStep<T> step(Tape<T>* tape, const Encoding<T>& encoding, const DecoderState<T>& state,
                        const std::vector<int>& previous, const Noise& noise = {},
                        const Tap<T>& tap = {}) const;
    /// What the softmax is taken of, n x target vocabulary: f W_output' + b_output with f the features or
    /// their projection.
    Var<T> logits(Tape<T>* tape, const Var<T>& features) const;
    /// A step's outputs, of which the softmax is the distribution over the next word: logits(), or of a model
    /// that copies the logarithm of its mixture, B x (target vocabulary + extra words).
    Var<T> output(Tape<T>* tape, const Encoding<T>& encoding, const DecoderStep<T>& step) const;

    const ModelSpec& spec() const { return m_spec; }
    const Attention<T>& attention() const { return m_attention; }
    /// nullptr unless there is one of its own.
    const Attention<T>* copyAttention() const { return m_copyAttention ? &*m_copyAttention : nullptr; }

private:
    struct Bridge {
        NormalisedLayer<T> hidden, cell;
    };
    /// An encoder layer's final states.
    using Part = Var<T> CellState<T>::*;

    /// A layer's last states [forward at the end; backward at the start].
    Var<T> lastStates(Tape<T>* tape, const Encoding<T>& encoding, int layer, Part part) const;
    /// All of them in the order layer 0 forward, layer 0 backward, layer 1 forward ....
    List<Var<T>> allLastStates(const Encoding<T>& encoding, Part part) const;
    Var<T> bridgeInput(Tape<T>* tape, const Encoding<T>& encoding) const;
    /// The first states of the decoder's layers, hidden or cell, by the bridge's rule.
    List<Var<T>> firstStates(Tape<T>* tape, const Encoding<T>& encoding, Part part) const;
    /// What a step gives, of state s, context c, embedding y and all that the decoder read, x.
    Var<T> readout(Tape<T>* tape, DecoderStep<T>& step, const Var<T>& s, const Var<T>& c, const Var<T>& y,
                   const Var<T>& x) const;
    CopyResult<T> copy(Tape<T>* tape, const Encoding<T>& encoding, const DecoderState<T>& state,
                       const DecoderStep<T>& step) const;
    /// A layer's transitions from what its cells have made so far; fills step.cells and step.state.layers.
    Var<T> finishLayer(Tape<T>* tape, DecoderStep<T>& step, std::size_t layer) const;
    /// Runs layers from `first` up on `x`; fills step.cells and step.state.layers.
    Var<T> climb(Tape<T>* tape, DecoderStep<T>& step, const DecoderState<T>& state, Var<T> x,
                 std::size_t first, const Noise& noise) const;

    ModelSpec m_spec;
    Var<T> m_sourceEmbedding, m_targetEmbedding;
    RnnStack<T> m_encoder;
    std::vector<Bridge> m_bridge; ///< one, or one a decoder layer
    std::vector<DeepCell<T>> m_decoder;
    std::optional<Cell<T>> m_secondCell;
    Attention<T> m_attention;
    std::optional<Attention<T>> m_copyAttention;
    Var<T> m_inputW, m_inputB;
    Var<T> m_readoutW, m_readoutB;
    NormalisedLayer<T> m_readoutState, m_readoutContext, m_readoutInput, m_readoutHidden;
    NormalisedLayer<T> m_gate, m_gateSource, m_gateTarget;
    Var<T> m_projectionW, m_projectionB;
    Var<T> m_outputW, m_outputB;
    Var<T> m_copyW, m_copyB;
};

} // namespace attn
