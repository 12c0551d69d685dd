// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/import/import.h"

namespace CLI {
class App;
}

namespace attn::cli {

/// The options that name what belongs to another toolkit's checkpoint: --vocab, --config, --mapping and so
/// on. `options` outlives the command.
void addImportOptions(CLI::App& command, ImportOptions& options);

} // namespace attn::cli
