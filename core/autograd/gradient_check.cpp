// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/gradient_check.h"

#include <algorithm>
#include <cmath>

namespace attn {

std::vector<GradientReport> checkGradients(
    const std::function<Var<double>(Tape<double>*)>& loss,
    const std::vector<std::pair<std::string, Var<double>>>& variables) {
    for (const auto& [name, x] : variables) x.dropGrad();
    Tape<double> tape;
    tape.backward(loss(&tape));
    std::vector<GradientReport> reports;
    for (const auto& [name, x] : variables) {
        GradientReport report{name, 0, 0, 0, 0};
        for (std::size_t i = 0; i < x.value().size(); ++i) {
            double& entry = x.mutableValue().data()[i];
            const double kept = entry, h = 1e-6 * std::max(1.0, std::abs(kept));
            entry = kept + h;
            const double above = loss(nullptr).value()(0, 0);
            entry = kept - h;
            const double below = loss(nullptr).value()(0, 0);
            entry = kept;
            const double numeric = (above - below) / (2 * h), byTape = x.grad().data()[i];
            const double off =
                std::abs(byTape - numeric) / std::max({1.0, std::abs(byTape), std::abs(numeric)});
            if (!(off <= report.worst)) report = {name, off, static_cast<int>(i), byTape, numeric};
        }
        reports.push_back(report);
    }
    return reports;
}

} // namespace attn
