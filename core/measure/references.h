// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace attn {

/// The references of each sentence.
using References = std::vector<std::vector<std::string>>;

/// Each text as the only reference of its sentence.
References singleReferences(const std::vector<std::string>& texts);

/// Hypotheses and references as BLEU and chrF read them.
struct ScoredTexts {
    std::vector<std::string> hypotheses;
    References references;      ///< those that are not empty, at least one a sentence
    std::string referenceCount; ///< how many a sentence has, for signatures: "1", or "var"
};

/// Leaves out empty references and lowers the letters if asked for. Throws Error(Argument) for different
/// numbers of hypotheses and references, and Error(Data) naming the sentence, from 1, that has no reference
/// or is not UTF-8.
ScoredTexts scoredTexts(const std::vector<std::string>& hypotheses, const References& references,
                        bool lowercase);

} // namespace attn
