// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/tasks/english_chinese/lexicon.h"

namespace attn::english_chinese {

enum class VerbForm { Base, ThirdPerson, Past, Participle, Ing };

/// The verb in that form, with the words after its first one: plays football, listening to.
std::string englishForm(const Verb& verb, VerbForm form);
/// The noun in the singular or plural: older brothers, men.
std::string englishNoun(const Noun& noun, bool plural);

} // namespace attn::english_chinese
