// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/attention_measures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace attn {

std::vector<float> meanOverHeads(const std::vector<const float*>& heads, int count) {
    std::vector<float> mean;
    for (int j = 0; j < count && !heads.empty(); ++j) {
        double sum = 0;
        for (const float* weights : heads) sum += static_cast<double>(weights[j]);
        mean.push_back(static_cast<float>(sum / static_cast<double>(heads.size())));
    }
    return mean;
}

double attentionEntropy(const float* weights, int count) {
    double sum = 0;
    for (int j = 0; j < count; ++j) sum += static_cast<double>(weights[j]);
    if (!(sum > 0)) return 0;
    double nats = 0;
    for (int j = 0; j < count; ++j)
        if (const double p = static_cast<double>(weights[j]) / sum; p > 0) nats -= p * std::log(p);
    return std::max(nats, 0.0);
}

double attentionEntropyBits(const float* weights, int count) {
    return attentionEntropy(weights, count) / std::numbers::ln2;
}

double meanEntropy(const Matrix<float>& weights) {
    double sum = 0;
    for (int t = 0; t < weights.rows(); ++t) sum += attentionEntropy(weights.row(t), weights.cols());
    return weights.rows() == 0 ? 0 : sum / weights.rows();
}

std::vector<float> attentionCoverage(const float* weights, int rows, int cols) {
    std::vector<float> coverage(static_cast<std::size_t>(cols), 0);
    for (int t = 0; t < rows; ++t)
        for (std::size_t j = 0; j < coverage.size(); ++j) coverage[j] += *weights++;
    return coverage;
}

std::vector<AlignmentLink> heaviestLinks(const Matrix<float>& weights, int targetWords, int sourceWords) {
    std::vector<AlignmentLink> links;
    for (int t = 0; t < std::min(targetWords, weights.rows()); ++t) {
        int heaviest = -1;
        float most = 0; // what is not above it is no weight: 0, or not a number
        for (int j = 0; j < weights.cols(); ++j)
            if (weights(t, j) > most) {
                most = weights(t, j);
                heaviest = j;
            }
        if (heaviest >= 0 && heaviest < sourceWords) links.push_back({heaviest, t});
    }
    return links;
}

} // namespace attn
