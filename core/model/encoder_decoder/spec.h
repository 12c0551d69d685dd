// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/attention_spec.h"
#include "core/model/side_role.h"
#include "core/nn/rnn_spec.h"

namespace attn {

/// Where attention sits in a decoder's step (attention.md, last table).
///   previous_state  c_t from s_(t-1); s_t = cell([y_(t-1); c_t], s_(t-1))              Bahdanau 2015
///   current_state   h_t = cell([y_(t-1); feed], h_(t-1)); c_t from h_t                 Luong 2015
///   between_cells   s' = cell_1(y_(t-1), s_(t-1)); c_t from s'; s_t = cell_2(c_t, s')  conditional GRU
enum class AttentionOrder { PreviousState, CurrentState, BetweenCells };
template <>
struct EnumNames<AttentionOrder> {
    static constexpr std::array names{
        std::pair{AttentionOrder::PreviousState, std::string_view("previous_state")},
        std::pair{AttentionOrder::CurrentState, std::string_view("current_state")},
        std::pair{AttentionOrder::BetweenCells, std::string_view("between_cells")},
    };
};

/// What stands between the decoder's state and the output layer; s: decoder state after the step,
/// c: context, y: embedding of the previous word, W x r meaning r W'.
///   attentional  act(W_c [c; s])                                       Luong 2015
///   deep_sum     act(s W_state' + c W_context' + y W_input' + b)       Bahdanau 2015, nematus
///   deep_join    act([s; c; y] W' + b)
///   two_tanh     h* = tanh(W_h c~ + b_h), c~ = tanh(W_c c + b_c)
///   join         [s; c] itself
///   join_input   [s; c; y] itself
///   state        s itself
enum class ReadoutKind { Attentional, DeepSum, DeepJoin, TwoTanh, Join, JoinInput, State };
template <>
struct EnumNames<ReadoutKind> {
    static constexpr std::array names{
        std::pair{ReadoutKind::Attentional, std::string_view("attentional")},
        std::pair{ReadoutKind::DeepSum, std::string_view("deep_sum")},
        std::pair{ReadoutKind::DeepJoin, std::string_view("deep_join")},
        std::pair{ReadoutKind::TwoTanh, std::string_view("two_tanh")},
        std::pair{ReadoutKind::Join, std::string_view("join")},
        std::pair{ReadoutKind::JoinInput, std::string_view("join_input")},
        std::pair{ReadoutKind::State, std::string_view("state")},
    };
};

/// Activation of the attentional and the deep readouts. Maxout, for the deep ones, takes the larger of each
/// two neighbouring columns (Goodfellow 2013), so its weights have 2 x width rows.
enum class ReadoutActivation { Tanh, Maxout, Relu, Sigmoid, Identity };
template <>
struct EnumNames<ReadoutActivation> {
    static constexpr std::array names{
        std::pair{ReadoutActivation::Tanh, std::string_view("tanh")},
        std::pair{ReadoutActivation::Maxout, std::string_view("maxout")},
        std::pair{ReadoutActivation::Relu, std::string_view("relu")},
        std::pair{ReadoutActivation::Sigmoid, std::string_view("sigmoid")},
        std::pair{ReadoutActivation::Identity, std::string_view("identity")},
    };
};

/// How much of an attentional readout's o comes from the context and how much from what the decoder read, x,
/// and its state s (Tu et al. 2017 as OpenNMT-py has it), with z = sigmoid([x; s; o] W_gate' + b_gate), p =
/// [x; s] W_target' + b_target, r = o W_source' + b_source:
///   source  tanh(p + z * r)
///   target  tanh(z * p + r)
///   both    tanh((1 - z) * p + z * r)
enum class ContextGate { None, Source, Target, Both };
template <>
struct EnumNames<ContextGate> {
    static constexpr std::array names{
        std::pair{ContextGate::None, std::string_view("none")},
        std::pair{ContextGate::Source, std::string_view("source")},
        std::pair{ContextGate::Target, std::string_view("target")},
        std::pair{ContextGate::Both, std::string_view("both")},
    };
};

struct ReadoutSpec {
    ReadoutKind kind = ReadoutKind::DeepSum;
    ReadoutActivation activation = ReadoutActivation::Tanh;
    int width = 0;    ///< columns that enter the output layer; not asked for by join and state
    bool bias = true; ///< b, b_c, b_h above; attentional has none when false
    /// deep_sum: each of the three products is normalised by itself, see NormPlace. With after_bias each has
    /// a bias of its own: b_state, b_context, b_input.
    NormPlace norm = NormPlace::None;
    double normEpsilon = 1e-5;
    ContextGate contextGate = ContextGate::None; ///< of attentional, with the order current_state
    /// Columns of f W_projection' + b_projection, which the output layer reads in place of the features f; 0:
    /// none.
    int projection = 0;

