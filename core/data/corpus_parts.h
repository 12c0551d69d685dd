// SPDX-License-Identifier: GPL-3.0-or-later
// For the .cpp files of the corpora only.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/data/corpus.h"
#include "core/text/lowercase.h"

namespace attn {

constexpr const char* kPieceBpe = "sentencepiece-bpe";
/// The tokeniser that a recipe's name asks for. Kinds whose rules or codes a vocabulary or another program
/// brings are not learned here: none.
std::optional<TokeniserKind> learnedKind(const std::string& tokens);

std::unique_ptr<Corpus> makeTaskCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form);
std::unique_ptr<Corpus> makeFileCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form);

/// Combines two numbers into a seed, so that any pair or pass can be made independently.
inline Random randomOf(std::uint64_t seed, std::uint64_t index) {
    return Random(Random(seed).next() ^ Random(~index).next());
}

inline std::uint64_t hashOf(const std::vector<int>& ids, std::uint64_t hash) {
    for (const int id : ids) hash = fnv1a(std::to_string(id) + ' ', hash);
    return fnv1a("\n", hash);
}

inline void note(Findings& findings, const std::string& where, const std::string& text) {
    findings.push_back({Severity::Note, where, text});
}

/// One side's tokeniser, learned from `lines` where it is a SentencePiece model. `lines` is called for its
/// result only then.
template <typename Lines>
Tokeniser learnTokeniser(const DataRecipe& recipe, TokeniserKind kind, int size, const Lines& lines) {
    if (kind != TokeniserKind::SentencePiece) return Tokeniser(kind, recipe.lowercase);
    std::vector<std::string> texts = lines();
    if (recipe.lowercase)
        for (std::string& text : texts) text = lowered(text);
    const auto algorithm = recipe.tokens == kPieceBpe ? PieceAlgorithm::Bpe : PieceAlgorithm::Unigram;
    constexpr int special = 4;
    return Tokeniser(kind, recipe.lowercase,
                     SentencePiece::train(texts, size > 0 ? size + special : 0, algorithm));
}

/// The pieces' vocabulary, or the words counted.
inline Vocabulary vocabularyOf(const Tokeniser& tokeniser,
                               const std::unordered_map<std::string, long long>& counts, int size) {
    return tokeniser.pieces() ? tokeniser.pieces()->vocabulary() : Vocabulary::ofFrequent(counts, size);
}

inline bool isLong(const Example& example, int most) {
    return std::max(example.source.size(), example.target.size()) > static_cast<std::size_t>(most);
}

} // namespace attn
