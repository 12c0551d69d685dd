// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/measure/references.h"

namespace attn {

struct ChrfOptions {
    int characterOrder = 6;
    int wordOrder = 0; ///< 2: chrF++
    double beta = 2;   ///< how many times as much recall counts as precision
    bool lowercase = false;
    /// Mean over all orders of each order's F, 1e-16 standing for what is missing (the first chrF++'s), in
    /// place of the F of the means over the orders that both sides are long enough for.
    bool epsilonSmoothing = false;

    /// Orders below 0, none at all, beta not above 0.
    Findings validate() const;
};

struct ChrfResult {
    double score = 0;      ///< 0 to 100
    std::string name;      ///< "chrF2", "chrF2++"
    std::string signature; ///< "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|..."

    /// "chrF2|signature = 54.03"
    std::string text() const;
};

/// chrF of a corpus (Popovic 2015; with words 2017) by the definition of sacrebleu 2:
///   F = (1 + b^2) P R / (b^2 P + R)
/// P and R the means over the orders n of matched n-grams over those of the hypotheses and of the references,
/// summed over the corpus; blanks do not count as characters. Of several references the one with the highest
/// F for its sentence counts. Throws as corpusBleu() and Error(Argument) with every fault of the options.
ChrfResult corpusChrf(const std::vector<std::string>& hypotheses, const References& references,
                      const ChrfOptions& options = {});

} // namespace attn
