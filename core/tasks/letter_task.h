// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// Common part of the tasks whose sentences are three to twenty letters a to p.
class LetterTask : public Task {
public:
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override { return sourceTokens(); }
    std::string_view tokeniser() const override { return "whitespace"; }

protected:
    /// A random sequence of letters; every length is equally likely.
    std::vector<std::string> randomLetters(Random& random) const;
};

} // namespace attn
