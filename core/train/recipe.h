// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"

namespace attn {

/// How the learning rate goes on after the warm-up, u updates of `steps` done, w of them warm-up.
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

/// Everything that decides what a training makes: the same recipe gives the same model, bit for bit, on
/// the same machine (one thread).
struct TrainRecipe {
    std::string name = "model"; ///< of the model
    std::string description;    ///< for people; empty: made from the data and the attention

    std::string task = "en-fr";          ///< a built-in task; pairs, where given, take its place
    std::vector<std::string> pairs;      ///< one TSV file or two parallel files, .gz or not
    std::vector<std::string> validation; ///< the same, for validation; empty: taken out of `pairs`
    bool lowercase = false;              ///< files are lower-cased
    int maxLength = 100;                 ///< words a side; longer pairs are left out of training
    std::string tokens;                  ///< empty: the task's own, words for files; whitespace, words,
                                         ///< characters, sentencepiece
    int sourceWords = 0;                 ///< most vocabulary entries, 0: all seen
    int targetWords = 0;

    std::string attention = "bahdanau2015"; ///< a preset (preset.h) or the JSON of an AttentionSpec
    std::string cell;                       ///< empty: the preset's; elman, gru, lstm
    int encoderLayers = 1;
    int decoderLayers = 1;
    int embedding = 64;
    int encoderWidth = 96; ///< units of each direction
    int decoderWidth = 160;
    int attentionWidth = 96;
    int readoutWidth = 96;
    int heads = 4;     ///< of the preset multi-head
    bool tied = false; ///< output.W is the target embedding

    double embeddingDropout = 0.1;
    double layerDropout = 0.1; ///< between layers and before the output
    double attentionDropout = 0;
    double wordDropout = 0; ///< share of source and input target words replaced by <unk>
    double smoothing = 0;   ///< of labels (Szegedy 2016)
    double guided = 0;      ///< weight of the guided alignment loss (Chen 2016), where links are known

    int batchWords = 768;       ///< target words in a batch, padding included
    int steps = 20000;          ///< updates at most
    int warmUp = 400;           ///< updates until the full learning rate
    double learningRate = 2e-3; ///< the largest
    Decay decay = Decay::Cosine;
    double clip = 1.0; ///< of the gradient's norm, per word
    std::uint64_t seed = 1;
    int validationPairs = 500; ///< at most
    int validateEvery = 1000;  ///< updates
    int patience = 8;          ///< validations without a better loss before training stops
    int average = 1;           ///< validated parameter sets averaged at the end; 1: the best only

    bool operator==(const TrainRecipe&) const = default;
    /// Every field that is out of its bounds, with the value found and the bounds.
    Findings validate() const;
    /// The learning rate of an update, counted from 0.
    double learningRateAt(int update) const;
};

struct CorpusOptions;
/// The part of a recipe that decides what is trained on.
CorpusOptions corpusOptions(const TrainRecipe& recipe);

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, TrainRecipe> {
    constexpr int kWidest = 4096;
    visit("name", recipe.name);
    visit("description", recipe.description);
    visit("task", recipe.task);
    visit("pairs", recipe.pairs);
    visit("validation", recipe.validation);
    visit("lowercase", recipe.lowercase);
    visit("max_length", recipe.maxLength);
    visit("tokens", recipe.tokens);
    visit("source_words", recipe.sourceWords);
    visit("target_words", recipe.targetWords);
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
    visit("embedding_dropout", recipe.embeddingDropout, between(0, 0.95));
    visit("layer_dropout", recipe.layerDropout, between(0, 0.95));
    visit("attention_dropout", recipe.attentionDropout, between(0, 0.95));
    visit("word_dropout", recipe.wordDropout, between(0, 0.95));
    visit("smoothing", recipe.smoothing, between(0, 0.95));
    visit("guided", recipe.guided, between(0, 1000));
    visit("batch_words", recipe.batchWords, between(1, 1'000'000));
    visit("steps", recipe.steps, atLeast(1));
    visit("warm_up", recipe.warmUp, atLeast(0));
    visit("learning_rate", recipe.learningRate, between(1e-9, 1e3));
    visit("decay", recipe.decay);
    visit("clip", recipe.clip, between(1e-9, 1e9));
    visit("seed", recipe.seed);
    visit("validation_pairs", recipe.validationPairs);
    visit("validate_every", recipe.validateEvery, atLeast(1));
    visit("patience", recipe.patience, atLeast(1));
    visit("average", recipe.average, between(1, 64));
}

} // namespace attn
