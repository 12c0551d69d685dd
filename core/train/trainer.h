// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/train/checkpoint.h"
#include "core/train/probes.h"
#include "core/train/recipe.h"

namespace attn {

/// What a training is given beside its recipe. Nothing here but the number of threads changes the model, and
/// that only by rounding and by what dropout draws.
struct TrainOptions {
    int threads = 1;
    std::string model;               ///< file of the best model so far, written as it improves; empty: none
    std::string checkpoint;          ///< file to go on from; empty: none
    int checkpointEvery = 0;         ///< updates; 0: as often as it is validated
    std::vector<std::string> probes; ///< sentences; see Probes
    ProbeSink probe;                 ///< given their traces, of a copy of the model, as it learns
    std::function<void(const Finding&)>
        note; ///< receives what is left out of the files, before training starts

    Findings validate() const;
};

/// The numbers alone: no part of a training's result.
template <typename Visitor>
void visitFields(auto& options, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(options)>, TrainOptions> {
    visit("threads", options.threads, between(1, 256));
    visit("checkpoint_every", options.checkpointEvery, atLeast(0));
}

/// Progress of a training run, reported after every update, and again after a validation.
struct TrainProgress {
    int update = 0;
    double loss = 0; ///< nats per target word of the update's batch
    int words = 0;   ///< its target words
    double learningRate = 0;
    double seconds = 0; ///< since the run started or was resumed
    /// Set where a validation has just been made: nats per word, and whether it is the best so far.
    bool validated = false;
    double validationLoss = 0;
    bool best = false;
};

/// How a training ended.
struct TrainResult {
    ModelPtr model;
    std::optional<double> validationLoss; ///< of the model, nats a word; none where it was stopped before
    int updates = 0;                      ///< made altogether
    bool interrupted = false;             ///< stopped by the token; the model is the best until then
    int withoutBetter = 0; ///< validations since the best one, where these ended it (patience); else 0
    std::string averaging; ///< what averaging brought, for people; empty where none was tried
};

/// Trains until the updates are used up or validation stops getting better, and returns the parameters with
/// the best validation loss, or the mean of the best few where that is not worse. When asked to stop it
/// writes the checkpoint and returns the best so far (the current parameters before the first validation).
/// Throws Error(Argument) with every fault of recipe and options, what makeCorpus() and saveModel() throw,
/// and Error(Data) when the training diverges: a loss or gradient that is not finite, or a loss 50 nats a
/// word above the first; the message names the array, the files hold the last good state.
TrainResult train(const TrainRecipe& recipe, const TrainOptions& options = {},
                  const std::function<void(const TrainProgress&)>& progress = {}, std::stop_token stop = {});

/// Goes on with a training. With one thread the result equals that of one that was never interrupted, bit for
/// bit. Throws Error(Data) also if the corpus differs from the one it was started with.
TrainResult resumeTraining(Checkpoint checkpoint, const TrainOptions& options,
                           const std::function<void(const TrainProgress&)>& progress = {},
                           std::stop_token stop = {});

} // namespace attn
