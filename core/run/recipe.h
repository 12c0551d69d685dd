// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/run/edit.h"

namespace attn {

enum class SearchKind {
    Greedy, ///< the most probable token at each step
    Forced, ///< a given target
    Beam,   ///< the best few hypotheses side by side
    Sample, ///< tokens drawn from the distribution
};
template <>
struct EnumNames<SearchKind> {
    static constexpr std::array names{
        std::pair{SearchKind::Greedy, std::string_view("greedy")},
        std::pair{SearchKind::Forced, std::string_view("forced")},
        std::pair{SearchKind::Beam, std::string_view("beam")},
        std::pair{SearchKind::Sample, std::string_view("sample")},
    };
};

/// What a hypothesis's log-probability is divided by; |Y| counts its tokens, the end symbol included.
enum class LengthNormalisation {
    Gnmt,  ///< ((5 + |Y|) / 6)^alpha (Wu 2016); OpenNMT-py's "wu"
    Power, ///< |Y|^alpha: Marian's --normalize; with alpha 1 OpenNMT-py's "avg"
};
template <>
struct EnumNames<LengthNormalisation> {
    static constexpr std::array names{
        std::pair{LengthNormalisation::Gnmt, std::string_view("gnmt")},
        std::pair{LengthNormalisation::Power, std::string_view("power")},
    };
};

/// What a hypothesis pays for how it covered the source; c_j is the sum over its steps of the attention on
/// source position j (mean of the heads).
enum class CoverageKind {
    Gnmt,    ///< beta * sum_j log(min(c_j, 1)): for positions left out (Wu 2016); OpenNMT-py's "wu"
    Summary, ///< -beta * sum_j (max(c_j, 1) - 1): for positions read again; OpenNMT-py's "summary"
};
template <>
struct EnumNames<CoverageKind> {
    static constexpr std::array names{
        std::pair{CoverageKind::Gnmt, std::string_view("gnmt")},
        std::pair{CoverageKind::Summary, std::string_view("summary")},
    };
};

/// What happens to the place of a hypothesis that has ended.
enum class BeamPlaces {
    Freed,    ///< the beam narrows by one; the search ends when no place is left (Marian)
    Refilled, ///< the beam stays as wide; the search ends when the best of a step has ended and there are
              ///< nBest hypotheses (OpenNMT-py)
};
template <>
struct EnumNames<BeamPlaces> {
    static constexpr std::array names{
        std::pair{BeamPlaces::Freed, std::string_view("freed")},
        std::pair{BeamPlaces::Refilled, std::string_view("refilled")},
    };
};

/// Beam search. Each step extends every live hypothesis by every token and keeps the `width` best by
/// log-probability; equals go to the better parent, then to the lower id. A hypothesis scores
///     (logProb - wordPenalty |Y|) / length(|Y|) + coverage
/// and those still open at the limit on steps are ranked with those that have ended.
struct BeamOptions {
    int width = 5;
    int nBest = 1; ///< hypotheses asked for, at most width
    LengthNormalisation length = LengthNormalisation::Gnmt;
    double lengthPenalty = 0; ///< alpha; 0: not normalised
    bool countStart = false;  ///< |Y| counts the start symbol too (OpenNMT-py)
    double wordPenalty = 0;   ///< taken off the log-probability for each token (Marian)
    CoverageKind coverage = CoverageKind::Gnmt;
    double coveragePenalty = 0; ///< beta; 0: none
    /// The coverage counts at each step, not only for hypotheses that have ended, and is divided by the
    /// length as the log-probability is (OpenNMT-py's stepwise_penalty).
    bool stepwise = false;
    BeamPlaces places = BeamPlaces::Freed;
    /// The greedy hypothesis is followed beside the beam where the beam drops it, so that the best result
    /// never scores less than greedy's. False: the beam alone, as the toolkits have it.
    bool keepGreedy = true;

    bool operator==(const BeamOptions&) const = default;
    /// Every field that is out of its bounds, with the value found and the bounds.
    Findings validate() const;
};

template <typename Visitor>
void visitFields(auto& beam,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(beam)>, BeamOptions> {
    visit("width", beam.width, between(1, 1000));
    visit("n_best", beam.nBest, between(1, 1000));
    visit("length", beam.length);
    visit("length_penalty", beam.lengthPenalty, between(0, 10));
    visit("count_start", beam.countStart);
    visit("word_penalty", beam.wordPenalty, between(-100, 100));
    visit("coverage", beam.coverage);
    visit("coverage_penalty", beam.coveragePenalty, between(0, 100));
    visit("stepwise", beam.stepwise);
    visit("places", beam.places);
    visit("keep_greedy", beam.keepGreedy);
}

/// Sampling: log-probabilities divided by the temperature, then cut to the topK most probable tokens, then to
/// the fewest whose probabilities reach topP (Holtzman 2020), and drawn from in proportion. Draws follow from
/// seed, sentence and step alone.
struct SampleOptions {
    double temperature = 1; ///< 0: the most probable token
    int topK = 0;           ///< 0: all
    double topP = 1;        ///< 1: all
    std::uint64_t seed = 1;

    bool operator==(const SampleOptions&) const = default;
    /// Every field that is out of its bounds, with the value found and the bounds.
    Findings validate() const;
};

template <typename Visitor>
void visitFields(auto& sample, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(sample)>, SampleOptions> {
    visit("temperature", sample.temperature, between(0, 100));
    visit("top_k", sample.topK);
    visit("top_p", sample.topP, above(0, 1));
    visit("seed", sample.seed);
}

/// The question put to a model: a small value, the only thing that undo touches.
struct Recipe {
    std::string source; ///< as typed; tokenised by the model's tokeniser
    SearchKind search = SearchKind::Greedy;
    /// Forced: the target to decode, as typed. The model's choices are not followed. Empty: `prefix` is the
    /// target, token by token, for what no typing expresses (forcedTarget()).
    std::string target;
    /// Not forced: the first tokens are these (of the target vocabulary), then the search goes on by itself.
    std::vector<std::string> prefix;
    int maxSteps = 0; ///< 0: 2 x source length + 20 + prefix; the prefix and the end symbol counted
    int topK = 10;    ///< candidates recorded at each step
    BeamOptions beam;
    SampleOptions sample;
    std::vector<Edit> edits; ///< interventions, applied in this order

    bool operator==(const Recipe&) const = default;
    /// The same for equal recipes, on every machine.
    std::uint64_t hash() const;
    /// Faults of the options that the search reads.
    Findings validate() const;
};

template <typename Visitor>
void visitFields(auto& recipe,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(recipe)>, Recipe> {
    visit("source", recipe.source);
    visit("search", recipe.search);
    visit("target", recipe.target);
    visit("prefix", recipe.prefix);
    visit("max_steps", recipe.maxSteps);
    visit("top_k", recipe.topK);
    visit("beam", recipe.beam);
    visit("sample", recipe.sample);
    visit("edits", recipe.edits);
}

} // namespace attn
