// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/nn/schema.h"

namespace attn {

/// The recurrent cells; equations at CellSpec.
enum class CellKind { Elman, Gru, Lstm, Lstmn };

template <>
struct EnumNames<CellKind> {
    static constexpr std::array names{std::pair{CellKind::Elman, std::string_view("elman")},
                                      std::pair{CellKind::Gru, std::string_view("gru")},
                                      std::pair{CellKind::Lstm, std::string_view("lstm")},
                                      std::pair{CellKind::Lstmn, std::string_view("lstmn")}};
};

/// The query of an lstmn's attention: [x_t; h~_(t-1)] (Cheng 2016, the paper), or x_t alone (the authors'
/// code).
enum class LstmnQuery { InputState, Input };

template <>
struct EnumNames<LstmnQuery> {
    static constexpr std::array names{std::pair{LstmnQuery::InputState, std::string_view("input_state")},
                                      std::pair{LstmnQuery::Input, std::string_view("input")}};
};

/// A function of each entry.
enum class Activation { Tanh, Relu, Sigmoid, Identity };

template <>
struct EnumNames<Activation> {
    static constexpr std::array names{std::pair{Activation::Tanh, std::string_view("tanh")},
                                      std::pair{Activation::Relu, std::string_view("relu")},
                                      std::pair{Activation::Sigmoid, std::string_view("sigmoid")},
                                      std::pair{Activation::Identity, std::string_view("identity")}};
};

/// Layer normalisation (Ba et al. 2016) of a product x W' and its place beside the bias.
///   before_bias  gain * N(x W') + b             Marian's s2s
///   after_bias   gain * N(x W' + b) + shift     Nematus
/// N(a) = (a - mean(a)) / sqrt(variance(a) + norm_epsilon) over the row's entries.
enum class NormPlace { None, BeforeBias, AfterBias };

template <>
struct EnumNames<NormPlace> {
    static constexpr std::array names{std::pair{NormPlace::None, std::string_view("none")},
                                      std::pair{NormPlace::BeforeBias, std::string_view("before_bias")},
                                      std::pair{NormPlace::AfterBias, std::string_view("after_bias")}};
};

/// A recurrent cell and the conventions its weights were trained with.
/// Row vectors: x (1 x in), h (1 x n). For a gate block g of W_input (n x in), W_hidden (n x n):
///   a_g = x W_input_g' + b_input_g,   u_g = h W_hidden_g' + b_hidden_g (b_hidden only if twoBiases)
/// elman  h' = act(a + u)                                                      (Elman 1990)
/// gru    r = sigmoid(a_r + u_r), z = sigmoid(a_z + u_z)                        (Cho 2014)
///        n = act(a_n + r * u_n)                          if resetAfter         (cuDNN, PyTorch)
///        n = act(a_n + (r * h) W_hidden_n' + b_hidden_n) otherwise             (Cho 2014)
///        h' = z * h + (1 - z) * n    if updateKeeps                            (PyTorch, Keras)
///        h' = (1 - z) * h + z * n    otherwise                                 (Bahdanau 2015)
/// lstm   i, f, o = sigmoid(a + u), g = act(a_g + u_g); c' = f * c + i * g; h' = o * act(c')
///                                                                  (Hochreiter 1997, Gers 2000)
/// lstmn  an lstm whose state before a step is a mix of all its earlier ones                (Cheng 2016)
///        [h~_t; c~_t] = sum_j a_tj [h_j; c_j] over j < t;  (h_t, c_t) = lstm(x_t; h~_t, c~_t);  h~_(-1) = 0
///        a_t = softmax_j v . tanh(q_t W_query' + h_j W_key' + b); without a past the mix is 0
/// With `norm` the rows [a_r, a_z, a_n] and [u_r, u_z, u_n] (lstm: all four) are normalised before the gates.
/// before_bias takes each as one row; after_bias takes a gru's r and z together and n by itself. A cell
/// without an input (a transition, RnnSpec) has a = b_input, never normalised.
struct CellSpec {
    CellKind kind = CellKind::Gru;
    int width = 0; ///< n, the number of hidden units
    /// The order in which the gate blocks stand in W_input, W_hidden and the biases: a permutation
    /// of "rzn" (gru) or "ifgo" (lstm); "h" for elman. Empty means exactly those.
    std::string gateOrder;
    bool resetAfter = true;  ///< gru: the reset gate multiplies the product, not the state
    bool twoBiases = true;   ///< a second bias beside W_hidden
    bool updateKeeps = true; ///< gru: z = 1 keeps the old state
    Activation activation = Activation::Tanh;
    NormPlace norm = NormPlace::None;
    double normEpsilon = 1e-5;
    int attentionWidth = 0;                    ///< lstmn: A, the columns of W_query' and W_key'
    LstmnQuery query = LstmnQuery::InputState; ///< lstmn
    bool startSlot =
        false; ///< lstmn: a state of zeros before the first can be attended, so that weights always sum to 1
    int window = 0; ///< lstmn: how many states back it sees; 0: all. With 1 it is an lstm

    bool operator==(const CellSpec&) const = default;

    /// Whether there is a cell state beside the hidden state.
    bool hasCellState() const { return kind == CellKind::Lstm || kind == CellKind::Lstmn; }
    /// The cell that takes the step: of an lstmn, its lstm.
    CellSpec stepCell() const;

    /// The gates in file order, one letter each.
    std::string gates() const;
    /// Columns of a row that are normalised together, in file order; empty: all of them.
    std::vector<int> normParts() const;
    /// Every fault, each with the field's name under `where`.
    Findings validate(const std::string& where) const;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, CellSpec> {
    visit("kind", spec.kind);
    visit("width", spec.width, atLeast(1));
    visit("gate_order", spec.gateOrder);
    visit("reset_after", spec.resetAfter);
    visit("two_biases", spec.twoBiases);
    visit("update_keeps", spec.updateKeeps);
    visit("activation", spec.activation);
    visit("norm", spec.norm);
    visit("norm_epsilon", spec.normEpsilon, above(0, 1));
    visit("attention_width", spec.attentionWidth);
    visit("query", spec.query);
    visit("start_slot", spec.startSlot);
    visit("window", spec.window);
}

/// Every parameter of a cell, with `prefix` ("encoder.layer0.forward.") before each name:
/// W_input G n x in (not where inputWidth is 0), W_hidden G n x n, b_input G n, b_hidden G n (twoBiases), G
/// blocks in gate order; of an lstmn also attention.W_query, attention.W_key, attention.b, attention.v; with
/// norm gain_input, gain_hidden, and for after_bias shift_input, shift_hidden, G n each.
Schema cellSchema(const CellSpec& spec, int inputWidth, const std::string& prefix);

} // namespace attn
