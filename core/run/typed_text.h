// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/trace/trace.h"

namespace attn {

/// A word's id; unknown words are looked up in lower case where the model says so.
int wordId(const Model& model, const Vocabulary& vocabulary, const std::string& word);
/// A typed word's id. A special symbol cannot be typed: "</s>" in a sentence is an unknown word, not its end.
int typedId(const Model& model, const Vocabulary& vocabulary, const std::string& word);

/// A typed sentence as the model reads it, the end symbol added where it wants one. Throws Error(Argument)
/// for a sentence without words, Error(Data) where the text is not UTF-8.
std::vector<SourceToken> typedSource(const Model& model, const std::string& text);

/// A typed target to be followed, as ids, the end symbol last. Throws Error(Argument) where it has no words.
struct TypedTarget {
    std::vector<std::string> words;
    std::vector<int> ids;
};
TypedTarget typedTarget(const Model& model, const std::string& text);

} // namespace attn
