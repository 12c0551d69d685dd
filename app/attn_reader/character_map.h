// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace attn_reader {

/// Checks the tables of a SentencePiece model by which it normalises text: no text whatever may lead the
/// library outside of them. A table is a double-array trie (Aoe 1989) whose leaves point at texts that end
/// with a zero. Throws Error(Data).
void checkCharacterMaps(std::string_view model);

} // namespace attn_reader
