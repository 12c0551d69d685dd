// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_text.h"
#include "core/text/vocabulary.h"

namespace attn {

struct Token;

/// How pieces are found: a unigram language model (Kudo 2018) or byte pair encoding (Sennrich et al. 2016).
enum class PieceAlgorithm { Unigram, Bpe };
template <>
struct EnumNames<PieceAlgorithm> {
    static constexpr std::array names{std::pair{PieceAlgorithm::Unigram, std::string_view("unigram")},
                                      std::pair{PieceAlgorithm::Bpe, std::string_view("bpe")}};
};

/// The mark in a piece for the blank before a word: U+2581.
inline constexpr std::string_view pieceBlank = "\xE2\x96\x81";

/// The most bytes a stored SentencePiece model may have.
inline constexpr std::size_t largestSentencePiece = 16'000'000;

/// A SentencePiece model (Kudo & Richardson 2018): pieces of words learned from text, the blank before a word
/// written as U+2581. Text is not normalised but for blanks, so that pieces joined give the text back.
/// Immutable; may be used from several threads.
class SentencePiece {
public:
    /// Learns at most `size` pieces, special tokens included (0: 8,000), from lines of UTF-8; fewer where the
    /// text has no more. The same lines give the same model. Throws Error(Data) where there is too little
    /// text.
    static std::shared_ptr<const SentencePiece> train(const std::vector<std::string>& lines, int size,
                                                      PieceAlgorithm algorithm);
    /// A model as bytes() gave it. The library that reads it can crash on damaged bytes: they are compared
    /// with their hash first. Throws Error(Data) where they differ or the library refuses them.
    static std::shared_ptr<const SentencePiece> read(std::string bytes, std::uint64_t hash);
    ~SentencePiece();

    const std::string& bytes() const { return m_bytes; }
    std::uint64_t hash() const; ///< of bytes(), fnv1a
    /// Pieces by id; padding, start, end and unknown stand at 0 to 3.
    Vocabulary vocabulary() const;
    /// Whether at least half of a vocabulary's tokens are pieces: that it splits text for a model of these
    /// words. Toolkits renumber the pieces and leave rare ones out.
    bool splitsFor(const Vocabulary& vocabulary) const;
    /// Pieces with the bytes of `utf8` that they stand for, blanks before a word left out of them. The text
    /// has to be UTF-8.
    std::vector<Token> tokenise(std::string_view utf8) const;

private:
    struct Library;
    SentencePiece();
    std::string m_bytes;
    std::unique_ptr<Library> m_library;
};
using SentencePiecePtr = std::shared_ptr<const SentencePiece>;

} // namespace attn
