// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/measure/references.h"
#include "core/measure/score_text.h"

namespace attn {

/// What stands for a precision without a match (Chen & Cherry 2014, as in sacrebleu):
///   exp    100 / (2^k total), k counting the orders without a match; mteval's
///   none   nothing: BLEU is 0
///   floor  100 value / total
///   add-k  from the second order on, value is added to matches and totals, whether there is a match or not
enum class BleuSmoothing { Exponential, None, Floor, AddK };
template <>
struct EnumNames<BleuSmoothing> {
    static constexpr std::array names{
        std::pair{BleuSmoothing::Exponential, std::string_view("exp")},
        std::pair{BleuSmoothing::None, std::string_view("none")},
        std::pair{BleuSmoothing::Floor, std::string_view("floor")},
        std::pair{BleuSmoothing::AddK, std::string_view("add-k")},
    };
};

struct BleuOptions {
    ScoreTokens tokens = ScoreTokens::Mteval13a;
    BleuSmoothing smoothing = BleuSmoothing::Exponential;
    std::optional<double> smoothingValue; ///< of floor (0.1 if not given) and add-k (1)
    bool lowercase = false;
    bool effectiveOrder =
        false; ///< only the orders that the hypotheses are long enough for; for one sentence
};

struct BleuResult {
    double score = 0;                      ///< 0 to 100
    std::array<double, 4> precisions = {}; ///< 0 to 100, smoothed
    std::array<long long, 4> matches = {}, totals = {};
    double brevityPenalty = 1;
    long long systemLength = 0, referenceLength = 0; ///< words; of the reference nearest in length
    std::string signature;                           ///< "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|..."

    /// "BLEU|signature = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)"
    std::string text() const;
};

/// BLEU of a corpus (Papineni 2002) by the definition of sacrebleu 2:
///   BLEU = BP exp(mean over n = 1..4 of log p_n),  BP = exp(1 - r / c) if c < r, else 1
/// with p_n the clipped matches of n-grams over those of the hypotheses, summed over the corpus; an n-gram is
/// matched as often as the reference that has it most often. Empty references are passed over.
/// Throws Error(Argument) for different numbers of hypotheses and references, and Error(Data) naming the
/// sentence, from 1, that has no reference or is not UTF-8.
BleuResult corpusBleu(const std::vector<std::string>& hypotheses, const References& references,
                      const BleuOptions& options = {});

} // namespace attn
