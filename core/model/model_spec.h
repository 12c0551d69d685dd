// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/attention/attention_spec.h"
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
///   attentional  tanh(W_c [c; s])                                      Luong 2015
///   deep_sum     act(s W_state' + c W_context' + y W_input' + b)       Bahdanau 2015, nematus
///   deep_join    act([s; c; y] W' + b)
///   two_tanh     h* = tanh(W_h c~ + b_h), c~ = tanh(W_c c + b_c)
///   join         [s; c] itself
///   state        s itself
enum class ReadoutKind { Attentional, DeepSum, DeepJoin, TwoTanh, Join, State };
template <>
struct EnumNames<ReadoutKind> {
    static constexpr std::array names{
        std::pair{ReadoutKind::Attentional, std::string_view("attentional")},
        std::pair{ReadoutKind::DeepSum, std::string_view("deep_sum")},
        std::pair{ReadoutKind::DeepJoin, std::string_view("deep_join")},
        std::pair{ReadoutKind::TwoTanh, std::string_view("two_tanh")},
        std::pair{ReadoutKind::Join, std::string_view("join")},
        std::pair{ReadoutKind::State, std::string_view("state")},
    };
};

/// Activation of the deep readouts. Maxout takes the larger of each two neighbouring columns
/// (Goodfellow 2013), so its weights have 2 x width rows.
enum class ReadoutActivation { Tanh, Maxout };
template <>
struct EnumNames<ReadoutActivation> {
    static constexpr std::array names{
        std::pair{ReadoutActivation::Tanh, std::string_view("tanh")},
        std::pair{ReadoutActivation::Maxout, std::string_view("maxout")},
    };
};

struct ReadoutSpec {
    ReadoutKind kind = ReadoutKind::DeepSum;
    ReadoutActivation activation = ReadoutActivation::Tanh;
    int width = 0;    ///< columns that enter the output layer; not asked for by join and state
    bool bias = true; ///< b, b_c, b_h above; attentional has none when false

    bool operator==(const ReadoutSpec&) const = default;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, ReadoutSpec> {
    visit("kind", spec.kind);
    visit("activation", spec.activation);
    visit("width", spec.width);
    visit("bias", spec.bias);
}

/// How the decoder's first state comes from the encoder.
///   zero      all zeros
///   copy      each decoder layer takes the same encoder layer's final state ([forward, backward] joined)
///   last      tanh(e W' + b), e the top layer's final states [forward at the end, backward at the start]
///   backward  tanh(e W' + b), e the backward direction's state at the first position   Bahdanau 2015
///   mean      tanh(e W' + b), e the mean of the encoder's outputs                      nematus
enum class BridgeKind { Zero, Copy, Last, Backward, Mean };
template <>
struct EnumNames<BridgeKind> {
    static constexpr std::array names{
        std::pair{BridgeKind::Zero, std::string_view("zero")},
        std::pair{BridgeKind::Copy, std::string_view("copy")},
        std::pair{BridgeKind::Last, std::string_view("last")},
        std::pair{BridgeKind::Backward, std::string_view("backward")},
        std::pair{BridgeKind::Mean, std::string_view("mean")},
    };
};

/// An encoder-decoder's wiring: everything but the numbers and the words.
struct ModelSpec {
    int sourceVocabulary = 0; ///< rows of the source embedding
    int targetVocabulary = 0; ///< rows of the target embedding and of the output layer
    int sourceEmbedding = 0;  ///< columns
    int targetEmbedding = 0;
    bool sourceEnd = true; ///< the end symbol is appended to the source and can be attended
    RnnSpec encoder;
    BridgeKind bridge = BridgeKind::Last;
    RnnSpec decoder;
    AttentionOrder order = AttentionOrder::PreviousState;
    bool inputFeeding = false; ///< current_state: the readout's features enter the next step's cell
    AttentionSpec attention;
    ReadoutSpec readout;
    /// The output layer's W is the target embedding (Press & Wolf 2017): one matrix, so the features have
    /// its columns.
    bool tiedEmbeddings = false;

    bool operator==(const ModelSpec&) const = default;

    /// Every fault of the spec and of its parts' fit, with the field's name ("decoder.cell.width").
    Findings validate() const;
    /// Columns that enter the output layer.
    int featureWidth() const;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, ModelSpec> {
    visit("source_vocabulary", spec.sourceVocabulary);
    visit("target_vocabulary", spec.targetVocabulary);
    visit("source_embedding", spec.sourceEmbedding);
    visit("target_embedding", spec.targetEmbedding);
    visit("source_end", spec.sourceEnd);
    visit("encoder", spec.encoder);
    visit("bridge", spec.bridge);
    visit("decoder", spec.decoder);
    visit("order", spec.order);
    visit("input_feeding", spec.inputFeeding);
    visit("attention", spec.attention);
    visit("readout", spec.readout);
    visit("tied_embeddings", spec.tiedEmbeddings);
}

/// Every parameter of a model: the names and shapes that a model file must hold, no more and no fewer.
Schema modelSchema(const ModelSpec& spec);

} // namespace attn
