// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces give their text back, stand where they say, and live in a model's file; damaged ones are refused.
#include <doctest/doctest.h>

#include <functional>

#include "core/base/fields_json.h"
#include "core/base/hash.h"
#include "core/data/corpus.h"
#include "core/data/pair_files.h"
#include "core/io/model_file.h"
#include "core/io/safetensors.h"
#include "core/io/stored_pieces.h"
#include "core/model/encoder_decoder/network.h"
#include "core/run/run.h"
#include "core/text/lowercase.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

namespace {

/// Sentences of a built-in task as a person writes them.
Texts sentences(int count, std::uint64_t seed) {
    const auto task = makeTask("en-fr");
    Random random(seed);
    Texts lines;
    for (int i = 0; i < count; ++i)
        lines.push_back(detokenise(TokeniserKind::Words, task->generate(random).target));
    return lines;
}

std::string thrown(const std::function<void()>& act, ErrorKind kind) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

/// An untrained model whose source is of pieces and whose target is of words.
Model pieceModel(const SentencePiecePtr& pieces) {
    const Vocabulary target = Vocabulary::ofWords({"a", "b"});
    EncoderDecoderSpec spec;
    spec.sourceVocabulary = pieces->vocabulary().size();
    spec.targetVocabulary = target.size();
    spec.sourceEmbedding = spec.targetEmbedding = 3;
    spec.encoder.cell.width = spec.decoder.cell.width = 4;
    spec.attention->score = Score::Dot;
    spec.attention->queryWidth = spec.attention->keyWidth = spec.attention->valueWidth = 4;
    spec.attention->attentionWidth = 0;
    spec.readout.width = 3;
    ModelCard card;
    card.name = "pieces";
    Random random(1);
    return Model(card, spec,
                 {makeSide(SideRole::Source, pieces->vocabulary(),
                           {TokeniserKind::SentencePiece, true, pieces, nullptr}),
                  makeSide(SideRole::Target, target, {TokeniserKind::Words, true})},
                 Parameters<float>::initialised(spec.schema(), random));
}

} // namespace

struct SentencePieceFixture {
    SentencePieceFixture() {
        m_pieces = SentencePiece::train(sentences(1000, 1), 300, PieceAlgorithm::Unigram);
    }
    SentencePiecePtr m_pieces;
    fixture::TemporaryFolder m_folder;
};

