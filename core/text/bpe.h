// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/enum_text.h"

namespace attn {

struct Token;

/// How a word is represented before the merges: its last character and the end of the word as two symbols
/// ("#version: 0.1", and codes that say no version), or as one (0.2).
enum class BpeVersion { Apart, Together };
template <>
struct EnumNames<BpeVersion> {
    static constexpr std::array names{std::pair{BpeVersion::Apart, std::string_view("0.1")},
                                      std::pair{BpeVersion::Together, std::string_view("0.2")}};
};

/// The most codes that are read.
inline constexpr std::size_t mostBpeMerges = 1'000'000;
inline constexpr std::string_view bpeSeparator = "@@";

/// Byte pair codes as subword-nmt learns and applies them (Sennrich et al. 2016): a word between blanks is
/// split into characters, with the end of the word marked "</w>"; of all adjacent pairs, the one that comes
/// first among the merges is joined wherever it occurs, until no merge applies. The result is the word's
/// pieces; the separator is appended to each but the last. Immutable; may be used from several threads.
class BpeCodes {
public:
    /// Merges "a b" in the order of learning; of equal ones the first counts. Throws Error(Data) naming the
    /// first that is not two symbols with a blank between them, or where the separator is empty or has a
    /// blank, Error(Limit) for more than mostBpeMerges.
    explicit BpeCodes(std::vector<std::string> merges, BpeVersion version = BpeVersion::Together,
                      std::string separator = std::string(bpeSeparator));

    /// A file of codes: of subword-nmt, with "#version: ..." or without, or of fastBPE, whose lines have a
    /// count behind the pair. Throws Error(Data) naming file and line, Error(Unsupported) for another
    /// version.
    static std::shared_ptr<const BpeCodes> open(const std::string& path,
                                                std::string separator = std::string(bpeSeparator));

    const std::vector<std::string>& merges() const { return m_merges; }
    BpeVersion version() const { return m_version; }
    const std::string& separator() const { return m_separator; }

    /// Pieces with the bytes of `utf8` that they stand for, which has to be UTF-8. Blanks are the space and
    /// the ends of lines, as in subword-nmt. Throws Error(Limit) for a word of more than 10,000 characters.
    std::vector<Token> tokenise(std::string_view utf8) const;

    bool operator==(const BpeCodes& other) const {
        return m_merges == other.m_merges && m_version == other.m_version && m_separator == other.m_separator;
    }

private:
    struct Merge {
        int rank = 0, symbol = 0;
    };
    int symbolOf(std::string_view text) const;
    void splitWord(std::string_view utf8, int begin, int end, std::vector<Token>& tokens) const;

    std::vector<std::string> m_merges;
    BpeVersion m_version;
    std::string m_separator;
    std::unordered_map<std::string, int> m_symbols;
    std::unordered_map<std::uint64_t, Merge> m_pairs; ///< by both symbols
};
using BpeCodesPtr = std::shared_ptr<const BpeCodes>;

} // namespace attn
