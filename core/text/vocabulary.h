// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/error.h"

namespace attn {

/// Which ids play the special parts. New vocabularies have them at 0 to 3; models made elsewhere may have
/// them elsewhere, or lack some: -1. Without a start symbol a target begins from a vector of zeros; without
/// an unknown one, unknown words cannot be read. Start and end may be one symbol, and start and padding.
struct SpecialTokens {
    int pad = 0;
    int bos = 1;
    int eos = 2;
    int unk = 3;

    bool operator==(const SpecialTokens&) const = default;
};

/// Tokens that stand twice or are empty ("tokens[4]"), and special ids outside of the tokens or equal
/// ("eos").
Findings vocabularyFaults(const std::vector<std::string>& tokens, const SpecialTokens& special);

/// Tokens in the order of their ids.
class Vocabulary {
public:
    Vocabulary() = default;
    /// Every token with its id as position, special ones among them.
    /// Throws Error(Data) listing all vocabularyFaults().
    explicit Vocabulary(std::vector<std::string> tokens, SpecialTokens special = {});
    /// <pad>, <s>, </s>, <unk> as ids 0 to 3, then `words`.
    static Vocabulary ofWords(const std::vector<std::string>& words);
    /// The same with the `size` words that were counted most often (0: all), the most frequent first, those
    /// of one count in the order of their bytes. Words that are spelt like a special token are left out.
    static Vocabulary ofFrequent(const std::unordered_map<std::string, long long>& counts, int size);

    int size() const { return static_cast<int>(m_tokens.size()); }
    const SpecialTokens& special() const { return m_special; }
    const std::vector<std::string>& tokens() const { return m_tokens; }
    /// Throws Error(Argument) where there is no such id. An absent start symbol (-1) gives "(start)".
    const std::string& text(int id) const;
    bool contains(std::string_view token) const;
    /// The unknown token's id where the token is absent; -1 if there is none.
    int id(std::string_view token) const;
    /// For typed text: the token as it is, else with its first letter lowered, else all lowered
    /// (ASCII and accented Latin-1 letters), else unknown.
    int idFolding(std::string_view token) const;
    std::vector<int> ids(const std::vector<std::string>& tokens) const;

    bool operator==(const Vocabulary& other) const {
        return m_tokens == other.m_tokens && m_special == other.m_special;
    }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::vector<std::string> m_tokens;
    std::unordered_map<std::string, int, Hash, std::equal_to<>> m_ids;
    SpecialTokens m_special;
};

} // namespace attn
