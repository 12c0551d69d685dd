// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model/model.h"
#include "core/tasks/task.h"

namespace attn {

/// A sentence pair to measure a model on: as typed, and as the model's tokenisers see it. For a model without
/// a source it is a single text, the target.
struct EvalPair {
    std::string source, target;
    std::vector<std::string> targetTokens;
    std::vector<GoldLink> links; ///< empty where none are known
    long long line = 0;          ///< in its file, from 1; 0 for a task's
};

/// Pairs drawn from a built-in task's test part. Throws Error(Argument) for an unknown task, and for a model
/// that splits the task's sentences otherwise than the task does, as its links would then point elsewhere, or
/// that reads pairs if the task has single texts, or the other way round.
std::vector<EvalPair> taskPairs(const Model& model, const std::string& task, int count, std::uint64_t seed);

/// Pairs from one or two files (core/data/pair_files.h), for a model without a source the texts of one or the
/// target side of two; `notes` gains what was left out. Throws Error(Data)
/// naming file and line.
std::vector<EvalPair> filePairs(const Model& model, const std::vector<std::string>& paths, Findings& notes);

} // namespace attn
