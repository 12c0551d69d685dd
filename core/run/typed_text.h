// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/trace/axis.h"

namespace attn {

/// A word's id; unknown words are looked up in lower case where the model says so.
int wordId(const Model& model, const Vocabulary& vocabulary, const std::string& word);
/// A typed word's id. A special symbol cannot be typed: "</s>" in a sentence is an unknown word, not its end.
int typedId(const Model& model, const Vocabulary& vocabulary, const std::string& word);

/// A typed sentence as the model reads it: in its order, with the symbols that it wants around it and, where
/// its attention has positions beyond them, those as empty ones (id -1). Throws Error(Argument) for a
/// sentence without words and for unknown words of which the model has no notion, Error(Data) if the text is
/// not UTF-8, Error(Limit) for a source longer than the attention knows.
std::vector<Position> typedSource(const Model& model, const std::string& text);

/// A typed target to be followed, as ids in the model's order, the end symbol last. Throws Error(Argument)
/// where it has no words, or words of which the model has no notion.
struct TypedTarget {
    std::vector<std::string> words;
    std::vector<int> ids;
};
TypedTarget typedTarget(const Model& model, const std::string& text);

/// Target words of a run in the order in which they are read.
std::vector<std::string> inReadingOrder(const Model& model, std::vector<std::string> words);
/// Target words of a run, without the end symbol, as a person would write them.
std::string targetText(const Model& model, const std::vector<std::string>& words);

} // namespace attn
