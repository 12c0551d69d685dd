// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/evaluate/eval_data.h"
#include "core/measure/alignment_error.h"
#include "core/measure/bleu.h"
#include "core/measure/chrf.h"
#include "core/model/model.h"
#include "core/run/recipe.h"

namespace attn {

struct EvaluationOptions {
    int threads = 1;
    std::optional<BeamOptions> beam;   ///< for the translations; without it they are greedy
    std::optional<ScoreTokens> tokens; ///< for BLEU; without it, bleuTokens()
    std::stop_token stop = {};
    std::function<void(long long sentences)> progress = {}; ///< called now and then, with those measured
};

/// Sentences that have something in common.
struct SentenceGroup {
    std::string name; ///< "source of 1 to 8 words"
    long long sentences = 0, right = 0;
};

/// A model's result on one sentence pair.
struct SentenceResult {
    std::string translation; ///< greedy, as text
    bool right = false;      ///< it is the reference, word for word
    /// Of the reference, end symbol included: with the likeliest word right, and not in the vocabulary.
    int words = 0, wordsRight = 0, unknown = 0;
    double logProb = 0;                      ///< of the reference, in nats
    std::optional<double> entropy;           ///< mean over the reference's words, in nats
    std::optional<AlignmentError> alignment; ///< where gold links are known and there is attention

    double loss() const { return words ? -logProb / words : 0; } ///< nats per word
};

/// A model's results on sentence pairs, sentence by sentence and together.
struct Evaluation {
    std::vector<SentenceResult> results; ///< one a pair, in their order
    long long sentences = 0, sentencesRight = 0;
    /// Of the references, end symbols included: with the likeliest word right, and not in the vocabulary.
    long long words = 0, wordsRight = 0, unknown = 0;
    double logProb = 0; ///< of the references, in nats
    /// Whether sources were translated: not of a model without a source, which only follows the texts. Then
    /// sentencesRight, BLEU, chrF, translations and groups say nothing.
    bool translated = true;
    BleuResult bleu;
    ChrfResult chrf;
    std::optional<AlignmentError> alignment; ///< where gold links are known and there is attention
    std::optional<double> entropy; ///< mean over the references' words, in nats; where there is attention
    double wordsPerSecond = 0; ///< of the translations, or of the texts followed; end symbols included
    /// By the source's length, and by whether sure links cross (the order changes), where links are known.
    std::vector<SentenceGroup> groups;

    double loss() const; ///< nats per word
    double perplexity() const;
    std::vector<std::string> translations() const;
    double exactAccuracy() const;
    double wordAccuracy() const;
};

/// zh for models that write characters, and where the references hold Chinese; else 13a.
ScoreTokens bleuTokens(const Model& model, const std::vector<EvalPair>& pairs);

/// Translates every source, if the model reads one, and follows every reference. `data` names the pairs in messages. Prints
/// nothing. Throws the errors of translate() with the pair that caused them, and Error(Interrupted) saying
/// how far it came.
Evaluation evaluate(const Model& model, const std::vector<EvalPair>& pairs, const std::string& data,
                    const EvaluationOptions& options);

} // namespace attn
