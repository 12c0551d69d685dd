// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/trace/gold_link.h"

namespace attn {

/// One pair of sentences as tokens, with its gold alignment (empty if unknown).
struct Example {
    std::vector<std::string> source;
    std::vector<std::string> target;
    std::vector<GoldLink> links;

    bool operator==(const Example&) const = default;
};

/// A built-in language: an endless, seeded source of examples with exact gold alignments.
class Task {
public:
    virtual ~Task() = default;
    virtual std::string_view name() const = 0;
    /// A one-sentence description for people.
    virtual std::string_view description() const = 0;
    /// The same state of `random` gives the same example on every machine.
    virtual Example generate(Random& random) const = 0;
    /// Every token a generated example can hold, sorted; these make the vocabularies.
    virtual std::vector<std::string> sourceTokens() const = 0;
    virtual std::vector<std::string> targetTokens() const = 0;
    /// Name of the tokeniser that turns typed text into source tokens ("words", "characters", "whitespace").
    virtual std::string_view tokeniser() const = 0;
    /// Name of the one for target text, which need not be split like the source.
    virtual std::string_view targetTokeniser() const { return tokeniser(); }
    /// A few sentences as a person would type them that show the task well; for single texts, their
    /// first words.
    virtual std::vector<std::string> showcase() const = 0;
    /// Whether the examples are single texts: the target is the text, and the source is empty.
    virtual bool isSingle() const { return false; }
};

/// The names of the built-in tasks, in the order in which they are listed to people.
std::vector<std::string> taskNames();
/// The task of that name. Throws Error(Argument) listing the valid names.
std::unique_ptr<Task> makeTask(std::string_view name);

} // namespace attn
