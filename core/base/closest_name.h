// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// Insertions, deletions, replacements (Levenshtein 1966) and swaps of neighbours (Damerau 1964) of single
/// bytes that turn one name into the other; `most` where it takes as many or more. Names whose lengths differ
/// by `most` cost nothing.
int editDistance(std::string_view a, std::string_view b, int most);

/// The candidate that `name` was probably meant to be: it begins with it, or is fewest edits away; empty if
/// none is near.
std::string closestName(const std::string& name, const std::vector<std::string>& candidates);

} // namespace attn