    bool operator==(const ReadoutSpec&) const = default;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, ReadoutSpec> {
    visit("kind", spec.kind);
    visit("activation", spec.activation);
    visit("width", spec.width);
    visit("bias", spec.bias);
    visit("norm", spec.norm);
    visit("norm_epsilon", spec.normEpsilon, above(0, 1));
    visit("context_gate", spec.contextGate);
    visit("projection", spec.projection);
}

/// How the decoder's first state comes from the encoder: act is bridge_activation, tanh unless given. A
/// layer's W and b are its own, or one pair for all layers with bridge_shared.
///   zero      all zeros
///   copy      each decoder layer takes the same encoder layer's final state ([forward, backward] joined)
///   last      act(e W' + b), e the top layer's final states [forward at the end, backward at the start]
///   backward  act(e W' + b), e the backward direction's state at the first position   Bahdanau 2015
///   mean      act(e W' + b), e the mean of the encoder's outputs                      nematus
///   layers    act(e W' + b), e the same encoder layer's final states, joined; an lstm's cell state comes
///             from the encoder's cell states                                          fairseq
///   flat      act(e W' + b), e each half (each direction's share) of all final states in the order layer 0
///             forward, layer 0 backward, layer 1 forward ...; the results, joined again, are cut into the
///             layers' states; cell states the same from cell states; always shared    OpenNMT-py
///   first     the first n columns of last's e                                         Joey NMT
///   in_order  decoder layer k takes the k-th final state in flat's order              PyTorch's chatbot
enum class BridgeKind { Zero, Copy, Last, Backward, Mean, Layers, Flat, First, InOrder };
template <>
struct EnumNames<BridgeKind> {
    static constexpr std::array names{
        std::pair{BridgeKind::Zero, std::string_view("zero")},
        std::pair{BridgeKind::Copy, std::string_view("copy")},
        std::pair{BridgeKind::Last, std::string_view("last")},
        std::pair{BridgeKind::Backward, std::string_view("backward")},
        std::pair{BridgeKind::Mean, std::string_view("mean")},
        std::pair{BridgeKind::Layers, std::string_view("layers")},
        std::pair{BridgeKind::Flat, std::string_view("flat")},
        std::pair{BridgeKind::First, std::string_view("first")},
        std::pair{BridgeKind::InOrder, std::string_view("in_order")},
    };
};

/// Where an lstm decoder's first cell state comes from: by the bridge's rule, with W_cell and b_cell where it
/// has layers; or it is the first hidden state once more.
enum class BridgeCell { Own, Hidden };
template <>
struct EnumNames<BridgeCell> {
    static constexpr std::array names{
        std::pair{BridgeCell::Own, std::string_view("own")},
        std::pair{BridgeCell::Hidden, std::string_view("hidden")},
    };
};

/// A layer that the decoder's first cell reads through: act([y; c] W' + b), `width` columns; 0: none.
struct InputLayerSpec {
    int width = 0;
    Activation activation = Activation::Relu;

