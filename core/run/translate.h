// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/matrix.h"
#include "core/model/model.h"
#include "core/run/recipe.h"
#include "core/trace/step.h"

namespace attn {

/// One sentence decoded without a trace.
struct Translation {
    /// The words taken, the end symbol last where it was reached; beyond the target vocabulary: of `extra`.
    std::vector<int> ids;
    std::vector<std::string> extra; ///< words of the source that could be copied and stand in no vocabulary
    std::vector<double> logProbs;   ///< of each of them, natural logarithm
    HypothesisScore score;          ///< of the whole, by the search's options
    std::vector<int> likeliest; ///< the most probable word of each step; `ids` itself unless ids were given
    bool complete = false;      ///< the end symbol was reached within the limit
    /// Attention averaged over the heads, steps x source positions; 0 x 0 unless asked for, and for a model
    /// without attention.
    Matrix<float> weights;

    double logProb() const;
    /// The texts of `ids`.
    std::vector<std::string> words(const Vocabulary& target) const;
};

struct TranslateOptions {
    SearchKind search = SearchKind::Greedy; ///< translate(): not Forced
    BeamOptions beam = {};
    SampleOptions sample = {}; ///< sentence i draws as the i-th, so that equal sentences may differ
    int maxSteps = 0;          ///< 0: as Recipe has it
    int threads = 1;           ///< batches are divided among them; the results do not depend on their number
    bool weights = false;
    /// The sources' words as they are written, for models that copy; nullptr: as the source vocabulary has
    /// them.
    const std::vector<std::vector<std::string>>* sourceWords = nullptr;
    std::stop_token stop = {}; ///< asked between steps
};

/// An error about one sentence of many.
class SentenceError : public Error {
public:
    SentenceError(std::size_t sentence, const Error& error)
        : Error(error.kind(), error.what()), m_sentence(sentence) {}
    /// From 0.
    std::size_t sentence() const { return m_sentence; }

private:
    std::size_t m_sentence;
};

/// Decodes many sentences, batched by length; the sources are ids with the end symbol where the model wants
/// one (typed_text.h), of a model without a source the first words of texts to be continued, which may be
/// none and stand in the results too. The results, the best hypothesis of each, stand in their order. The
/// words are those of run(). Memory is that of one batch a thread and of the results. Throws SentenceError as
/// run() throws, Error(Argument) for search options out of bounds, Error(Interrupted) when stopped,
/// Error(Bug) for an empty source.
std::vector<Translation> translate(const Model& model, const std::vector<std::vector<int>>& sources,
                                   const TranslateOptions& options = {});

/// The same along given targets, each as ids with the end symbol last (teacher forcing).
std::vector<Translation> follow(const Model& model, const std::vector<std::vector<int>>& sources,
                                const std::vector<std::vector<int>>& targets,
                                const TranslateOptions& options = {});

} // namespace attn
