// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/task.h"

namespace attn {

/// A small English and French of our own: trees (english_french/syntax.h) are drawn at random and
/// written in both languages at once, so that the links come from the derivation. French is a
/// function of English. Known simplifications: you is vous (one, masculine), they is ils, I is
/// masculine, every simple past is a passé composé but that of "be" before an adjective or a place
/// (était), that and this are ce.
class EnglishFrenchTask : public Task {
public:
    std::string_view name() const override { return "en-fr"; }
    std::string_view description() const override {
        return "Translate a small English into French: agreement, negation, word order, compounds.";
    }
    Example generate(Random& random) const override;
    std::vector<std::string> sourceTokens() const override;
    std::vector<std::string> targetTokens() const override;
    std::string_view tokeniser() const override { return "words"; }
    std::vector<std::string> showcase() const override;
};

} // namespace attn
