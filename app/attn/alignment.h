// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/measure/alignment_error.h"
#include "core/trace/trace.h"

namespace attn::cli {

/// Stands for the mean of all heads where a head is asked for.
inline constexpr int meanOfHeads = -1;

/// Throws Error(Argument) unless the main site, the first, has this head.
void checkHead(const std::vector<Site>& sites, int head);

/// The main site's weights along a path, T x S: of one head, or the mean of all. T x 0 for a model without
/// attention. Throws Error(Argument) for a head that the site does not have.
Matrix<float> weightsAlong(const Trace& trace, const std::vector<int>& path, int head);

/// The alignment for a person to read, lines ended: a table with the weights in hundredths where it fits
/// into `columns`, else one line per target word with the source words that hold most of its weight. A model
/// without attention has none, and the text says so.
std::string alignmentText(const Trace& trace, const std::vector<int>& path, int head, int columns);

/// For each target word its heaviest source word. The end symbols of both sides are left out, so a word
/// that looks at the source's end has no link; nor has one whose scope left it no weight at all.
std::vector<AlignmentLink> heaviestLinks(const Trace& trace, const std::vector<int>& path, int head);

/// "0-0 1-2": links as source-target, in the order given (the Pharaoh format).
std::string pharaohText(const std::vector<AlignmentLink>& links);

/// A hypothesis of a trace as a sentence.
struct FoundText {
    int leaf = 0; ///< its last step
    std::string text;
};

/// The run as one line of JSON; jsonHelp says what is in it. `found` are the hypotheses listed, the first of
/// them that of `path`; `targetWords` says which of its words each token is of, the end symbol left out. With
/// `states`, the hidden states too.
std::string runJson(const Trace& trace, const std::vector<int>& path, const std::vector<FoundText>& found,
                    const std::vector<int>& targetWords, bool states);
extern const char* const jsonHelp;

} // namespace attn::cli
