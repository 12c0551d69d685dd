// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_recipe.h"
#include "core/tasks/task.h"
#include "core/text/tokeniser.h"

namespace attn {

/// A pair of sentences as it stands in files.
struct TextPair {
    std::string source, target;
    std::string links;  ///< as written; empty where none are given
    long long line = 0; ///< in its file, from 1
};

/// What is done about a pair with one blank side: training leaves it out; a measurement refuses it, as it
/// would otherwise speak of fewer pairs than it was given.
enum class HalfBlank { LeaveOut, Refuse };

/// Reads sentence pairs: one file of "source TAB target" lines with gold links (links.h) perhaps after a
/// second TAB, or two files of which line i of one belongs to line i of the other. Each may be gzipped. A
/// byte-order mark and carriage returns at the ends of lines are passed over, and so are pairs with a blank
/// side, with a note in `findings` that counts them. Throws Error(Data) naming file and line for what is not
/// UTF-8, has too few or too many TABs or is not sound gzip data, for files of different lengths (naming both
/// numbers), and for files without a pair; Error(Limit) for a line or text that is too long; Error(Argument)
/// unless there are one or two files.
std::vector<TextPair> readPairFiles(const std::vector<std::string>& paths, Findings& findings,
                                    HalfBlank halfBlank = HalfBlank::LeaveOut);

/// Reads single texts, each the target of a pair without a source: the lines of one file or, where
/// they have TABs, their first (source) or second (target) column; of two files the one of that side. Blank
/// lines are left out, with a note that counts them. Throws as readPairFiles() does.
std::vector<TextPair> readTexts(const std::vector<std::string>& paths, TextSides side, Findings& findings);

/// A pair of texts as tokens, its links between them. With pieces on either side the links as written
/// count that side's words between blanks; else they count its tokens.
/// Throws Error(Data) for malformed links.
Example splitPair(const TextPair& pair, const Tokeniser& source, const Tokeniser& target);

} // namespace attn
