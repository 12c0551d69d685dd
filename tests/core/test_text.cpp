// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "core/base/error.h"
#include "core/tasks/task.h"
#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"

using namespace attn;
using Texts = std::vector<std::string>;

class TestText : public QObject {
    Q_OBJECT

private slots:
    void wordsSplitPunctuationAndElision();
    void offsetsAreBytesOfTheSurface();
    void charactersKeepCombiningMarks();
    void illFormedTextIsRefusedWithItsOffset_data();
    void illFormedTextIsRefusedWithItsOffset();
    void detokenisedTextReadsAsWritten();
    void tokensKnowTheirWords();
    void tasksSurviveTheRoundTrip();
    void kindsHaveNames();
    void vocabularyIsABijection();
    void vocabularyRefusesDuplicatesAndStraySpecials();
    void foldingTriesTheWordItselfFirst();
};

void TestText::wordsSplitPunctuationAndElision() {
    const auto words = [](const char* text) { return tokeniseTexts(TokeniserKind::Words, text); };
    QCOMPARE(words("Hello, (old) world!"), (Texts{"Hello", ",", "(", "old", ")", "world", "!"}));
    QCOMPARE(words("\"well-known\"?"), (Texts{"\"", "well-known", "\"", "?"}));
    QCOMPARE(words("l'accord qu'il n’a pas vu"),
             (Texts{"l'", "accord", "qu'", "il", "n'", "a", "pas", "vu"}));
    QCOMPARE(words("aujourd'hui does'nt"), (Texts{"aujourd'hui", "does'nt"}));
    QCOMPARE(words("L’été"), (Texts{"L'", "été"}));
    QCOMPARE(words("3.5, end..."), (Texts{"3.5", ",", "end", ".", ".", "."}));
    QCOMPARE(words("(l'eau)."), (Texts{"(", "l'", "eau", ")", "."}));
    QCOMPARE(words(" \t\n"), Texts{});
    QCOMPARE(words("a\xC2\xA0: b"), (Texts{"a", ":", "b"}));
    QCOMPARE(tokeniseTexts(TokeniserKind::Whitespace, " l'accord,  oui "), (Texts{"l'accord,", "oui"}));
}

void TestText::offsetsAreBytesOfTheSurface() {
    const std::string text = "  été, qu’il (« d’or »)";
    for (TokeniserKind kind : {TokeniserKind::Whitespace, TokeniserKind::Words, TokeniserKind::Characters}) {
        int before = 0;
        for (const Token& token : tokenise(kind, text)) {
            QVERIFY(token.begin >= before);
            QVERIFY(token.end > token.begin);
            before = token.end;
            std::string surface = text.substr(static_cast<std::size_t>(token.begin),
                                              static_cast<std::size_t>(token.end - token.begin));
            if (kind == TokeniserKind::Words)
                if (const std::size_t at = surface.find("’"); at != std::string::npos)
                    surface.replace(at, 3, "'");
            QCOMPARE(surface, token.text);
        }
        QVERIFY(before <= static_cast<int>(text.size()));
    }
    const std::vector<Token> words = tokenise(TokeniserKind::Words, "é l’eau");
    QCOMPARE(words.size(), std::size_t{3});
    QCOMPARE(words[1], (Token{"l'", 3, 7, 1}));
    QCOMPARE(words[2], (Token{"eau", 7, 10, 1}));
}

void TestText::charactersKeepCombiningMarks() {
    QCOMPARE(tokeniseTexts(TokeniserKind::Characters, "a é"), (Texts{"a", " ", "é"}));
    QCOMPARE(tokeniseTexts(TokeniserKind::Characters, "e\xCC\x81x"), (Texts{"e\xCC\x81", "x"}));
    QCOMPARE(tokeniseTexts(TokeniserKind::Characters, "\xF0\x9F\x98\x80!"), (Texts{"\xF0\x9F\x98\x80", "!"}));
}

void TestText::illFormedTextIsRefusedWithItsOffset_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::newRow("stray continuation") << QByteArray("ab\x80") << 2;
    QTest::newRow("cut short") << QByteArray("abc\xC3") << 3;
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << 0;
    QTest::newRow("overlong three") << QByteArray("x\xE0\x80\x80") << 1;
    QTest::newRow("surrogate") << QByteArray("x\xED\xA0\x80") << 1;
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << 0;
    QTest::newRow("Latin-1") << QByteArray("caf\xE9 noir") << 3;
}