namespace {

struct PiecesGiveTheTextBackRow {
    std::string row;
    bool bpe;
};

std::vector<PiecesGiveTheTextBackRow> piecesGiveTheTextBackRows() {
    std::vector<PiecesGiveTheTextBackRow> rows;
    rows.push_back({"unigram", false});
    rows.push_back({"bpe", true});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(SentencePieceFixture, "pieces give the text back") {
    for (const PiecesGiveTheTextBackRow& row : piecesGiveTheTextBackRows()) {
        CAPTURE(row.row);
        const bool bpe = row.bpe;
        const auto pieces =
            bpe ? SentencePiece::train(sentences(1000, 1), 300, PieceAlgorithm::Bpe) : m_pieces;
        const Vocabulary vocabulary = pieces->vocabulary();
        REQUIRE((vocabulary.size() <= 300 && vocabulary.size() > 50));
        REQUIRE(vocabulary.special() == SpecialTokens());
        REQUIRE(vocabulary.text(3) == "<unk>");
        const Tokeniser tokeniser(TokeniserKind::SentencePiece, false, pieces);
        for (const std::string& text : sentences(300, 2)) {
            const Texts tokens = tokeniser.tokeniseTexts(text);
            REQUIRE(tokeniser.detokenise(tokens) == text);
            for (const std::string& token : tokens) REQUIRE_MESSAGE(vocabulary.contains(token), token);
        }
        // Blanks are the only thing that is normalised; what was never seen is unknown, but not lost.
        REQUIRE(tokeniser.detokenise(tokeniser.tokeniseTexts("  le   猫 ﬁn ")) == "le 猫 ﬁn");
        REQUIRE(tokeniser.tokenise("").empty());
    }
}

TEST_CASE_FIXTURE(SentencePieceFixture, "pieces stand where they say") {
    for (const bool lowercase : {false, true}) {
        const Tokeniser tokeniser(TokeniserKind::SentencePiece, lowercase, m_pieces);
        for (const std::string& text : {std::string("Le  CHIEN été 猫x. "), std::string("İÇ la maison"),
                                        std::string("\xF0\x9F\x98\x80 l'eau")}) {
            int before = 0;
            for (const Token& token : tokeniser.tokenise(text)) {
                REQUIRE((token.begin >= before && token.end >= token.begin));
                before = token.end;
                std::string surface = text.substr(static_cast<std::size_t>(token.begin),
                                                  static_cast<std::size_t>(token.end - token.begin));
                if (lowercase) surface = lowered(surface);
                REQUIRE(detokenise(TokeniserKind::SentencePiece, {token.text}) == surface);
            }
        }
    }
    REQUIRE(thrown([&] { Tokeniser(TokeniserKind::SentencePiece, true, m_pieces).tokenise("ab\xFF"); },
                   ErrorKind::Data)
                .find("byte 2") != std::string::npos);
    REQUIRE(thrown([] { Tokeniser(TokeniserKind::SentencePiece); }, ErrorKind::Argument).find("needs") !=
            std::string::npos);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "lowering maps bytes back") {
    // By hand: İ (2 bytes) is i (1), Ⱥ (2 bytes, U+023A) is ⱥ (3 bytes, U+2C65), the rest keeps its length.
    const LoweredText lower = loweredText("İAȺß!");
    REQUIRE(lower.text == "iaⱥß!");
    REQUIRE(lower.origin == (std::vector<int>{0, 2, 3, 3, 3, 5, 5, 7, 8}));
    REQUIRE(lowered("ΑΣ ДЖ ÅŒ 中") == "ασ дж åœ 中");
    REQUIRE(lowered("") == "");
    const Tokeniser words(TokeniserKind::Words, true);
    REQUIRE(words.tokeniseTexts("QU’IL, (DIT)") == (Texts{"qu'", "il", ",", "(", "dit", ")"}));
    REQUIRE(words.tokenise("A ȺB").back().end == 5);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "same lines give the same model") {
    for (const auto algorithm : {PieceAlgorithm::Unigram, PieceAlgorithm::Bpe}) {
        const auto a = SentencePiece::train(sentences(300, 3), 150, algorithm);
        const auto b = SentencePiece::train(sentences(300, 3), 150, algorithm);
        REQUIRE(a->bytes() == b->bytes());
        REQUIRE(a->hash() == fnv1a(a->bytes()));
    }
}

TEST_CASE_FIXTURE(SentencePieceFixture, "too little text is told") {
    const std::string message =
        thrown([] { SentencePiece::train({}, 100, PieceAlgorithm::Unigram); }, ErrorKind::Data);
    REQUIRE_MESSAGE(message.find("0 lines") != std::string::npos, message);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "a model file keeps its pieces") {
    const std::string path = m_folder.filePath("pieces.safetensors");
    const Model model = pieceModel(m_pieces);
    for (const StoredType type : {StoredType::F32, StoredType::F16}) {
        saveModel(model, path, type);
        const ModelPtr again = openModel(path);
        REQUIRE((again->source()->tokeniser.pieces() && !again->target().tokeniser.pieces()));
        REQUIRE(again->source()->tokeniser.pieces()->bytes() == m_pieces->bytes());
        REQUIRE(again->card() == model.card());
        const std::string typed = "Le CHIEN de la maison";
        REQUIRE(again->source()->tokeniser.tokenise(typed) == model.source()->tokeniser.tokenise(typed));
        Recipe recipe;
        recipe.source = typed;
        recipe.maxSteps = 2;
        const TracePtr trace = run(*again, recipe);
        REQUIRE(trace->axes[0].positions[0].text == "▁le"); // lowered and split into pieces
        REQUIRE(trace->axes[0].positions[0].begin == 0);
        REQUIRE(trace->axes[0].positions[0].end == 2);
        REQUIRE(trace->axes[0].positions[0].role == TokenRole::Word);
    }
    // A model whose parts do not go together is refused as it is made.
    const auto misfit = [&](TokeniserKind kind, const SentencePiecePtr& pieces) {
        return thrown(
            [&] {
                makeSide(SideRole::Source, model.source()->vocabulary, {kind, false, pieces, nullptr});
            },
            ErrorKind::Data);
    };
    REQUIRE(misfit(TokeniserKind::SentencePiece, nullptr).find("pieces: is missing") != std::string::npos);
    REQUIRE(misfit(TokeniserKind::Words, m_pieces).find("pieces: stands beside") != std::string::npos);
    // Pieces of capitals: none of them is a token of this model.
    std::vector<std::string> capitals = sentences(500, 9);
    for (std::string& line : capitals)
        for (char& c : line) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto others = SentencePiece::train(capitals, 299, PieceAlgorithm::Bpe);
    REQUIRE(misfit(TokeniserKind::SentencePiece, others).find("other pieces") != std::string::npos);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "damaged pieces are refused") {
    const std::string whole = m_folder.filePath("whole.safetensors"),
                      path = m_folder.filePath("damaged.safetensors");
    saveModel(pieceModel(m_pieces), whole, StoredType::F32);
    const std::string bytes = fixture::readAll(whole);
    const auto opened = [&](const std::string& changed) {
        fixture::writeAll(path, changed);
        return thrown([&] { openModel(path); }, ErrorKind::Data);
    };
    const std::string begin = "\\\"model\\\":\\\"";
    const std::size_t model = bytes.find(begin, bytes.find("\\\"pieces\\\"")) + begin.size();
    REQUIRE((model > begin.size() && model < bytes.size()));
    for (std::size_t i = 0; i < 100; ++i) { // any one digit, anywhere in it
        std::string changed = bytes;
        char& digit = changed[model + i * 29];
        digit = digit == 'A' ? 'B' : 'A';
        const std::string message = opened(changed);
        REQUIRE_MESSAGE((message.find("sides[0].pieces") != std::string::npos &&
                         message.find("hash") != std::string::npos),
                        message);
    }
    std::string changed = bytes;
    changed[model] = '!';
    REQUIRE_MESSAGE(opened(changed).find("sides[0].pieces.model: is not base64") != std::string::npos,
                    opened(changed));
    changed = bytes;
    changed.replace(bytes.find("\\\"pieces\\\":"), 11, "\\\"pieceX\\\":");
    REQUIRE_MESSAGE(opened(changed).find("sides[0].pieces: is missing") != std::string::npos,
                    opened(changed));

    // What has its hash but is no SentencePiece model, and what is no such JSON.
    const auto faultsOf = [](const std::string& json) {
        Findings faults;
        REQUIRE(!piecesFromJson(nlohmann::json::parse(json), "p", faults));
        return toText(faults, "");
    };
    REQUIRE(faultsOf(R"({"hash": "xyz", "model": ""})").find("p.hash") != std::string::npos);
    REQUIRE(faultsOf(R"({"hash": "cbf29ce484222325", "model": ""})").find("p: ") != std::string::npos);
    REQUIRE(faultsOf(R"({"hash": "cbf29ce484222325", "model": "AAA"})").find("base64") != std::string::npos);
    REQUIRE(faultsOf(R"({"hash": 1, "model": []})").find("p.hash") != std::string::npos);
    REQUIRE(
        thrown([] { SentencePiece::read(std::string(largestSentencePiece + 1, 'a'), 0); }, ErrorKind::Data)
            .find("at most") != std::string::npos);
    for (const std::string& text : {std::string(), std::string("no model"), m_pieces->bytes().substr(0, 500)})
        REQUIRE(thrown([&] { SentencePiece::read(text, fnv1a(text)); }, ErrorKind::Data).find("not usable") !=
                std::string::npos);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "a corpus of pieces") {
    DataRecipe options;
    options.task = "reverse";
    options.tokens = "sentencepiece";
    options.sourceWords = 40;
    options.targetWords = 50;
    options.maxLength = 300;
    options.validationPairs = 5;
    TextForm bare;
    bare.sourceEnd = false;
    const auto corpus = makeCorpus(options, 1, bare), again = makeCorpus(options, 1, bare);
    REQUIRE(corpus->sourceVocabulary().size() <= 44);
    REQUIRE(corpus->targetVocabulary().size() <= 54);
    REQUIRE(corpus->sourceTokeniser().pieces()->bytes() == again->sourceTokeniser().pieces()->bytes());
    REQUIRE(corpus->fingerprint() == again->fingerprint());
    REQUIRE(corpus->nextPool(200) == again->nextPool(200));
    for (const EncodedPair& pair : corpus->validation())
        for (const int id : pair.source) REQUIRE(id > 3);
}

TEST_CASE_FIXTURE(SentencePieceFixture, "links reach the pieces") {
    const Tokeniser pieces(TokeniserKind::SentencePiece, false, m_pieces);
    // Words between blanks are linked; whichever pieces they have are.
    const TextPair pair{"x y", "la maisonnette dort", "0-1 1p2", 1};
    const Example example = splitPair(pair, Tokeniser(TokeniserKind::Whitespace), pieces);
    const auto tokens = pieces.tokenise(pair.target);
    std::vector<GoldLink> expected;
    for (std::size_t t = 0; t < tokens.size(); ++t)
        if (tokens[t].end > tokens[t].begin && tokens[t].begin >= 3 && tokens[t].end <= 14)
            expected.push_back({0, static_cast<int>(t), true});
    for (std::size_t t = 0; t < tokens.size(); ++t)
        if (tokens[t].end > tokens[t].begin && tokens[t].begin >= 15)
            expected.push_back({1, static_cast<int>(t), false});
    REQUIRE(expected.size() >= 3);
    REQUIRE(example.links == expected);
    REQUIRE(thrown(
                [&] {
                    splitPair({"x y", "a", "0-1", 1}, pieces, pieces);
                },
                ErrorKind::Data)
                .find("0-1") != std::string::npos);
}
