// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/averaging.h"

#include <algorithm>

namespace attn {

ParameterValues valuesOf(const Parameters<float>& parameters) {
    ParameterValues values;
    for (const auto& entry : parameters.entries()) values.push_back(entry.var.value());
    return values;
}

Parameters<float> parametersOf(const Schema& schema, const ParameterValues& values) {
    Parameters<float> parameters;
    for (std::size_t i = 0; i < schema.size(); ++i) parameters.add(schema[i], values[i]);
    return parameters;
}

void keepIfAmongBest(std::vector<KeptSet>& kept, std::size_t most, double loss, int update,
                     const Parameters<float>& parameters) {
    const auto place = std::upper_bound(kept.begin(), kept.end(), loss,
                                        [](double x, const KeptSet& set) { return x < set.loss; });
    if (kept.size() >= most && place == kept.end()) return;
    kept.insert(place, {loss, update, valuesOf(parameters)});
    if (kept.size() > most) kept.pop_back();
}

ParameterValues meanOf(const std::vector<KeptSet>& sets) {
    ParameterValues mean = sets.front().values;
    for (std::size_t i = 0; i < mean.size(); ++i)
        for (std::size_t n = 0; n < mean[i].size(); ++n) {
            double total = 0;
            for (const KeptSet& set : sets) total += static_cast<double>(set.values[i].data()[n]);
            mean[i].data()[n] = static_cast<float>(total / static_cast<double>(sets.size()));
        }
    return mean;
}

} // namespace attn