void TestText::illFormedTextIsRefusedWithItsOffset() {
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    for (TokeniserKind kind : {TokeniserKind::Whitespace, TokeniserKind::Words, TokeniserKind::Characters}) {
        try {
            tokenise(kind, std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
            QFAIL("the text was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Data);
            QVERIFY2(QString(error.what()).contains(QString("byte %1;").arg(offset)), error.what());
        }
    }
}

void TestText::detokenisedTextReadsAsWritten() {
    QCOMPARE(detokenise(TokeniserKind::Words, {"l'", "accord", "n'", "a", "pas", "été", "signé", "."}),
             std::string("l'accord n'a pas été signé."));
    QCOMPARE(detokenise(TokeniserKind::Words, {"hier", ",", "(", "oui", ")", "!"}),
             std::string("hier, (oui)!"));
    QCOMPARE(detokenise(TokeniserKind::Whitespace, {"a", ",", "b"}), std::string("a , b"));
    QCOMPARE(detokenise(TokeniserKind::Characters, {"3", " ", "M"}), std::string("3 M"));
    QCOMPARE(detokenise(TokeniserKind::Words, {}), std::string());
}

void TestText::tokensKnowTheirWords() {
    const auto wordsOf = [](TokeniserKind kind, const char* text) {
        std::vector<int> words;
        for (const Token& token : tokenise(kind, text)) words.push_back(token.word);
        return words;
    };
    const auto words = TokeniserKind::Words, characters = TokeniserKind::Characters,
               pieces = TokeniserKind::SentencePiece;
    // l' eau , ( non )
    QCOMPARE(wordsOf(words, " l'eau,  (non)"), (std::vector<int>{0, 0, 0, 1, 1, 1}));
    QCOMPARE(wordsOf(TokeniserKind::Whitespace, "a\tb\xC2\xA0 c"), (std::vector<int>{0, 1, 2}));
    QCOMPARE(wordsOf(TokeniserKind::Spaces, "a\tb\xC2\xA0 c"), (std::vector<int>{0, 1}));
    QCOMPARE(wordsOf(characters, " ab  é"), (std::vector<int>{-1, 0, 0, -1, -1, 1}));
    QCOMPARE(wordsOfPieces(words, {"l'", "eau", ",", "(", "non", ")"}), (std::vector<int>{0, 0, 0, 1, 1, 1}));
    QCOMPARE(wordsOfPieces(characters, {"a", "b", " ", "é"}), (std::vector<int>{0, 0, -1, 1}));
    QCOMPARE(wordsOfPieces(TokeniserKind::Spaces, {"a", "b", "\xFF"}), (std::vector<int>{0, 1, 2}));
    QCOMPARE(wordsOfPieces(pieces, {"▁le", "▁ch", "at", "▁", "noir", "▁de▁la", "▁"}),
             (std::vector<int>{0, 1, 1, 2, 2, 3, -1}));
    QCOMPARE(wordsOfPieces(pieces, {"▁", "▁x", "y"}), (std::vector<int>{0, 0, 0}));
    QVERIFY(wordsOfPieces(words, {}).empty());
    // What was split and joined again has the same words.
    Random random(11);
    for (const std::string& name : taskNames()) {
        const auto task = makeTask(name);
        const TokeniserKind kind = *fromText<TokeniserKind>(task->tokeniser());
        for (int i = 0; i < 300; ++i) {
            const Example example = task->generate(random);
            QCOMPARE(wordsOfPieces(kind, example.source),
                     wordsOf(kind, detokenise(kind, example.source).c_str()));
        }
    }
}

void TestText::tasksSurviveTheRoundTrip() {
    for (const std::string& name : taskNames()) {
        const auto task = makeTask(name);
        const TokeniserKind kind = *fromText<TokeniserKind>(task->tokeniser()),
                            targetKind = *fromText<TokeniserKind>(task->targetTokeniser());
        Random random(7);
        for (int i = 0; i < 3000; ++i) {
            const Example example = task->generate(random);
            QCOMPARE(tokeniseTexts(kind, detokenise(kind, example.source)), example.source);
            QCOMPARE(tokeniseTexts(targetKind, detokenise(targetKind, example.target)), example.target);
        }
    }
}

void TestText::kindsHaveNames() {
    QCOMPARE(allNames<TokeniserKind>(),
             std::string("whitespace, words, characters, sentencepiece, spaces, moses, bpe"));
    for (const auto& [kind, name] : EnumNames<TokeniserKind>::names)
        QVERIFY(fromText<TokeniserKind>(name) == kind);
}

void TestText::vocabularyIsABijection() {
    const Vocabulary vocabulary = Vocabulary::ofWords({"le", "chat", "été"});
    QCOMPARE(vocabulary.size(), 7);
    QCOMPARE(vocabulary.text(vocabulary.special().pad), std::string("<pad>"));
    QCOMPARE(vocabulary.text(vocabulary.special().bos), std::string("<s>"));
    QCOMPARE(vocabulary.text(vocabulary.special().eos), std::string("</s>"));
    QCOMPARE(vocabulary.text(vocabulary.special().unk), std::string("<unk>"));
    for (int id = 0; id < vocabulary.size(); ++id) QCOMPARE(vocabulary.id(vocabulary.text(id)), id);
    QCOMPARE(vocabulary.id("chien"), 3);
    QVERIFY(vocabulary.contains("été"));
    QVERIFY(!vocabulary.contains("chien"));
    QCOMPARE(vocabulary.ids({"chat", "chien"}), (std::vector<int>{5, 3}));
    QVERIFY_EXCEPTION_THROWN(vocabulary.text(7), Error);
    QVERIFY_EXCEPTION_THROWN(vocabulary.text(-1), Error);
}

void TestText::vocabularyRefusesDuplicatesAndStraySpecials() {
    try {
        Vocabulary({"a", "b", "a", "b"}, {0, 1, 2, 9});
        QFAIL("accepted");
    } catch (const Error& error) {
        QCOMPARE(error.kind(), ErrorKind::Data);
        for (const char* part : {"tokens[2]", "tokens[3]", "unk"})
            QVERIFY2(QString(error.what()).contains(part), error.what());
    }
    const Vocabulary elsewhere({"x", "</s>", "<s>", "?", "<pad>"}, {4, 2, 1, 3});
    QCOMPARE(elsewhere.id("absent"), 3);
}

void TestText::foldingTriesTheWordItselfFirst() {
    const Vocabulary vocabulary = Vocabulary::ofWords({"may", "May", "the", "été", "État", "œuf", "paris"});
    QCOMPARE(vocabulary.text(vocabulary.idFolding("May")), std::string("May"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("MAY")), std::string("may"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("The")), std::string("the"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("PARIS")), std::string("paris"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("Été")), std::string("été"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("ÉTÉ")), std::string("été"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("État")), std::string("État"));
    QCOMPARE(vocabulary.text(vocabulary.idFolding("Œuf")), std::string("œuf"));
    QCOMPARE(vocabulary.idFolding("Nowhere"), 3);
}

QTEST_GUILESS_MAIN(TestText)
#include "test_text.moc"
