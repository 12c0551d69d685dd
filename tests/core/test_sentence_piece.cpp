// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces give their text back, stand where they say, and live in a model's file; damaged ones are refused.
#include <QtTest>
#include <functional>

#include "core/base/fields_json.h"
#include "core/base/hash.h"
#include "core/io/model_file.h"
#include "core/io/safetensors.h"
#include "core/io/stored_pieces.h"
#include "core/model/encoder_decoder/network.h"
#include "core/run/run.h"
#include "core/text/lowercase.h"
#include "core/train/corpus.h"
#include "core/train/pair_files.h"
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
    spec.attention.score = Score::Dot;
    spec.attention.queryWidth = spec.attention.keyWidth = spec.attention.valueWidth = 4;
    spec.attention.attentionWidth = 0;
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

class TestSentencePiece : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_pieces = SentencePiece::train(sentences(1000, 1), 300, PieceAlgorithm::Unigram); }

    void piecesGiveTheTextBack_data();
    void piecesGiveTheTextBack();
    void piecesStandWhereTheySay();
    void loweringMapsBytesBack();
    void sameLinesGiveTheSameModel();
    void tooLittleTextIsTold();
    void aModelFileKeepsItsPieces();
    void damagedPiecesAreRefused();
    void aCorpusOfPieces();
    void linksReachThePieces();

private:
    SentencePiecePtr m_pieces;
    QTemporaryDir m_folder;
};

void TestSentencePiece::piecesGiveTheTextBack_data() {
    QTest::addColumn<bool>("bpe");
    QTest::newRow("unigram") << false;
    QTest::newRow("bpe") << true;
}

void TestSentencePiece::piecesGiveTheTextBack() {
    QFETCH(bool, bpe);
    const auto pieces = bpe ? SentencePiece::train(sentences(1000, 1), 300, PieceAlgorithm::Bpe) : m_pieces;
    const Vocabulary vocabulary = pieces->vocabulary();
    QVERIFY(vocabulary.size() <= 300 && vocabulary.size() > 50);
    QVERIFY(vocabulary.special() == SpecialTokens());
    QCOMPARE(vocabulary.text(3), std::string("<unk>"));
    const Tokeniser tokeniser(TokeniserKind::SentencePiece, false, pieces);
    for (const std::string& text : sentences(300, 2)) {
        const Texts tokens = tokeniser.tokeniseTexts(text);
        QCOMPARE(tokeniser.detokenise(tokens), text);
        for (const std::string& token : tokens) QVERIFY2(vocabulary.contains(token), token.c_str());
    }
    // Blanks are the only thing that is normalised; what was never seen is unknown, but not lost.
    QCOMPARE(tokeniser.detokenise(tokeniser.tokeniseTexts("  le   猫 ﬁn ")), std::string("le 猫 ﬁn"));
    QVERIFY(tokeniser.tokenise("").empty());
}

void TestSentencePiece::piecesStandWhereTheySay() {
    for (const bool lowercase : {false, true}) {
        const Tokeniser tokeniser(TokeniserKind::SentencePiece, lowercase, m_pieces);
        for (const std::string& text : {std::string("Le  CHIEN été 猫x. "), std::string("İÇ la maison"),
                                        std::string("\xF0\x9F\x98\x80 l'eau")}) {
            int before = 0;
            for (const Token& token : tokeniser.tokenise(text)) {
                QVERIFY(token.begin >= before && token.end >= token.begin);
                before = token.end;
                std::string surface = text.substr(static_cast<std::size_t>(token.begin),
                                                  static_cast<std::size_t>(token.end - token.begin));
                if (lowercase) surface = lowered(surface);
                QCOMPARE(detokenise(TokeniserKind::SentencePiece, {token.text}), surface);
            }
        }
    }
    QVERIFY(thrown([&] { Tokeniser(TokeniserKind::SentencePiece, true, m_pieces).tokenise("ab\xFF"); },
                   ErrorKind::Data)
                .find("byte 2") != std::string::npos);
    QVERIFY(thrown([] { Tokeniser(TokeniserKind::SentencePiece); }, ErrorKind::Argument).find("needs") !=
            std::string::npos);
}

