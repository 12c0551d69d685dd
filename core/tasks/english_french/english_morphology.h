// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {

/// The plural, by rule where the lexicon gives none; of a compound it is given.
std::string englishPlural(const Noun& noun);
/// sees, goes, watches: third person singular present.
std::string englishThirdPerson(const Verb& verb);
std::string englishPast(const Verb& verb);
std::string englishParticiple(const Verb& verb);

} // namespace attn::english_french
