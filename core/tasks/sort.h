// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/letter_task.h"

namespace attn {

/// Three to twenty letters a to p, each as often as chance will; the target is the same letters in the order
/// of the alphabet. A target letter is linked surely to its source position where the letter stands once,
/// possibly to each of its positions where it stands more than once.
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
