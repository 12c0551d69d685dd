// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/sentence_piece.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/text/tokeniser.h"

namespace attn {

struct SentencePiece::Library {
    sentencepiece::SentencePieceProcessor processor;
};

namespace {

constexpr int usualSize = 8000;
/// Bytes of a line beyond which the library leaves it out.
constexpr int longestLine = 1'000'000;

class Lines : public sentencepiece::SentenceIterator {
public:
    explicit Lines(const std::vector<std::string>& lines) : m_lines(lines) {}
    bool done() const override { return m_at == m_lines.size(); }
    void Next() override { ++m_at; }
    const std::string& value() const override { return m_lines[m_at]; }
    sentencepiece::util::Status status() const override { return {}; }

private:
    const std::vector<std::string>& m_lines;
    std::size_t m_at = 0;
};

std::size_t distinctCharacters(const std::vector<std::string>& lines) {
    std::unordered_set<std::string> found;
    for (const std::string& line : lines)
        for (std::string& character : tokeniseTexts(TokeniserKind::Characters, line))
            found.insert(std::move(character));
    return found.size();
}

} // namespace

SentencePiece::SentencePiece() : m_library(std::make_unique<Library>()) {}
SentencePiece::~SentencePiece() = default;

SentencePiecePtr SentencePiece::train(const std::vector<std::string>& lines, int size,
                                      PieceAlgorithm algorithm) {
    const int most = size > 0 ? size : usualSize;
    // Scripts with many characters (Chinese) would fill the pieces with rare ones.
    const bool allCharacters = distinctCharacters(lines) <= static_cast<std::size_t>(most) / 2;
    const std::unordered_map<std::string, std::string> options{
        {"model_type", std::string(toText(algorithm))},
        {"vocab_size", std::to_string(most)},
        {"hard_vocab_limit", "false"},
        {"character_coverage", allCharacters ? "1.0" : "0.9995"},
        {"normalization_rule_name", "identity"},
        {"num_threads", "1"},
        {"shuffle_input_sentence", "false"},
        {"max_sentence_length", std::to_string(longestLine)},
        {"pad_id", "0"},
        {"bos_id", "1"},
        {"eos_id", "2"},
        {"unk_id", "3"},
        {"minloglevel", "2"},
    };
    Lines iterator(lines);
    std::string bytes;
    const auto status = sentencepiece::SentencePieceTrainer::Train(options, &iterator, &bytes);
    if (!status.ok())
        throw Error(ErrorKind::Data, "no SentencePiece model of " + std::to_string(most) +
                                         " pieces can be learned from " + std::to_string(lines.size()) +
                                         " lines: " + status.message() +
                                         ". Give more text, or another vocabulary size");
    const std::uint64_t hash = fnv1a(bytes);
    return read(std::move(bytes), hash);
}

SentencePiecePtr SentencePiece::read(std::string bytes, std::uint64_t hash) {
    const auto refuse = [](const std::string& why) {
        throw Error(ErrorKind::Data, "the SentencePiece model is not usable: " + why);
    };
    if (bytes.size() > largestSentencePiece)
        refuse("it has " + std::to_string(bytes.size()) + " bytes; at most " +
               std::to_string(largestSentencePiece) + " are read");
    if (fnv1a(bytes) != hash)
        refuse("its " + std::to_string(bytes.size()) +
               " bytes do not have the hash that is stored with them; they were damaged or exchanged");
    std::shared_ptr<SentencePiece> model(new SentencePiece);
    try {
        const auto status = model->m_library->processor.LoadFromSerializedProto(bytes);
        if (!status.ok()) refuse(status.message());
        model->vocabulary(); // refuses pieces that are no vocabulary
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        refuse(error.what());
    }
    model->m_bytes = std::move(bytes);
    return model;
}

std::uint64_t SentencePiece::hash() const {
    return fnv1a(m_bytes);
}

bool SentencePiece::splitsFor(const Vocabulary& words) const {
    const Vocabulary pieces = vocabulary();
    int shared = 0;
    for (const std::string& token : words.tokens()) shared += pieces.contains(token) ? 1 : 0;
    return 2 * shared >= words.size();
}

Vocabulary SentencePiece::vocabulary() const {
    const auto& processor = m_library->processor;
    std::vector<std::string> pieces;
    for (int id = 0; id < processor.GetPieceSize(); ++id) pieces.push_back(processor.IdToPiece(id));
    return Vocabulary(std::move(pieces),
                      {processor.pad_id(), processor.bos_id(), processor.eos_id(), processor.unk_id()});
}

std::vector<Token> SentencePiece::tokenise(std::string_view utf8) const {
    sentencepiece::ImmutableSentencePieceText found;
    const auto status = m_library->processor.Encode({utf8.data(), utf8.size()}, found.mutable_proto());
    if (!status.ok())
        throw Error(ErrorKind::Data,
                    std::string("the text cannot be split into pieces: ") + status.message());
    std::vector<Token> tokens;
    for (const auto& piece : found.pieces()) {
        Token token{piece.piece(), static_cast<int>(piece.begin()), static_cast<int>(piece.end())};
        while (token.begin < token.end && utf8[static_cast<std::size_t>(token.begin)] == ' ') ++token.begin;
        tokens.push_back(std::move(token));
    }
    return tokens;
}

} // namespace attn
