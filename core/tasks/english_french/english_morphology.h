// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {

/// boxes, cities, cats; goes, watches, sees.
std::string englishWithS(const std::string& word);
/// walked, loved, tried: the regular past.
std::string englishWithEd(const std::string& word);
/// Whether "an" stands before this word.
bool takesAn(std::string_view word);

/// The plural, by rule where the lexicon gives none; of a compound it is given.
std::string englishPlural(const Noun& noun);
/// sees, goes, watches: third person singular present.
std::string englishThirdPerson(const Verb& verb);
std::string englishPast(const Verb& verb);
std::string englishParticiple(const Verb& verb);

} // namespace attn::english_french
