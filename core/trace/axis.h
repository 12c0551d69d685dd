// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/enum_text.h"

namespace attn {

/// What a token is to the model.
enum class TokenRole {
    Word,    ///< a word of the vocabulary
    Unknown, ///< a word that the vocabulary lacks; the model read or wrote its unknown symbol
    Start,   ///< the start symbol
    End,     ///< the end symbol
    Empty,   ///< a position without a word (attention drawn up for a fixed length)
};
template <>
struct EnumNames<TokenRole> {
    static constexpr std::array names{
        std::pair{TokenRole::Word, std::string_view("word")},
        std::pair{TokenRole::Unknown, std::string_view("unknown")},
        std::pair{TokenRole::Start, std::string_view("start")},
        std::pair{TokenRole::End, std::string_view("end")},
        std::pair{TokenRole::Empty, std::string_view("empty")},
    };
};

/// One position of an axis, as the model read it.
struct Position {
    std::string text; ///< as the vocabulary has it, or as typed if unknown
    int id = -1;      ///< in the side's vocabulary; -1: none
    TokenRole role = TokenRole::Word;
    int begin = 0; ///< byte offsets into the typed text
    int end = 0;
    int word = -1; ///< index of the blank-separated word it is part of; -1: a blank or a symbol

    /// False of a symbol, and of a position without a word.
    bool isWord() const { return role == TokenRole::Word || role == TokenRole::Unknown; }
    bool operator==(const Position&) const = default;
};

/// What the positions of an axis are.
enum class AxisKind {
    Source,    ///< tokens that an encoder read
    Target,    ///< the steps of a path: one for each token generated
    Words,     ///< tokens of a text that is read at once
    Sentences, ///< sentences of a document
    Regions,   ///< regions of a picture, in reading order
    Slots,     ///< memory slots
    Hops,      ///< hops over a memory, or rows of a structured pool
    Text,      ///< the text as a whole: one position
};
template <>
struct EnumNames<AxisKind> {
    static constexpr std::array names{
        std::pair{AxisKind::Source, std::string_view("source")},
        std::pair{AxisKind::Target, std::string_view("target")},
        std::pair{AxisKind::Words, std::string_view("words")},
        std::pair{AxisKind::Sentences, std::string_view("sentences")},
        std::pair{AxisKind::Regions, std::string_view("regions")},
        std::pair{AxisKind::Slots, std::string_view("slots")},
        std::pair{AxisKind::Hops, std::string_view("hops")},
        std::pair{AxisKind::Text, std::string_view("text")},
    };
};

/// A list of positions that attention goes from or to.
struct Axis {
    AxisKind kind = AxisKind::Source;
    /// Empty for the kind target: its positions are the steps of whichever path is looked at.
    std::vector<Position> positions = {};
    /// Target: position t stands for the token that step t read (the one before it), not for the token it
    /// chose. A decoder that attends to its own past has keys on such an axis.
    bool read = false;

    /// Whether the positions are the steps of a path.
    bool isDecoded() const { return kind == AxisKind::Target; }
};

} // namespace attn
