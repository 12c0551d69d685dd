// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/loss.h"

#include <algorithm>
#include <cmath>

#include "core/autograd/ops_common.h"

namespace attn {

namespace {

/// Added to the gold mass before its logarithm.
constexpr double kLeastMass = 1e-6;

/// The mean over the heads of what mixes the values, B x S.
template <typename T>
Var<T> meanWeights(Tape<T>* tape, const AttentionResult<T>& attention) {
    Var<T> mean = attention.heads.front().factors.weights;
    for (std::size_t h = 1; h < attention.heads.size(); ++h)
        mean = add(tape, mean, attention.heads[h].factors.weights);
    return attention.heads.size() == 1 ? mean
                                       : scale(tape, mean, 1.0 / static_cast<double>(attention.heads.size()));
}

} // namespace

std::vector<std::vector<int>> goldSources(const PairBatch& batch) {
    const std::size_t B = batch.links.size();
    std::vector<std::vector<int>> sure(batch.gold.size()), gold(batch.gold.size());
    for (std::size_t b = 0; b < B; ++b)
        for (const GoldLink& link : batch.links[b]) {
            const std::size_t row = static_cast<std::size_t>(link.target) * B + b;
            if (link.target >= batch.steps || link.source >= batch.source.lengths[b]) continue;
            (link.sure ? sure : gold)[row].push_back(link.source);
        }
    for (std::size_t row = 0; row < gold.size(); ++row)
        if (!sure[row].empty()) gold[row] = std::move(sure[row]);
    return gold;
}

int linkedWords(const PairBatch& batch) {
    const auto gold = goldSources(batch);
    return static_cast<int>(
        std::count_if(gold.begin(), gold.end(), [](const auto& g) { return !g.empty(); }));
}

double guidedWeight(double share, const PairBatch& batch) {
    if (share == 0) return 0;
    const int linked = linkedWords(batch);
    return linked == 0 ? 0 : share * batch.words / linked;
}

template <typename T>
Var<T> alignmentLoss(Tape<T>* tape, const Var<T>& weights, const std::vector<std::vector<int>>& gold) {
    std::vector<T> mass(gold.size(), T(0));
    T total = 0;
    for (std::size_t i = 0; i < gold.size(); ++i) {
        if (gold[i].empty()) continue;
        for (const int j : gold[i]) mass[i] += weights.value()(static_cast<int>(i), j);
        mass[i] += static_cast<T>(kLeastMass);
        total -= std::log(mass[i]);
    }
    return result(tape, Matrix<T>(1, 1, total), weights.needsGrad(),
                  [weights, gold, mass = std::move(mass)](const Matrix<T>& g, const Matrix<T>&) {
                      Matrix<T>& to = gradOf(weights);
                      for (std::size_t i = 0; i < gold.size(); ++i)
                          for (const int j : gold[i]) to(static_cast<int>(i), j) -= g(0, 0) / mass[i];
                  });
}

template <typename T>
Var<T> coverageLoss(Tape<T>* tape, const Var<T>& weights, const Var<T>& coverage,
                    const std::vector<int>& gold) {
    requireFit(weights.rows() == coverage.rows() && weights.cols() == coverage.cols() &&
                   gold.size() == static_cast<std::size_t>(weights.rows()),
               "coverageLoss", weights, coverage);
    T total = 0;
    for (int i = 0; i < weights.rows(); ++i)
        for (int j = 0; j < weights.cols() && gold[static_cast<std::size_t>(i)] >= 0; ++j)
            total += std::min(weights.value()(i, j), coverage.value()(i, j));
    return result(tape, Matrix<T>(1, 1, total), weights.needsGrad() || coverage.needsGrad(),
                  [weights, coverage, gold](const Matrix<T>& g, const Matrix<T>&) {
                      for (int i = 0; i < weights.rows(); ++i)
                          for (int j = 0; j < weights.cols() && gold[static_cast<std::size_t>(i)] >= 0; ++j) {
                              const Var<T>& least =
                                  weights.value()(i, j) < coverage.value()(i, j) ? weights : coverage;
                              if (least.needsGrad()) gradOf(least)(i, j) += g(0, 0);
                          }
                  });
}

template <typename T>
BatchLoss<T> trainingLoss(Tape<T>* tape, const EncoderDecoder<T>& network, const PairBatch& batch,
                          const Noise& noise, const LossOptions& options) {
    const int B = batch.source.batch();
    const Encoding<T> encoding = network.encode(tape, batch.source, noise, {}, MonotonicMode::Expected);
    DecoderState<T> state = network.start(tape, encoding);
    const bool copies = network.spec().copy != CopyKind::None;
    List<Var<T>> features, weights, covered; // covered: before each step, the sum of the weights until then
    for (int t = 0; t < batch.steps; ++t) {
        const auto first = batch.previous.begin() + static_cast<std::ptrdiff_t>(t) * B;
        DecoderStep<T> step = network.step(tape, encoding, state, {first, first + B}, noise);
        features.push_back(copies ? network.output(tape, encoding, step) : step.features);
        if ((options.guidedWeight > 0 || options.coverageWeight > 0) && !step.attention.heads.empty() &&
            step.attention.heads.front().factors.weights.defined()) {
            const Var<T> mean = meanWeights(tape, step.attention);
            if (options.coverageWeight > 0)
                covered.push_back(covered.empty() ? Var<T>(Matrix<T>(mean.rows(), mean.cols(), T(0)))
                                                  : add(tape, covered.back(), weights.back()));
            weights.push_back(mean);
        }
        state = std::move(step.state);
    }
    BatchLoss<T> loss;
    const Var<T> all = concatRows(tape, features);
    loss.words = crossEntropy(tape, copies ? all : network.logits(tape, all), batch.gold, options.smoothing);
    loss.total = loss.words;
    if (weights.empty()) return loss;
    const Var<T> attended = concatRows(tape, weights);
    if (options.guidedWeight > 0) {
        loss.guided = alignmentLoss(tape, attended, goldSources(batch));
        loss.total = add(tape, loss.total, scale(tape, loss.guided, options.guidedWeight));
    }
    if (options.coverageWeight > 0) {
        loss.coverage = coverageLoss(tape, attended, concatRows(tape, covered), batch.gold);
        loss.total = add(tape, loss.total, scale(tape, loss.coverage, options.coverageWeight));
    }
    return loss;
}

template <typename T>
BatchLoss<T> trainingLoss(Tape<T>* tape, const LanguageModel<T>& network, const PairBatch& batch,
                          const Noise& noise, const LossOptions& options) {
    const int B = batch.batch(), steps = batch.steps;
    std::vector<int> previous, gold, lengths; // text by text, as the network reads them
    for (int b = 0; b < B; ++b) {
        int length = 0;
        for (int t = 0; t < steps; ++t) {
            const auto at = static_cast<std::size_t>(t * B + b);
            previous.push_back(batch.previous[at]);
            gold.push_back(batch.gold[at]);
            if (batch.gold[at] >= 0) length = t + 1;
        }
        lengths.push_back(length);
    }
    const LanguageModelReading<T> reading = network.read(tape, previous, lengths, noise);
    BatchLoss<T> loss;
    loss.words = crossEntropy(tape, network.logits(tape, reading.features), gold, options.smoothing);
    loss.total = loss.words;
    return loss;
}

template <typename T>
Var<T> batchLoss(Tape<T>* tape, const EncoderDecoder<T>& network, const PairBatch& batch, const Noise& noise,
                 double smoothing) {
    return trainingLoss(tape, network, batch, noise, {smoothing, 0, 0}).words;
}

#define ATTN_INSTANTIATE(T)                                                                                \
    template BatchLoss<T> trainingLoss(Tape<T>*, const EncoderDecoder<T>&, const PairBatch&, const Noise&, \
                                       const LossOptions&);                                                \
    template BatchLoss<T> trainingLoss(Tape<T>*, const LanguageModel<T>&, const PairBatch&, const Noise&,  \
                                       const LossOptions&);                                                \
    template Var<T> batchLoss(Tape<T>*, const EncoderDecoder<T>&, const PairBatch&, const Noise&, double); \
    template Var<T> alignmentLoss(Tape<T>*, const Var<T>&, const std::vector<std::vector<int>>&);          \
    template Var<T> coverageLoss(Tape<T>*, const Var<T>&, const Var<T>&, const std::vector<int>&);

ATTN_INSTANTIATE(float)
ATTN_INSTANTIATE(double)

} // namespace attn
