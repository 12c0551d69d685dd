// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/tasks/english_french/syntax.h"

namespace attn::english_french {

/// Trees of sentences that show what the language holds, made by explicit choice of every part.
/// The first: "the small black cat sees the old man"; the second: "the agreement on the European
/// Economic Area was signed in August 1992".
std::vector<Sentence> showcaseTrees();

} // namespace attn::english_french
