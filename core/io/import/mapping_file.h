// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/io/import/import_source.h"

namespace attn {

/// A plan as a mapping file, YAML: the wiring (FORMAT.md's spec), where each parameter comes from, what is
/// left out, special symbols and search. readMapping() gives the same plan back but for vocabularies' tokens.
std::string mappingText(const ImportPlan& plan, const ImportSource& source);

/// A draft for arrays that no convention knows: our names for a plain additive GRU model on the left, theirs
/// with their shapes listed to be put on the right.
std::string mappingDraft(const ImportSource& source);

/// The plan that a mapping file describes. Unknown fields and parameters, and what is no number where one is
/// expected, are faults in the plan, each with its place; a text that is no YAML is one, too.
ImportPlan readMapping(const std::string& path, ImportSource& source, const ImportOptions& options);

} // namespace attn
