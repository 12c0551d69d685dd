// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// Two numbers of one to four digits and their sum: "347+58=" and "405". Tokens are characters.
/// A digit of the sum has sure links to the digits of its column, and possible links to those of the column
/// to its right if that one carries; a leading 1 without a column of its own has possible links to the first
/// digits, which produce it.
class AddTask : public Task {
public:
    std::string_view name() const override { return "add"; }
    std::string_view description() const override { return "Add two numbers digit by digit."; }
    Example generate(Random& random) const override;
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override;
    std::string_view tokeniser() const override { return "characters"; }
    std::vector<std::string> showcase() const override;
};

namespace add {

/// One sum, by explicit choice; both from 0.
Example write(int a, int b);

} // namespace add
} // namespace attn
