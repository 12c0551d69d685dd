// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/io/import/import_source.h"
#include "core/nn/parameters.h"

namespace attn {

/// What a plan's parameters come to: the numbers, and what became of each array.
struct AppliedPlan {
    Parameters<float> parameters;        ///< those that were right
    std::vector<ParameterReport> report; ///< ours in the schema's order, then theirs that are left
    bool complete = false;               ///< every parameter of the schema is there
};

/// Cuts, turns and joins their arrays into ours. Every misfit is reported, not only the first. An array with
/// a number that is not finite is misshapen. Throws what reading throws.
AppliedPlan applyPlan(const ImportPlan& plan, const ImportSource& source);

/// A plan's sides. Both vocabularies must be there. Throws Error(Data) as makeSide() does.
std::vector<Side> makeSides(const ImportPlan& plan);

} // namespace attn
