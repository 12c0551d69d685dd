// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/english_chinese/syntax.h"

namespace attn::english_chinese {

/// Sentences that show what turns round between English and Chinese, the shortest first.
std::vector<Sentence> showcaseTrees();

} // namespace attn::english_chinese
