// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/add.h"

namespace attn {

Example add::write(int a, int b) {
    const std::string first = std::to_string(a), second = std::to_string(b), sum = std::to_string(a + b);
    Example example;
    for (char c : first + "+" + second + "=") example.source.emplace_back(1, c);
    for (char c : sum) example.target.emplace_back(1, c);
    const int firstEnd = static_cast<int>(first.size()), end = firstEnd + 1 + static_cast<int>(second.size());
    const int width = static_cast<int>(sum.size());
    /// Source digits of the column, counted from the right.
    const auto column = [&](int at) {
        std::vector<int> digits;
        if (at < firstEnd) digits.push_back(firstEnd - 1 - at);
        if (at < static_cast<int>(second.size())) digits.push_back(end - 1 - at);
        return digits;
    };
    int power = 1; // 10 to the column
    for (int at = 0; at < width; ++at, power *= 10) {
        const int target = width - 1 - at;
        for (int source : column(at)) example.links.push_back({source, target, true});
        const bool carried = a % power + b % power >= power;
        if (carried)
            for (int source : column(at - 1)) example.links.push_back({source, target, false});
    }
    return example;
}

Example AddTask::generate(Random& random) const {
    const auto number = [&random] {
        constexpr int bounds[] = {0, 10, 100, 1000, 10000};
        const int digits = random.below(4);
        return bounds[digits] + random.below(bounds[digits + 1] - bounds[digits]);
    };
    const int a = number();
    return add::write(a, number());
}

std::vector<std::string> AddTask::sourceTokens() const {
    return {"+", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "="};
}

std::vector<std::string> AddTask::targetTokens() const {
    return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::vector<std::string> AddTask::showcase() const {
    return {"2+2=", "347+58=", "5+95=", "120+4003=", "999+1=", "1234+4321=", "9999+9999="};
}

} // namespace attn
