// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/io/import/import.h"

namespace CLI {
class App;
}

namespace attn::cli {

/// Which model a command is to run, and how its weights are held.
struct ModelChoice {
    std::string name; ///< of a bundled model, or a file's
    int bits = 32;    ///< of a weight; 16: rounded after loading, the file stays as it is
    ImportOptions import;
};

/// The positional MODEL, the option --weights, and those of a checkpoint of another toolkit.
void addModelChoice(CLI::App& command, ModelChoice& choice);
/// Throws as openNamed().
ModelPtr openChosen(const ModelChoice& choice);

/// Opens a bundled model, a native file or a checkpoint of another toolkit. What an import noticed beside
/// faults is said to the person. Throws as resolveModel(), openModel(), importModel() and throwIfIncomplete()
/// do, and Error(Argument) where options of a checkpoint are given for a native file.
ModelPtr openNamed(const std::string& nameOrPath, const ImportOptions& options);

} // namespace attn::cli