    bool operator==(const InputLayerSpec&) const = default;
};

template <typename Visitor>
void visitFields(auto& spec, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(spec)>, InputLayerSpec> {
    visit("width", spec.width);
    visit("activation", spec.activation);
}

/// Copying words of the source (See et al. 2017; Gu et al. 2016 as OpenNMT-py has it): with p = sigmoid(f w'
/// + b), f the features, and copy weights a_j,
///   P(w) = (1 - p) softmax(logits)_w + p sum of a_j over the positions j whose word is w
/// where words of the source that the target vocabulary lacks are outputs too.
///   attention  a_j are the attention's weights, the mean over its heads
///   own        a_j come from a second attention, copy_attention, whose query is f
enum class CopyKind { None, Attention, Own };
template <>
struct EnumNames<CopyKind> {
    static constexpr std::array names{
        std::pair{CopyKind::None, std::string_view("none")},
        std::pair{CopyKind::Attention, std::string_view("attention")},
        std::pair{CopyKind::Own, std::string_view("own")},
    };
};

template <typename T>
class EncoderDecoder;

/// An encoder-decoder's wiring: everything but the numbers and the words.
struct EncoderDecoderSpec {
    static constexpr std::string_view family = "encoder_decoder";
    template <typename T>
    using Network = EncoderDecoder<T>;

    int sourceVocabulary = 0; ///< rows of the source embedding
    int targetVocabulary = 0; ///< rows of the target embedding and of the output layer
    int sourceEmbedding = 0;  ///< columns
    int targetEmbedding = 0;
    bool sourceStart = false; ///< the start symbol stands before the source and can be attended
    bool sourceEnd = true;    ///< the end symbol is appended to the source and can be attended
    RnnSpec encoder;
    BridgeKind bridge = BridgeKind::Last;
    Activation bridgeActivation = Activation::Tanh;
    bool bridgeShared = false;
    BridgeCell bridgeCell = BridgeCell::Own;
    NormPlace bridgeNorm = NormPlace::None; ///< of e W', see NormPlace; for a shared bridge with layers
    double bridgeNormEpsilon = 1e-5;
    RnnSpec decoder; ///< transitions of layer 0 follow its last cell; residual as in an encoder
    AttentionOrder order = AttentionOrder::PreviousState;
    bool inputFeeding = false; ///< current_state: the readout's features enter the next step's cell
    bool queryInput = false;   ///< previous_state: the query is [y; s], not s alone
    InputLayerSpec inputLayer; ///< previous_state
    /// Absent: no attention. One vector stands for the whole source, the encoder's last states, and is the
    /// context of every step (Cho 2014).
    std::optional<AttentionSpec> attention = AttentionSpec{};
    Gate summaryGate = Gate::None; ///< without attention: multiplies that context as AttentionSpec::gate does
    ReadoutSpec readout;
    /// The output layer's W is the target embedding (Press & Wolf 2017): one matrix, so the features have
    /// its columns.
    bool tiedEmbeddings = false;
    CopyKind copy = CopyKind::None;
    AttentionSpec copyAttention; ///< for the kind own
    /// copy: a target word that is never generated (its logit counts as minus infinity); absent: none.
    std::optional<int> copyBlocked;

    bool operator==(const EncoderDecoderSpec&) const = default;

    /// Every fault of the spec and of its parts' fit, with the field's name ("decoder.cell.width").
    Findings validate() const;
    /// Every parameter of the model, in the order of its file.
    Schema schema() const;
    std::vector<SideNeed> sides() const {
        return {{SideRole::Source, "source_vocabulary", sourceVocabulary},
                {SideRole::Target, "target_vocabulary", targetVocabulary}};
    }
    /// Columns of the context.
    int contextWidth() const;
    /// Columns of the query.
    int queryWidth() const { return decoder.cell.width + (queryInput ? targetEmbedding : 0); }
    /// Columns of the features.
    int featureWidth() const;
    /// Columns that enter the output layer: the features, or their projection.
    int outputInputWidth() const { return readout.projection > 0 ? readout.projection : featureWidth(); }
    /// Columns of what the decoder is given at a step, before its input layer.
    int decoderGiven() const;
    /// Columns of e, what the bridge's layers read.
    int bridgeWidth() const;
    /// Whether the bridge has a W and b of its own, and whether all decoder layers use the same.
    bool bridgeHasLayers() const;
    bool bridgeIsShared() const { return bridgeShared || bridge == BridgeKind::Flat; }
    /// Where a decoder layer's bridge has its parameters.
    std::string bridgePrefix(int layer) const {
        return bridgeIsShared() ? "bridge." : "bridge.layer" + std::to_string(layer) + ".";
    }
    /// The copy weights' attention with its widths filled in.
    AttentionSpec copyAttentionSpec() const;
};

template <typename Visitor>
void visitFields(auto& spec, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(spec)>, EncoderDecoderSpec> {
    visit("source_vocabulary", spec.sourceVocabulary, atLeast(5));
    visit("target_vocabulary", spec.targetVocabulary, atLeast(5));
    visit("source_embedding", spec.sourceEmbedding, atLeast(1));
    visit("target_embedding", spec.targetEmbedding, atLeast(1));
    visit("source_start", spec.sourceStart);
    visit("source_end", spec.sourceEnd);
    visit("encoder", spec.encoder);
    visit("bridge", spec.bridge);
    visit("bridge_activation", spec.bridgeActivation);
    visit("bridge_shared", spec.bridgeShared);
    visit("bridge_cell", spec.bridgeCell);
    visit("bridge_norm", spec.bridgeNorm);
    visit("bridge_norm_epsilon", spec.bridgeNormEpsilon, above(0, 1));
    visit("decoder", spec.decoder);
    visit("order", spec.order);
    visit("input_feeding", spec.inputFeeding);
    visit("query_input", spec.queryInput);
    visit("input_layer", spec.inputLayer);
    visit("attention", spec.attention);
    visit("summary_gate", spec.summaryGate);
    visit("readout", spec.readout);
    visit("tied_embeddings", spec.tiedEmbeddings);
    visit("copy", spec.copy);
    visit("copy_attention", spec.copyAttention);
    visit("copy_blocked", spec.copyBlocked);
}

} // namespace attn
