// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/source_weights.h"

namespace attn {

void sourceWeights(const Encoding<float>& encoding, const DecoderStep<float>& step, int row,
                   List<float>& weights) {
    weights.clear();
    const auto& heads = step.attention.heads;
    if (heads.empty()) return;
    const int length = encoding.memory.lengths[static_cast<std::size_t>(row)];
    for (int j = 0; j < length; ++j) {
        double sum = 0;
        for (const HeadResult<float>& head : heads)
            sum += static_cast<double>(head.factors.weights.value()(row, j));
        weights.push_back(static_cast<float>(sum / static_cast<double>(heads.size())));
    }
}

} // namespace attn
