// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/nn/cell_spec.h"

namespace attn {

/// How a query and a key become a number.
enum class Score { Dot, ScaledDot, General, Additive, Concat, Location, Cosine, LocationKey };
template <>
struct EnumNames<Score> {
    static constexpr std::array names{
        std::pair{Score::Dot, std::string_view("dot")},
        std::pair{Score::ScaledDot, std::string_view("scaled_dot")},
        std::pair{Score::General, std::string_view("general")},
        std::pair{Score::Additive, std::string_view("additive")},
        std::pair{Score::Concat, std::string_view("concat")},
        std::pair{Score::Location, std::string_view("location")},
        std::pair{Score::Cosine, std::string_view("cosine")},
        std::pair{Score::LocationKey, std::string_view("location_key")},
    };
};

/// Which positions j take part at step t. D is AttentionSpec::window.
///   global     all
///   causal     0 <= t - j <= D; D = 0: no limit
///   past       1 <= t - j <= D; D = 0: no limit. A step does not see itself (Daniluk et al. 2017)
///   window     |t - j| <= D
///   local_m    |t - j| <= D, with t no further than the last position (Luong 2015)
///   local_p    |p_t - j| <= D around a predicted centre, under a Gaussian (Luong 2015)
///   monotonic  from the position chosen at the step before on (Raffel 2017, core/attention/monotonic.h)
enum class Scope { Global, Causal, Past, Window, LocalM, LocalP, Monotonic };
template <>
struct EnumNames<Scope> {
    static constexpr std::array names{
        std::pair{Scope::Global, std::string_view("global")},
        std::pair{Scope::Causal, std::string_view("causal")},
        std::pair{Scope::Past, std::string_view("past")},
        std::pair{Scope::Window, std::string_view("window")},
        std::pair{Scope::LocalM, std::string_view("local_m")},
        std::pair{Scope::LocalP, std::string_view("local_p")},
        std::pair{Scope::Monotonic, std::string_view("monotonic")},
    };
};

/// How allowed scores become weights.
enum class Normaliser { Softmax, Sparsemax, Entmax15, Sigmoid, Hard };
template <>
struct EnumNames<Normaliser> {
    static constexpr std::array names{
        std::pair{Normaliser::Softmax, std::string_view("softmax")},
        std::pair{Normaliser::Sparsemax, std::string_view("sparsemax")},
        std::pair{Normaliser::Entmax15, std::string_view("entmax15")},
        std::pair{Normaliser::Sigmoid, std::string_view("sigmoid")},
        std::pair{Normaliser::Hard, std::string_view("hard")},
    };
};

/// What multiplies the context: nothing, one number, or one number per column.
enum class Gate { None, Scalar, Elementwise };
template <>
struct EnumNames<Gate> {
    static constexpr std::array names{
        std::pair{Gate::None, std::string_view("none")},
        std::pair{Gate::Scalar, std::string_view("scalar")},
        std::pair{Gate::Elementwise, std::string_view("elementwise")},
    };
};

/// One attention mechanism as a choice at each of the six stages
///   score -> scope -> normaliser -> factors -> mix -> gate.
/// With heads > 0, queries, keys and values are first projected to heads x headWidth and each
/// slice runs the stages by itself; contexts are joined and projected back to outputWidth.
struct AttentionSpec {
    Score score = Score::Additive;
    int queryWidth = 0;     ///< d_q; 0 makes additive a key-only score (hierarchical attention's levels)
    int keyWidth = 0;       ///< d_k
    int valueWidth = 0;     ///< d_v
    int attentionWidth = 0; ///< A: additive, concat, local_p and relevance layers
    int maxPositions = 0;   ///< S_max of location and location_key
    Activation squash = Activation::Sigmoid; ///< s(k) of location_key
    bool sharedQuery = false;                ///< location_key: all rows of W the same
    bool locationBias = false;               ///< location: (q W' + b)_j
    /// location: all S_max positions take part whatever the source's length; the keys and values beyond it
    /// are zeros (a decoder whose attention was drawn up for a fixed length).
    bool allPositions = false;
    /// additive: normalises k W_key' and q W_query', see NormPlace; the query has no bias.
    NormPlace norm = NormPlace::None;
    double normEpsilon = 1e-5;

    Scope scope = Scope::Global;
    int window = 0; ///< D of causal, past, window, local_m, local_p

    Normaliser normaliser = Normaliser::Softmax;
    double temperature = 1.0;

    bool relevance = false; ///< L attention: weights times max(0, r_tj)
    /// A given relevance per position in place of the learned one; empty means learned.
    std::vector<double> constantRelevance;
    bool coverage = false; ///< additive hears what was attended before (See et al. 2017)

    int heads = 0;       ///< 0: no projections
    int headWidth = 0;   ///< d of each head
    int outputWidth = 0; ///< width of W_o's result; 0 means valueWidth
    Gate gate = Gate::None;

    bool operator==(const AttentionSpec&) const = default;

    /// The legal combinations, in one place: every fault, not the first.
    Findings validate() const;
    /// Width of the context that leaves the stage.
    int contextWidth() const;
    /// How many separate maps of weights there are.
    int maps() const { return heads > 0 ? heads : 1; }
};

template <typename Visitor>
void visitFields(
    auto& spec, Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, AttentionSpec> {
    visit("score", spec.score);
    visit("query_width", spec.queryWidth);
    visit("key_width", spec.keyWidth);
    visit("value_width", spec.valueWidth);
    visit("attention_width", spec.attentionWidth);
    visit("max_positions", spec.maxPositions);
    visit("squash", spec.squash);
    visit("shared_query", spec.sharedQuery);
    visit("location_bias", spec.locationBias);
    visit("all_positions", spec.allPositions);
    visit("norm", spec.norm);
    visit("norm_epsilon", spec.normEpsilon, above(0, 1));
    visit("scope", spec.scope);
    visit("window", spec.window);
    visit("normaliser", spec.normaliser);
    visit("temperature", spec.temperature, between(1e-3, 1e3));
    visit("relevance", spec.relevance);
    visit("constant_relevance", spec.constantRelevance, between(-1e6, 1e6));
    visit("coverage", spec.coverage);
    visit("heads", spec.heads);
    visit("head_width", spec.headWidth);
    visit("output_width", spec.outputWidth);
    visit("gate", spec.gate);
}

/// Every parameter of an attention, named as in attention.md, per head "head0.W_query" where heads
/// have scores of their own.
Schema attentionSchema(const AttentionSpec& spec, const std::string& prefix);

} // namespace attn
