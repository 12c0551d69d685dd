// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/data/batch.h"
#include "core/model/encoder_decoder/network.h"
#include "core/model/language_model/network.h"

namespace attn {

/// What is minimised, beside the network and the batch.
struct LossOptions {
    double smoothing = 0;      ///< of labels (Szegedy 2016)
    double guidedWeight = 0;   ///< of the summed alignment loss; see guidedWeight()
    double coverageWeight = 0; ///< of the coverage loss
};

/// Summed losses of a batch under teacher forcing, 1 x 1, in nats.
template <typename T>
struct BatchLoss {
    Var<T> total;  ///< words + guidedWeight * guided + coverageWeight * coverage: what gradients are taken of
    Var<T> words;  ///< cross-entropy of the target words
    Var<T> guided; ///< sum of the alignment loss; undefined where none was asked for or no link is known
    Var<T> coverage; ///< sum of coverageLoss() over the words; undefined where none was asked for
};

template <typename T>
BatchLoss<T> trainingLoss(Tape<T>* tape, const EncoderDecoder<T>& network, const PairBatch& batch,
                          const Noise& noise, const LossOptions& options);

/// A language model reads each text whole; there is no alignment and no coverage loss.
template <typename T>
BatchLoss<T> trainingLoss(Tape<T>* tape, const LanguageModel<T>& network, const PairBatch& batch,
                          const Noise& noise, const LossOptions& options);

/// Cross-entropy of a batch's words alone.
template <typename T>
Var<T> batchLoss(Tape<T>* tape, const EncoderDecoder<T>& network, const PairBatch& batch,
                 const Noise& noise = {}, double smoothing = 0);

/// The gold source positions of each target word, row t*B + b as in the batch: its sure links or, where it
/// has none, its possible ones. Empty: nothing is known of that word.
std::vector<std::vector<int>> goldSources(const PairBatch& batch);
/// Target words of a batch that have gold sources.
int linkedWords(const PairBatch& batch);

/// Sum over the rows i with gold sources of -log(sum over them of w_ij + 1e-6), 1 x 1 (Chen 2016 with
/// the gold mass summed; the small number bounds it where a normaliser gives exact zeros). weights n x S.
template <typename T>
Var<T> alignmentLoss(Tape<T>* tape, const Var<T>& weights, const std::vector<std::vector<int>>& gold);

/// Sum over the rows i that count of sum_j min(w_ij, c_ij), 1 x 1 (See et al. 2017): w the weights of a step
/// and c the sum of those of the steps before, n x S. It grows where a position is attended again. Of equal
/// numbers the gradient goes to c.
template <typename T>
Var<T> coverageLoss(Tape<T>* tape, const Var<T>& weights, const Var<T>& coverage,
                    const std::vector<int>& gold);

/// The factor of a batch's summed alignment loss that makes it share * (mean over linked words) for every
/// word of the batch, so that the total is still divided by the number of words. 0 without links.
double guidedWeight(double share, const PairBatch& batch);

} // namespace attn
