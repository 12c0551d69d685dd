// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/letter_task.h"

namespace attn {

/// Three to twenty random letters a to p; the target is the same letters in alphabetical order. A target
/// letter has a sure link to its source position if the letter occurs once, and a possible link to each of
/// its positions if it occurs more than once.
class SortTask : public LetterTask {
public:
    std::string_view name() const override { return "sort"; }
    std::string_view description() const override {
        return "Put a row of letters into the order of the alphabet.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> showcase() const override;
};

} // namespace attn
