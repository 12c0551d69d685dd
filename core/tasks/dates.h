// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// Dates between 1 January 1900 and 31 December 2099 as people write them in English, in lower, upper
/// or usual case, to ISO 8601 (1979-05-03). Tokens are characters, including the blank. The order of
/// day and month is fixed in every form, so the target is a function of the source.
/// Digits of year, day and month have sure links to the digits they become, and the first three
/// letters of a month's name to both digits of the month; padding zeros, the other letters, and
/// separators have possible links.
class DatesTask : public Task {
public:
    std::string_view name() const override { return "dates"; }
    std::string_view description() const override {
        return "Turn dates as people write them into the form 1979-05-03.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override;
    std::string_view tokeniser() const override { return "characters"; }
    std::vector<std::string> showcase() const override;
};

namespace dates {

struct Day {
    int year = 1979;
    int month = 5; ///< from 1
    int day = 3;   ///< from 1
};
enum class Case { Usual, Lower, Upper };

int formCount();
/// One derivation, by explicit choice. `form` from 0 to formCount() - 1.
Example write(const Day& day, int form, Case letters);

} // namespace dates
} // namespace attn
