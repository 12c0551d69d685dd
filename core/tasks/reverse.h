// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/letter_task.h"

namespace attn {

/// Three to twenty letters a to p; the target is the same letters from last to first.
/// Target token j has a sure link to source token n-1-j and no other.
class ReverseTask : public LetterTask {
public:
    std::string_view name() const override { return "reverse"; }
    std::string_view description() const override { return "Say a row of letters backwards."; }
    Example generate(Random& random) const override;
    std::vector<std::string> showcase() const override;
};

} // namespace attn
