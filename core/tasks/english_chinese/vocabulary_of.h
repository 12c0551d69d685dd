// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace attn::english_chinese {

/// Every token of either side that a drawn tree can hold, sorted: the closed classes as listed, the
/// open ones by inflecting the lexicon.
std::vector<std::string> englishTokens();
std::vector<std::string> chineseTokens();

} // namespace attn::english_chinese
