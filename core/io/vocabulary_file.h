// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"

namespace attn {

/// How toolkits write a vocabulary down.
enum class VocabularyStyle {
    Lines,         ///< a token a line, its id the line's number from 0: Joey NMT, OpenNMT-py, Marian's text
    Counts,        ///< token, TAB, count: OpenNMT-py 3
    SentencePiece, ///< piece, TAB, score: a .vocab file
    Fairseq,       ///< token, blank, count; <s>, <pad>, </s>, <unk> stand before the first line
    Yaml,          ///< a mapping of tokens to ids (Marian), or a list of tokens
    Json ///< an object of tokens to ids (Nematus, Keras), a list of tokens, or an object with one of
         ///< "index2word", "itos", "word2index", "stoi", "tokens"
};
template <>
struct EnumNames<VocabularyStyle> {
    static constexpr std::array names{
        std::pair{VocabularyStyle::Lines, std::string_view("lines")},
        std::pair{VocabularyStyle::Counts, std::string_view("counts")},
        std::pair{VocabularyStyle::SentencePiece, std::string_view("sentencepiece")},
        std::pair{VocabularyStyle::Fairseq, std::string_view("fairseq")},
        std::pair{VocabularyStyle::Yaml, std::string_view("yaml")},
        std::pair{VocabularyStyle::Json, std::string_view("json")}};
};

/// Tokens by id, each of them once and none empty, as a Vocabulary wants them.
struct VocabularyFile {
    std::vector<std::string> tokens;
    VocabularyStyle style = VocabularyStyle::Lines;
    /// What did not come through as it stands: a token that stands twice keeps its first id, an id that is
    /// given twice its first token; empty tokens and ids beyond `atMost`.
    Findings findings;
};

/// Reads a vocabulary. The style is recognised by content unless it is given. Lines end at \n, and at \r\n
/// where the first does; a token may hold any other character. An id without a token gets a made-up one
/// ("<row 17>"). Ids from `atMost` on are left out (0: none is). Throws Error(Data) naming the file, the line
/// or key and what was expected there, Error(Limit) for more than 100,000,000 bytes or 1,000,000 ids.
VocabularyFile readVocabularyFile(const std::string& path, std::optional<VocabularyStyle> style = {},
                                  int atMost = 0);

/// The same from text; `where` is what messages call it.
VocabularyFile readVocabulary(std::string_view text, const std::string& where,
                              std::optional<VocabularyStyle> style = {}, int atMost = 0);

/// Made-up tokens ("<row 17>") behind the others until there are `size`: rows of an embedding that no token
/// of the vocabulary reaches.
void addMadeUpTokens(std::vector<std::string>& tokens, int size);

} // namespace attn