void TestSentencePiece::loweringMapsBytesBack() {
    // By hand: İ (2 bytes) is i (1), Ⱥ (2 bytes, U+023A) is ⱥ (3 bytes, U+2C65), the rest keeps its length.
    const LoweredText lower = loweredText("İAȺß!");
    QCOMPARE(lower.text, std::string("iaⱥß!"));
    QCOMPARE(lower.origin, (std::vector<int>{0, 2, 3, 3, 3, 5, 5, 7, 8}));
    QCOMPARE(lowered("ΑΣ ДЖ ÅŒ 中"), std::string("ασ дж åœ 中"));
    QCOMPARE(lowered(""), std::string());
    const Tokeniser words(TokeniserKind::Words, true);
    QCOMPARE(words.tokeniseTexts("QU’IL, (DIT)"), (Texts{"qu'", "il", ",", "(", "dit", ")"}));
    QCOMPARE(words.tokenise("A ȺB").back().end, 5);
}

void TestSentencePiece::sameLinesGiveTheSameModel() {
    for (const auto algorithm : {PieceAlgorithm::Unigram, PieceAlgorithm::Bpe}) {
        const auto a = SentencePiece::train(sentences(300, 3), 150, algorithm);
        const auto b = SentencePiece::train(sentences(300, 3), 150, algorithm);
        QVERIFY(a->bytes() == b->bytes());
        QCOMPARE(a->hash(), fnv1a(a->bytes()));
    }
}

void TestSentencePiece::tooLittleTextIsTold() {
    const std::string message =
        thrown([] { SentencePiece::train({}, 100, PieceAlgorithm::Unigram); }, ErrorKind::Data);
    QVERIFY2(message.find("0 lines") != std::string::npos, message.c_str());
}

void TestSentencePiece::aModelFileKeepsItsPieces() {
    const std::string path = m_folder.filePath("pieces.safetensors").toStdString();
    const Model model = pieceModel(m_pieces);
    for (const StoredType type : {StoredType::F32, StoredType::F16}) {
        saveModel(model, path, type);
        const ModelPtr again = openModel(path);
        QVERIFY(again->pieces().source && !again->pieces().target);
        QVERIFY(again->pieces().source->bytes() == m_pieces->bytes());
        QCOMPARE(again->card(), model.card());
        const std::string typed = "Le CHIEN de la maison";
        QVERIFY(again->source()->tokeniser.tokenise(typed) == model.source()->tokeniser.tokenise(typed));
        Recipe recipe;
        recipe.source = typed;
        recipe.maxSteps = 2;
        const TracePtr trace = run(*again, recipe);
        QCOMPARE(trace->source[0].text, std::string("▁le")); // lowered and split into pieces
        QCOMPARE(trace->source[0].begin, 0);
        QCOMPARE(trace->source[0].end, 2);
        QVERIFY(trace->source[0].known);
    }
    // A model whose parts do not go together is refused as it is made.
    const auto misfit = [&](TokeniserKind kind, const SentencePiecePtr& pieces) {
        return thrown(
            [&] {
                makeSide(SideRole::Source, model.source()->vocabulary, {kind, false, pieces, nullptr});
            },
            ErrorKind::Data);
    };
    QVERIFY(misfit(TokeniserKind::SentencePiece, nullptr).find("pieces: is missing") != std::string::npos);
    QVERIFY(misfit(TokeniserKind::Words, m_pieces).find("pieces: stands beside") != std::string::npos);
    // Pieces of capitals: none of them is a token of this model.
    std::vector<std::string> capitals = sentences(500, 9);
    for (std::string& line : capitals)
        for (char& c : line) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto others = SentencePiece::train(capitals, 299, PieceAlgorithm::Bpe);
    QVERIFY(misfit(TokeniserKind::SentencePiece, others).find("other pieces") != std::string::npos);
}

