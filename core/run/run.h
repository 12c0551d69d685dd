// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

#include "core/model/model.h"
#include "core/run/recipe.h"
#include "core/trace/trace.h"

namespace attn {

/// What a run is given beside the question.
struct RunOptions {
    std::stop_token stop;                   ///< asked between steps
    std::function<void(int step)> progress; ///< called after each step, on the calling thread
};

/// Decodes one sentence and records every stage.
/// Throws Error(Argument) for an empty sentence or a forced target without words, Error(Limit) for a
/// source longer than the attention knows or than the trace may hold (naming both numbers), Error(Data) for
/// text that is not UTF-8 and for a model whose output is not finite, Error(Interrupted) when stopped.
TracePtr run(const Model& model, const Recipe& recipe, const RunOptions& options = {});

} // namespace attn
