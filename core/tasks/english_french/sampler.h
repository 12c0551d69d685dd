// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/tasks/english_french/syntax.h"

namespace attn::english_french {

/// A random tree that makes sense: subjects and objects fit their verbs, times their tenses.
/// English sides have 3 to 40 tokens. The trees drawn keep French a function of English:
/// relative clauses hang on phrases without complement, verb phrases are joined only where nothing
/// is embedded, sentences are joined after a comma.
Sentence sampleSentence(Random& random);

} // namespace attn::english_french
