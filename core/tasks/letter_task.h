// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// What the tasks share whose sentences are rows of three to twenty letters a to p.
class LetterTask : public Task {
public:
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override { return sourceTokens(); }
    std::string_view tokeniser() const override { return "whitespace"; }

protected:
    /// A row of letters; each length is as likely as any other.
    std::vector<std::string> randomLetters(Random& random) const;
};

} // namespace attn
