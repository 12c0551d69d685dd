// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_text.h"
#include "core/text/bpe.h"
#include "core/text/moses.h"
#include "core/text/sentence_piece.h"

namespace attn {

/// A token and where it stands: bytes [begin, end) of the surface text. `text` equals that
/// stretch except that a typographic apostrophe is written ', letters may be lowered, the blank before
/// a word is part of its first SentencePiece, a separator stands behind a BPE piece, and Moses' escapes and
/// @-@ are written out.
struct Token {
    std::string text;
    int begin = 0;
    int end = 0;
    int word = -1; ///< which of the words between blanks it is of, from 0; -1: a blank

    bool operator==(const Token&) const = default;
};

enum class TokeniserKind {
    Whitespace,    ///< stretches between blanks
    Words,         ///< those, with punctuation and elided French forms (l', qu') split off
    Characters,    ///< one character each, blanks too; combining marks stay with their base
    SentencePiece, ///< pieces of words that a SentencePiece model has learned
    Spaces,        ///< stretches between spaces alone; other blanks are characters like any other
    Moses,         ///< words as the Moses tokeniser splits them
    Bpe,           ///< pieces of words that byte pair codes make
};

template <>
struct EnumNames<TokeniserKind> {
    static constexpr std::array names{
        std::pair{TokeniserKind::Whitespace, std::string_view("whitespace")},
        std::pair{TokeniserKind::Words, std::string_view("words")},
        std::pair{TokeniserKind::Characters, std::string_view("characters")},
        std::pair{TokeniserKind::SentencePiece, std::string_view("sentencepiece")},
        std::pair{TokeniserKind::Spaces, std::string_view("spaces")},
        std::pair{TokeniserKind::Moses, std::string_view("moses")},
        std::pair{TokeniserKind::Bpe, std::string_view("bpe")}};
};

/// Whether tokens are pieces, several to a word, that something learned decides on.
constexpr bool makesPieces(TokeniserKind kind) {
    return kind == TokeniserKind::SentencePiece || kind == TokeniserKind::Bpe;
}

/// Throws Error(Data) naming the byte offset where the text is not UTF-8 (RFC 3629).
void checkUtf8(std::string_view text);

/// Splits UTF-8 text, Moses by default rules; not where makesPieces(), which needs a model. Throws
/// Error(Data) naming the byte offset where the text is not UTF-8.
std::vector<Token> tokenise(TokeniserKind kind, std::string_view utf8);

/// The texts of the tokens alone.
std::vector<std::string> tokeniseTexts(TokeniserKind kind, std::string_view utf8);

/// The tokens as a person would write them: for words, no blank after an elided form or an opening
/// bracket and none before . , ; : ! ? or a closing bracket. tokenise() gives the tokens back, but
/// for a double quote, whose side is not known and which stands between blanks. BPE pieces join where they
/// have the usual separator; for Moses see joinedMoses().
std::string detokenise(TokeniserKind kind, const std::vector<std::string>& tokens);

/// For each token the word of detokenise() that it is of, from 0; -1 for a blank.
std::vector<int> wordsOfPieces(TokeniserKind kind, const std::vector<std::string>& tokens);

/// How one side's text becomes tokens, in training as when it is typed.
class Tokeniser {
public:
    /// Throws Error(Argument) where the kind is SentencePiece and there is no model, or Bpe and there are no
    /// codes, or the other way round. The rules are for Moses alone.
    explicit Tokeniser(TokeniserKind kind = TokeniserKind::Words, bool lowercase = false,
                       SentencePiecePtr pieces = nullptr, BpeCodesPtr codes = nullptr,
                       const MosesRules& rules = {});

    TokeniserKind kind() const { return m_kind; }
    bool lowercase() const { return m_lowercase; }
    /// nullptr unless the kind is SentencePiece.
    const SentencePiecePtr& pieces() const { return m_pieces; }
    /// nullptr unless the kind is Bpe.
    const BpeCodesPtr& codes() const { return m_codes; }

    /// Throws Error(Data) naming the byte offset where the text is not UTF-8.
    std::vector<Token> tokenise(std::string_view utf8) const;
    std::vector<std::string> tokeniseTexts(std::string_view utf8) const;
    std::string detokenise(const std::vector<std::string>& tokens) const;
    /// For each token the word of detokenise() that it is of, from 0; -1 for a blank.
    std::vector<int> wordsOfPieces(const std::vector<std::string>& tokens) const;

private:
    std::vector<JoinedToken> joined(const std::vector<std::string>& tokens) const;

    TokeniserKind m_kind;
    bool m_lowercase;
    SentencePiecePtr m_pieces;
    BpeCodesPtr m_codes;
    MosesRules m_rules;
};

} // namespace attn
