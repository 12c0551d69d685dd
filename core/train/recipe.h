// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/data/data_recipe.h"
#include "core/model/encoder_decoder/spec.h"

namespace attn {

/// The learning rate after the warm-up, with u of `steps` updates done, w of them warm-up.
///   cosine        falls to 1/50 of the largest as half a cosine over the updates that remain
///   inverse_sqrt  sqrt(w / u) of the largest (Vaswani 2017)
///   constant      stays the largest
enum class Decay { Cosine, InverseSqrt, Constant };
template <>
struct EnumNames<Decay> {
    static constexpr std::array names{std::pair{Decay::Cosine, std::string_view("cosine")},
                                      std::pair{Decay::InverseSqrt, std::string_view("inverse_sqrt")},
                                      std::pair{Decay::Constant, std::string_view("constant")}};
};

/// The wiring and the sizes of the model, to be completed by its vocabularies (presetSpec()).
struct ModelRecipe {
    std::string attention = "bahdanau2015"; ///< a preset (preset.h) or the JSON of an AttentionSpec
    std::string cell;                       ///< empty: the preset's; elman, gru, lstm
    int encoderLayers = 1;
    int decoderLayers = 1;
    int embedding = 64;
    int encoderWidth = 96; ///< units of each direction
    int decoderWidth = 160;
    int attentionWidth = 96;
    int readoutWidth = 96;
    int heads = 4;         ///< of the preset multi-head
    bool tied = false;     ///< output.W is the target embedding
    bool coverage = false; ///< the attention reads what was attended before (See 2017); additive scores
    CopyKind copy = CopyKind::None; ///< source words are copied; presets that copy do so in any case

    bool operator==(const ModelRecipe&) const = default;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, ModelRecipe> {
    constexpr int kWidest = 4096;
    visit("attention", recipe.attention);
    visit("cell", recipe.cell);
    visit("encoder_layers", recipe.encoderLayers, between(1, 16));
    visit("decoder_layers", recipe.decoderLayers, between(1, 16));
    visit("embedding", recipe.embedding, between(1, kWidest));
    visit("encoder_width", recipe.encoderWidth, between(1, kWidest));
    visit("decoder_width", recipe.decoderWidth, between(1, kWidest));
    visit("attention_width", recipe.attentionWidth, between(1, kWidest));
    visit("readout_width", recipe.readoutWidth, between(1, kWidest));
    visit("heads", recipe.heads, between(1, 64));
    visit("tied", recipe.tied);
    visit("coverage", recipe.coverage);
    visit("copy", recipe.copy);
}

/// What is minimised beside the words' cross-entropy.
struct ObjectiveRecipe {
    double smoothing = 0;      ///< of labels (Szegedy 2016)
    double guided = 0;         ///< weight of the guided alignment loss (Chen 2016), where links are known
    double coverageWeight = 0; ///< weight of the coverage loss (See 2017)

    bool operator==(const ObjectiveRecipe&) const = default;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, ObjectiveRecipe> {
    visit("smoothing", recipe.smoothing, between(0, 0.95));
    visit("guided", recipe.guided, between(0, 1000));
    visit("coverage_weight", recipe.coverageWeight, between(0, 1000));
}

/// What is left out at random while a model learns.
struct NoiseRecipe {
    double embeddingDropout = 0.1;
    double layerDropout = 0.1; ///< between layers and before the output
    double attentionDropout = 0;
    double wordDropout = 0; ///< share of source and input target words replaced by <unk>

    bool operator==(const NoiseRecipe&) const = default;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, NoiseRecipe> {
    visit("embedding_dropout", recipe.embeddingDropout, between(0, 0.95));
    visit("layer_dropout", recipe.layerDropout, between(0, 0.95));
    visit("attention_dropout", recipe.attentionDropout, between(0, 0.95));
    visit("word_dropout", recipe.wordDropout, between(0, 0.95));
}

/// How an update is made. The optimiser is Adam (Kingma & Ba 2015).
struct OptimiserRecipe {
    int batchWords = 768;       ///< target words in a batch, padding included
    double learningRate = 2e-3; ///< the largest
    double clip = 1.0;          ///< of the gradient's norm, per word

    bool operator==(const OptimiserRecipe&) const = default;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, OptimiserRecipe> {
    visit("batch_words", recipe.batchWords, between(1, 1'000'000));
    visit("learning_rate", recipe.learningRate, between(1e-9, 1e3));
    visit("clip", recipe.clip, between(1e-9, 1e9));
}

/// How long training runs, and what it keeps.
struct ScheduleRecipe {
    int steps = 20000; ///< updates at most
    int warmUp = 400;  ///< updates until the full learning rate
    Decay decay = Decay::Cosine;
    int validateEvery = 1000; ///< updates
    int patience = 8;         ///< validations without a better loss before training stops
    int average = 1;          ///< validated parameter sets averaged at the end; 1: the best only

    bool operator==(const ScheduleRecipe&) const = default;
    /// Share of the largest learning rate that an update has, counted from 0; `largest` of the whole.
    double learningRateAt(int update, double largest) const;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, ScheduleRecipe> {
    visit("steps", recipe.steps, atLeast(1));
    visit("warm_up", recipe.warmUp, atLeast(0));
    visit("decay", recipe.decay);
    visit("validate_every", recipe.validateEvery, atLeast(1));
    visit("patience", recipe.patience, atLeast(1));
    visit("average", recipe.average, between(1, 64));
}

/// Everything that decides what a training makes: the same recipe gives the same model, bit for bit, on
/// the same machine (one thread). No two of its parts have a field of one name, so that options and older
/// files may name a field without its part.
struct TrainRecipe {
    std::string name = "model"; ///< of the model
    std::string description;    ///< for people; empty: made from the data and the attention
    DataRecipe data;
    ModelRecipe model;
    ObjectiveRecipe objective;
    NoiseRecipe noise;
    OptimiserRecipe optimiser;
    ScheduleRecipe schedule;
    std::uint64_t seed = 1;

    bool operator==(const TrainRecipe&) const = default;
    /// Every field that is out of its bounds, with the value found and the bounds, and parts that do not go
    /// together; named as in visitLeaves().
    Findings validate() const;
    /// The learning rate of an update, counted from 0.
    double learningRateAt(int update) const {
        return schedule.learningRateAt(update, optimiser.learningRate);
    }
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, TrainRecipe> {
    visit("name", recipe.name);
    visit("description", recipe.description);
    visit("data", recipe.data);
    visit("model", recipe.model);
    visit("objective", recipe.objective);
    visit("noise", recipe.noise);
    visit("optimiser", recipe.optimiser);
    visit("schedule", recipe.schedule);
    visit("seed", recipe.seed);
}

/// Visits the fields of all parts without their parts' names, in order: visit(name, field, bounds...).
template <typename Visitor>
void visitLeaves(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, TrainRecipe> {
    visitFields(recipe, [&](const char* name, auto& field, const auto&... bounds) {
        if constexpr (detail::HasFields<std::remove_reference_t<decltype(field)>>)
            visitFields(field, visit);
        else
            visit(name, field, bounds...);
    });
}

/// A recipe as JSON.
std::string recipeText(const TrainRecipe& recipe);
/// Reads recipeText(), and older recipes, whose fields had no parts. Adds every fault, named with
/// `where` before it.
TrainRecipe readRecipe(const std::string& json, const std::string& where, Findings& faults);

} // namespace attn
