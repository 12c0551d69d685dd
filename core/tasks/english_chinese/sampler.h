// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/tasks/english_chinese/syntax.h"

namespace attn::english_chinese {

/// A tree drawn at random: verbs with what fits them, and only such combinations as are good Chinese and
/// whose English determines the Chinese.
Sentence sampleSentence(Random& random);

} // namespace attn::english_chinese
