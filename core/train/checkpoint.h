// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/corpus.h"
#include "core/model/model_spec.h"
#include "core/train/averaging.h"
#include "core/train/recipe.h"

namespace attn {

/// Where a training stands. Together with recipe and corpus it decides all that follows: what is drawn at
/// random at an update comes from the seed and the update's number.
struct TrainState {
    int update = 0;       ///< updates made
    int validatedAt = 0;  ///< update of the last validation; 0: none yet
    int sinceBest = 0;    ///< validations since the best one
    double firstLoss = 0; ///< nats a word of the first update's batch
    double lastLoss = 0;  ///< of the last
    CorpusPosition pool;  ///< where the present pool of pairs was drawn from
    int poolUsed = 0;     ///< its batches that are used up
    ParameterValues values;
    ParameterValues mean, square; ///< Adam's estimates
    std::vector<KeptSet> kept;    ///< the best validated ones, the best first
};

/// A paused training run.
struct Checkpoint {
    TrainRecipe recipe;
    ModelSpec spec;
    std::uint64_t corpus = 0; ///< Corpus::fingerprint()
    TrainState state;
};

/// Writes a checkpoint whole or not at all (AtomicFile; FORMAT.md). Throws Error(Argument) naming an array
/// that is not finite, Error(Output) with path and reason.
void writeCheckpoint(const std::string& path, const Checkpoint& checkpoint);

/// Throws Error(Data) with every fault found, arrays that are not finite by name; Error(Unsupported) for
/// another kind or version of file.
Checkpoint readCheckpoint(const std::string& path);

/// "runs/mine.training" for the model file "runs/mine.safetensors".
std::string checkpointPathFor(const std::string& modelPath);
/// The other way round.
std::string modelPathFor(const std::string& checkpointPath);
/// "runs/mine.probes.jsonl".
std::string probesPathFor(const std::string& modelPath);

} // namespace attn
