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

/// Which parts of the state h_t are the key, the value and what predicts the next word (Daniluk et al. 2017).
///   one                key = value = predict = h
///   key_value          h = [k; v], predict = v
///   key_value_predict  h = [k; v; p]
enum class StateSplit { One, KeyValue, KeyValuePredict };
template <>
struct EnumNames<StateSplit> {
    static constexpr std::array names{
        std::pair{StateSplit::One, std::string_view("one")},
        std::pair{StateSplit::KeyValue, std::string_view("key_value")},
        std::pair{StateSplit::KeyValuePredict, std::string_view("key_value_predict")},
    };
};

template <typename T>
class LanguageModel;

/// A recurrent language model, with or without attention over its past states. Step t reads word t - 1 (step
/// 0 the start symbol) and predicts word t; y_t is the word's embedding, h_t the top state of the stack.
///   without attention   f_t = h_t
///   with attention      query k_t, keys k_j, values v_j give c_t, and
///                       f_t = tanh(c_t W_context' + p_t W_state')         (Daniluk et al. 2017)
///   logits = f_t W_output' + b_output
/// The attention does not enter the recurrence. Cells of the kind lstmn do attend within it (Cheng et al.
/// 2016).
struct LanguageModelSpec {
    static constexpr std::string_view family = "language_model";
    template <typename T>
    using Network = LanguageModel<T>;

    int vocabulary = 0;                     ///< rows of the embedding and of the output layer
    int embedding = 0;                      ///< columns of the embedding
    RnnSpec rnn;                            ///< one direction; residual as in an encoder
    std::optional<AttentionSpec> attention; ///< absent: none. Its scope is past or causal
    StateSplit split = StateSplit::One;
    int features = 0; ///< with attention: columns of f
    /// The output layer's W is the embedding (Press & Wolf 2017): the features have its columns.
    bool tiedEmbeddings = false;

    bool operator==(const LanguageModelSpec&) const = default;

    /// Every fault of the spec and of its parts' fit, with the field's name ("rnn.cell.width").
    Findings validate() const;
    /// Every parameter: embedding.W, rnn.layer0. ... as in cellSchema(), attention. as in attentionSchema(),
    /// readout.W_context, readout.W_state, output.W (unless tied), output.b.
    Schema schema() const;
    /// The text is the target; there is no source.
    std::vector<SideNeed> sides() const { return {{SideRole::Target, "vocabulary", vocabulary}}; }
    /// Into how many parts the state is split.
    int parts() const;
    /// Columns of the key, the value and what predicts: each a part of the state.
    int partWidth() const { return rnn.cell.width / parts(); }
    /// Columns of the features.
    int featureWidth() const { return attention ? features : rnn.cell.width; }
};

template <typename Visitor>
void visitFields(auto& spec, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(spec)>, LanguageModelSpec> {
    visit("vocabulary", spec.vocabulary, atLeast(5));
    visit("embedding", spec.embedding, atLeast(1));
    visit("rnn", spec.rnn);
    visit("attention", spec.attention);
    visit("split", spec.split);
    visit("features", spec.features);
    visit("tied_embeddings", spec.tiedEmbeddings);
}

} // namespace attn
