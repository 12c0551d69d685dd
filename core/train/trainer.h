// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/model/model.h"
#include "core/train/recipe.h"

namespace attn {

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