void TestSentencePiece::damagedPiecesAreRefused() {
    const std::string whole = m_folder.filePath("whole.safetensors").toStdString(),
                      path = m_folder.filePath("damaged.safetensors").toStdString();
    saveModel(pieceModel(m_pieces), whole, StoredType::F32);
    const std::string bytes = fixture::readAll(whole);
    const auto opened = [&](const std::string& changed) {
        fixture::writeAll(path, changed);
        return thrown([&] { openModel(path); }, ErrorKind::Data);
    };
    const std::string begin = "\\\"model\\\":\\\"";
    const std::size_t model = bytes.find(begin, bytes.find("\\\"pieces\\\"")) + begin.size();
    QVERIFY(model > begin.size() && model < bytes.size());
    for (std::size_t i = 0; i < 100; ++i) { // any one digit, anywhere in it
        std::string changed = bytes;
        char& digit = changed[model + i * 29];
        digit = digit == 'A' ? 'B' : 'A';
        const std::string message = opened(changed);
        QVERIFY2(
            message.find("sides[0].pieces") != std::string::npos && message.find("hash") != std::string::npos,
            message.c_str());
    }
    std::string changed = bytes;
    changed[model] = '!';
    QVERIFY2(opened(changed).find("sides[0].pieces.model: is not base64") != std::string::npos,
             opened(changed).c_str());
    changed = bytes;
    changed.replace(bytes.find("\\\"pieces\\\""), 10, "\\\"pieceX\\\"");
    QVERIFY2(opened(changed).find("pieces: is missing") != std::string::npos, opened(changed).c_str());

    // What has its hash but is no SentencePiece model, and what is no such JSON.
    const auto faultsOf = [](const std::string& json) {
        Findings faults;
        QTest::qVerify(!piecesFromJson(nlohmann::json::parse(json), "p", faults), "refused", "", __FILE__,
                       __LINE__);
        return toText(faults, "");
    };
    QVERIFY(faultsOf(R"({"hash": "xyz", "model": ""})").find("p.hash") != std::string::npos);
    QVERIFY(faultsOf(R"({"hash": "cbf29ce484222325", "model": ""})").find("p: ") != std::string::npos);
    QVERIFY(faultsOf(R"({"hash": "cbf29ce484222325", "model": "AAA"})").find("base64") != std::string::npos);
    QVERIFY(faultsOf(R"({"hash": 1, "model": []})").find("p.hash") != std::string::npos);
    QVERIFY(
        thrown([] { SentencePiece::read(std::string(largestSentencePiece + 1, 'a'), 0); }, ErrorKind::Data)
            .find("at most") != std::string::npos);
    for (const std::string& text : {std::string(), std::string("no model"), m_pieces->bytes().substr(0, 500)})
        QVERIFY(thrown([&] { SentencePiece::read(text, fnv1a(text)); }, ErrorKind::Data).find("not usable") !=
                std::string::npos);
}

void TestSentencePiece::aCorpusOfPieces() {
    CorpusOptions options;
    options.task = "reverse";
    options.tokens = "sentencepiece";
    options.sourceWords = 40;
    options.targetWords = 50;
    options.maxLength = 300;
    options.validationPairs = 5;
    const auto corpus = makeCorpus(options), again = makeCorpus(options);
    QVERIFY(corpus->sourceVocabulary().size() <= 44);
    QVERIFY(corpus->targetVocabulary().size() <= 54);
    QVERIFY(corpus->sourceTokeniser().pieces()->bytes() == again->source()->tokeniser.pieces()->bytes());
    QCOMPARE(corpus->fingerprint(), again->fingerprint());
    QVERIFY(corpus->nextPool(200, {}) == again->nextPool(200, {}));
    EncoderDecoderSpec spec;
    spec.sourceEnd = false;
    for (const EncodedPair& pair : corpus->validation(spec))
        for (const int id : pair.source) QVERIFY(id > 3);
}

void TestSentencePiece::linksReachThePieces() {
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
    QVERIFY(expected.size() >= 3);
    QVERIFY(example.links == expected);
    QVERIFY(thrown(
                [&] {
                    splitPair({"x y", "a", "0-1", 1}, pieces, pieces);
                },
                ErrorKind::Data)
                .find("0-1") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSentencePiece)
#include "test_sentence_piece.moc"
