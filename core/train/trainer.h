// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "core/model/model.h"
#include "core/tasks/task.h"

namespace attn {

/// Everything that decides what a training makes: the same recipe gives the same model, bit for bit, on
/// the same machine (one thread).
struct TrainRecipe {
    std::string name = "model";             ///< of the model
    std::string description;                ///< for people; empty: made from the task and attention
    std::string task = "en-fr";             ///< a built-in task
    std::string attention = "bahdanau2015"; ///< a preset, see preset.h
    int embedding = 64;
    int encoderWidth = 96; ///< units of each direction
    int decoderWidth = 160;
    int attentionWidth = 96;
    int readoutWidth = 96;
    int heads = 4;              ///< of the preset multi-head
    int batch = 64;             ///< sentence pairs
    int steps = 20000;          ///< updates at most
    int warmUp = 400;           ///< updates until the full learning rate
    double learningRate = 2e-3; ///< falls to 1/50 of it as a cosine over the steps
    double dropout = 0.1;
    double smoothing = 0;
    double clip = 1.0; ///< of the gradient's norm, per word
    std::uint64_t seed = 1;
    int validationPairs = 500;
    int validateEvery = 1000; ///< updates
    int patience = 8;         ///< validations without a better loss before training stops

    bool operator==(const TrainRecipe&) const = default;
    /// Every field that is out of its bounds, with the value found and the bounds.
    Findings validate() const;
};

template <typename Visitor>
void visitFields(auto& recipe, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(recipe)>, TrainRecipe> {
    visit("name", recipe.name);
    visit("description", recipe.description);
    visit("task", recipe.task);
    visit("attention", recipe.attention);
    visit("embedding", recipe.embedding);
    visit("encoder_width", recipe.encoderWidth);
    visit("decoder_width", recipe.decoderWidth);
    visit("attention_width", recipe.attentionWidth);
    visit("readout_width", recipe.readoutWidth);
    visit("heads", recipe.heads);
    visit("batch", recipe.batch);
    visit("steps", recipe.steps);
    visit("warm_up", recipe.warmUp);
    visit("learning_rate", recipe.learningRate);
    visit("dropout", recipe.dropout);
    visit("smoothing", recipe.smoothing);
    visit("clip", recipe.clip);
    visit("seed", recipe.seed);
    visit("validation_pairs", recipe.validationPairs);
    visit("validate_every", recipe.validateEvery);
    visit("patience", recipe.patience);
}

/// What a training says of itself from time to time.
struct TrainProgress {
    int step = 0;
    double loss = 0;           ///< nats per target word over the updates since the last report
    double wordsPerSecond = 0; ///< target words
    double seconds = 0;        ///< since the start
    /// Set where a validation has just been made: nats per word, and whether it is the best so far.
    bool validated = false;
    double validationLoss = 0;
    bool best = false;
};

/// Trains on the task's training part, keeps the parameters with the best validation loss and returns them
/// as a model. When asked to stop it returns the best so far (the current ones before the first validation).
/// Throws Error(Argument) with every fault of the recipe; Error(Data) when a gradient is not finite.
ModelPtr train(const TrainRecipe& recipe, const std::function<void(const TrainProgress&)>& progress = {},
               std::stop_token stop = {});

} // namespace attn
