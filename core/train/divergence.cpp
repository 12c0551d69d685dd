// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/divergence.h"

#include <algorithm>
#include <cmath>

#include "core/base/short_number.h"

namespace attn {

bool hasDiverged(double loss, double firstLoss) {
    constexpr double exploded = 50;
    return !std::isfinite(loss) || loss > firstLoss + exploded;
}

std::string divergenceText(const Parameters<float>& parameters, const std::string& what, int update,
                           double learningRate) {
    const auto firstBad = [&](bool gradients) -> std::string {
        for (const auto& entry : parameters.entries()) {
            if (gradients && !entry.var.hasGrad()) continue;
            const Matrix<float>& numbers = gradients ? entry.var.grad() : entry.var.value();
            if (!std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); }))
                return entry.shape.name;
        }
        return "";
    };
    std::string text = "The training has diverged at update " + std::to_string(update) + ", learning rate " +
                       shortNumber(learningRate) + ": " + what + ". ";
    if (const std::string value = firstBad(false); !value.empty())
        return text + "The first array whose numbers are not finite is " + value + ".";
    if (const std::string gradient = firstBad(true); !gradient.empty())
        return text + "The first array whose gradient is not finite is " + gradient + ".";
    std::string name;
    float largest = -1;
    for (const auto& entry : parameters.entries())
        for (const float x : entry.var.value())
            if (std::abs(x) > largest) {
                largest = std::abs(x);
                name = entry.shape.name;
            }
    return text + "All numbers are still finite; the largest, " + shortNumber(static_cast<double>(largest)) +
           ", is in " + name + ".";
}

} // namespace attn
