// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/english_french/english_french.h"

namespace attn {

/// The English sentences of the task en-fr as single texts, for language models.
class EnglishTextTask : public Task {
public:
    std::string_view name() const override { return "en-lm"; }
    std::string_view description() const override {
        return "Continue a small English: the English sentences of en-fr.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> sourceTokens() const override { return {}; }
    std::vector<std::string> targetTokens() const override { return m_pairs.sourceTokens(); }
    std::string_view tokeniser() const override { return m_pairs.tokeniser(); }
    std::vector<std::string> showcase() const override;
    bool isSingle() const override { return true; }

private:
    EnglishFrenchTask m_pairs;
};

} // namespace attn
