// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/model/model.h"

namespace CLI {
class App;
}

namespace attn::cli {

/// Which model a command is to run, and how its weights are held.
struct ModelChoice {
    std::string name; ///< of a bundled model, or a file's
    int bits = 32;    ///< of a weight; 16: rounded after loading, the file stays as it is
};

/// The positional MODEL and the option --weights.
void addModelChoice(CLI::App& command, ModelChoice& choice);
/// Throws as resolveModel() and openModel() do.
ModelPtr openChosen(const ModelChoice& choice);

} // namespace attn::cli
