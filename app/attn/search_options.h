// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/recipe.h"

namespace CLI {
class App;
}

namespace attn::cli {

/// What the command line says about the search.
struct SearchOptionValues {
    BeamOptions beam;
    SampleOptions sample;
    int beamWidth = 0; ///< 0: no beam
    bool sampled = false, beamAlone = false;

    SearchKind kind() const;
};

/// Adds --beam and the options that go with it; with `nBest` also --n-best.
void addBeamOptions(CLI::App& command, SearchOptionValues& values, bool nBest);
/// Adds --sample and the options that go with it; after addBeamOptions().
void addSampleOptions(CLI::App& command, SearchOptionValues& values);

/// Completes the values once the command line is read. Throws CLI::ValidationError for values that do not go
/// together.
void settleSearchOptions(SearchOptionValues& values);

/// How to search as other toolkits do, for the end of a help text.
extern const char* const searchHelp;

} // namespace attn::cli
