// SPDX-License-Identifier: GPL-3.0-or-later
// Byte pair codes split as subword-nmt does, give their text back, and live in a model's file.
#include <QtTest>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/random.h"
#include "core/io/model_file.h"
#include "core/io/stored_codes.h"
#include "core/run/run.h"
#include "core/text/tokeniser.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

namespace {

std::string thrown(const std::function<void()>& act, ErrorKind kind) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

Texts split(const BpeCodes& codes, const std::string& text) {
    Texts texts;
    for (const Token& token : codes.tokenise(text)) texts.push_back(token.text);
    return texts;
}

Tokeniser tokeniserOf(BpeCodes codes, bool lowercase = false) {
    return Tokeniser(TokeniserKind::Bpe, lowercase, nullptr,
                     std::make_shared<const BpeCodes>(std::move(codes)));
}

/// The definition word for word: strings, and one search for each merge. For words of ASCII.
Texts slowSplit(const std::string& word, const Texts& merges, BpeVersion version) {
    if (word.size() == 1) return {word};
    Texts symbols;
    for (const char c : word) symbols.emplace_back(1, c);
    if (version == BpeVersion::Apart)
        symbols.push_back("</w>");
    else
        symbols.back() += "</w>";
    for (bool found = true; found;) {
        found = false;
        for (const std::string& merge : merges) {
            for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
                if (symbols[i] + " " + symbols[i + 1] != merge) continue;
                symbols[i] += symbols[i + 1];
                symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                found = true;
            }
            if (found) break; // and start again with the first merge
        }
    }
    if (symbols.back() == "</w>")
        symbols.pop_back();
    else if (symbols.back().ends_with("</w>"))
        symbols.back().resize(symbols.back().size() - 4);
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) symbols[i] += "@@";
    return symbols;
}

/// An untrained model whose source is of pieces and whose target is of words.
Model bpeModel(const BpeCodesPtr& codes) {
    const Vocabulary source = Vocabulary::ofWords({"lo@@", "w@@", "er", "low", "n@@"}),
                     target = Vocabulary::ofWords({"a", "b"});
    ModelSpec spec;
    spec.sourceVocabulary = source.size();
    spec.targetVocabulary = target.size();
    spec.sourceEmbedding = spec.targetEmbedding = 3;
    spec.encoder.cell.width = spec.decoder.cell.width = 4;
    spec.attention.score = Score::Dot;
    spec.attention.queryWidth = spec.attention.keyWidth = spec.attention.valueWidth = 4;
    spec.attention.attentionWidth = 0;
    spec.readout.width = 3;
    ModelCard card;
    card.name = "codes";
    card.sourceTokeniser = TokeniserKind::Bpe;
    Random random(1);
    SidePieces pieces;
    pieces.sourceCodes = codes;
    return Model(card, spec, source, target, Parameters<float>::initialised(modelSchema(spec), random),
                 std::nullopt, pieces);
}

} // namespace

class TestBpe : public QObject {
    Q_OBJECT

private slots:
    void mergesInTheirOrder();
    void versionsDifferAtTheEndOfAWord();
    void repeatedPairsJoinFromTheLeft();
    void characterIsACodePoint();
    void onlySpacesPartWords();
    void equalsTheDefinition();
    void piecesStandWhereTheySay();
    void piecesGiveTheTextBack();
    void piecesKnowTheirWords();
    void filesOfCodes();
    void malformedCodesAreTold();
    void aModelFileKeepsItsCodes();

private:
    QTemporaryDir m_folder;
};

void TestBpe::mergesInTheirOrder() {
    // The example of the paper: low, lower, newest, widest.
    const BpeCodes codes({"e s", "es t</w>", "l o", "lo w", "n e", "ne w", "new est</w>"});
    QCOMPARE(split(codes, "lowest newest low"), (Texts{"low@@", "est", "newest", "lo@@", "w"}));
    // "lo w</w>" is not "lo w"; what is earlier in the list is joined first, wherever it stands.
    QCOMPARE(split(BpeCodes({"b c", "a b"}), "abcx abd abc"),
             (Texts{"a@@", "bc@@", "x", "ab@@", "d", "ab@@", "c"}));
    QCOMPARE(split(BpeCodes({"b c</w>", "a b"}), "abc"), (Texts{"a@@", "bc"}));
    QCOMPARE(split(BpeCodes({"a b", "b c</w>", "a b"}), "abc"), (Texts{"ab@@", "c"}));
    QCOMPARE(split(BpeCodes({"a b"}, BpeVersion::Together, "_"), "abx"), (Texts{"ab_", "x"}));
    QVERIFY(split(codes, "").empty());
    QVERIFY(split(codes, " \n").empty());
}

void TestBpe::versionsDifferAtTheEndOfAWord() {
    const Texts merges{"e r", "er </w>", "w er</w>"};
    QCOMPARE(split(BpeCodes(merges, BpeVersion::Apart), "lower"), (Texts{"l@@", "o@@", "wer"}));
    QCOMPARE(split(BpeCodes(merges, BpeVersion::Together), "lower"),
             (Texts{"l@@", "o@@", "w@@", "e@@", "r"}));
    // An end that joined nothing leaves no piece.
    QCOMPARE(split(BpeCodes({"a b"}, BpeVersion::Apart), "ab a"), (Texts{"ab", "a"}));
    // A word of one character is left alone whatever the merges say.
    QCOMPARE(split(BpeCodes({"a </w>"}, BpeVersion::Apart), "a"), (Texts{"a"}));
}

void TestBpe::repeatedPairsJoinFromTheLeft() {
    const BpeCodes codes({"x x", "xx xx"});
    QCOMPARE(split(codes, "xxxxxxy"), (Texts{"xxxx@@", "xx@@", "y"}));
    QCOMPARE(split(codes, "xxxy"), (Texts{"xx@@", "x@@", "y"}));
}

void TestBpe::characterIsACodePoint() {
    const BpeCodes codes({"é t", "😀 é</w>"});
    QCOMPARE(split(codes, "été 😀é e\xCC\x81"), (Texts{"ét@@", "é", "😀é", "e@@", "\xCC\x81"}));
}

void TestBpe::onlySpacesPartWords() {
    const BpeCodes codes({"a b</w>"});
    QCOMPARE(split(codes, "  ab  a\tb\nab\xC2\xA0"),
             (Texts{"ab", "a@@", "\t@@", "b", "a@@", "b@@", "\xC2\xA0"}));
    QCOMPARE(tokeniseTexts(TokeniserKind::Spaces, " ab  a\tb\r\nab\xC2\xA0x "),
             (Texts{"ab", "a\tb", "ab\xC2\xA0x"}));
}

void TestBpe::equalsTheDefinition() {
    Random random(5);
    const auto letters = [&](int most) {
        std::string text;
        for (int n = 1 + random.below(most); n > 0; --n) text += static_cast<char>('a' + random.below(3));
        return text;
    };
    int pieces = 0;
    for (int round = 0; round < 60; ++round) {
        Texts merges;
        for (int i = 0; i < 40; ++i) {
            const int end = random.below(4);
            merges.push_back(letters(2) + " " + (end == 0 ? "</w>" : letters(2) + (end == 1 ? "</w>" : "")));
        }
        for (const BpeVersion version : {BpeVersion::Apart, BpeVersion::Together}) {
            const BpeCodes codes(merges, version);
            for (int i = 0; i < 40; ++i) {
                const std::string word = letters(12);
                const Texts expected = slowSplit(word, merges, version);
                QCOMPARE(split(codes, word), expected);
                pieces += static_cast<int>(expected.size());
            }
        }
    }
    QVERIFY(pieces > 60 * 2 * 40 * 2); // words did come apart
}

void TestBpe::piecesStandWhereTheySay() {
    const std::string text = "  İL était  là";
    for (const bool lowercase : {false, true}) {
        const Tokeniser tokeniser = tokeniserOf(BpeCodes({"i l</w>", "t a"}), lowercase);
        std::string joined;
        int before = 0;
        for (const Token& token : tokeniser.tokenise(text)) {
            QVERIFY(token.begin >= before && token.end > token.begin);
            before = token.end;
            joined += text.substr(static_cast<std::size_t>(token.begin),
                                  static_cast<std::size_t>(token.end - token.begin));
        }
        QCOMPARE(joined, std::string("İLétaitlà"));
        QCOMPARE(tokeniser.tokeniseTexts(text)[0], std::string(lowercase ? "il" : "İ@@"));
    }
    QVERIFY(
        thrown([] { tokeniserOf(BpeCodes({"a b"})).tokenise("ab\xFF"); }, ErrorKind::Data).find("byte 2") !=
        std::string::npos);
    QVERIFY(
        thrown([] { tokeniserOf(BpeCodes({"a b"})).tokenise(std::string(10'001, 'a')); }, ErrorKind::Limit)
            .find("10000 characters") != std::string::npos);
}

void TestBpe::piecesGiveTheTextBack() {
    const Tokeniser tokeniser = tokeniserOf(BpeCodes({"t h", "th e</w>", "a n"}));
    const std::string text = "the man , an anthem .";
    QCOMPARE(tokeniser.detokenise(tokeniser.tokeniseTexts(text)), text);
    QCOMPARE(detokenise(TokeniserKind::Bpe, {"a@@", "b", "c@@"}), std::string("ab c"));
    const Tokeniser other = tokeniserOf(BpeCodes({"a b"}, BpeVersion::Together, "_"));
    QCOMPARE(other.detokenise({"a_", "b", "c@@"}), std::string("ab c@@"));
    QCOMPARE(other.wordsOfPieces({"a_", "b", "c@@"}), (std::vector<int>{0, 0, 1}));
}

void TestBpe::piecesKnowTheirWords() {
    const Tokeniser tokeniser = tokeniserOf(BpeCodes({"e r</w>", "l o"}));
    std::vector<int> words;
    for (const Token& token : tokeniser.tokenise(" lower  a ler ")) words.push_back(token.word);
    QCOMPARE(words, (std::vector<int>{0, 0, 0, 1, 2, 2}));
    QCOMPARE(wordsOfPieces(TokeniserKind::Bpe, {"lo@@", "w@@", "er", "a", "l@@", "er"}), words);
}

void TestBpe::filesOfCodes() {
    const std::string path = m_folder.filePath("codes").toStdString();
    const auto opened = [&](const std::string& text) {
        fixture::writeAll(path, text);
        return *BpeCodes::open(path);
    };
    const Texts merges{"t h", "th e</w>"};
    QVERIFY(opened("#version: 0.2\nt h\nth e</w>\n") == BpeCodes(merges));
    QVERIFY(opened("#version: 0.2.0\r\nt h\r\nth e</w>\r\n\r\n") == BpeCodes(merges));
    QVERIFY(opened("#version: 0.1\nt h \nth e</w>") == BpeCodes(merges, BpeVersion::Apart));
    QVERIFY(opened("t h\nth e</w>\n") == BpeCodes(merges, BpeVersion::Apart));
    QVERIFY(opened("t h 5120\nth e</w> 99\n") == BpeCodes(merges)); // fastBPE
    QVERIFY(opened("#version: 0.2\n1 2\n") == BpeCodes({"1 2"}));
    QVERIFY(opened("1 2\n") == BpeCodes({"1 2"}, BpeVersion::Apart));
    QVERIFY(opened("1 2 3\n") == BpeCodes({"1 2"}));
    QVERIFY(BpeCodes::open(path, "_")->separator() == "_");

    const auto refused = [&](const std::string& text, ErrorKind kind = ErrorKind::Data) {
        const std::string message = thrown([&] { opened(text); }, kind);
        return message.starts_with(path) ? message.substr(path.size()) : message;
    };
    QVERIFY(refused("").find("no BPE codes") != std::string::npos);
    QVERIFY(refused("#version: 0.2\n").find("no BPE codes") != std::string::npos);
    QVERIFY(refused("#version: 0.3\na b\n", ErrorKind::Unsupported).find("0.3; read are 0.1, 0.2") !=
            std::string::npos);
    QVERIFY(refused("#version: 0.2\na b\nabc\n").find(", line 3: expected a merge") == 0);
    QVERIFY(refused("#version: 0.2\na b 7\n").find(", line 2: expected a merge") == 0);
    QVERIFY(refused("a b\na b c\n").find(", line 2: ") == 0);
    QVERIFY(refused("a b 5\nc d\n").find(", line 2: ") == 0);
    QVERIFY(refused("a b\n\nc d\n").find(", line 3: ") == 0);
    QVERIFY(refused("a \xFF\n").find(", line 1: ") == 0);
    QVERIFY(thrown([&] { BpeCodes::open(path + "none"); }, ErrorKind::Data).find("none") !=
            std::string::npos);
}

void TestBpe::malformedCodesAreTold() {
    for (const char* merge : {"", "a", "a ", " b", "a  b", "a b c"})
        QVERIFY2(thrown(
                     [&] {
                         BpeCodes({"x y", merge});
                     },
                     ErrorKind::Data)
                         .find("merge 1 is") != std::string::npos,
                 merge);
    QVERIFY(thrown([] { BpeCodes({"a b"}, BpeVersion::Together, ""); }, ErrorKind::Data).find("separator") !=
            std::string::npos);
    QVERIFY(
        thrown([] { BpeCodes({"a b"}, BpeVersion::Together, "@ @"); }, ErrorKind::Data).find("separator") !=
        std::string::npos);
    QVERIFY(thrown([] { BpeCodes(Texts(mostBpeMerges + 1, "a b")); }, ErrorKind::Limit).find("at most") !=
            std::string::npos);
    QVERIFY(thrown([] { Tokeniser(TokeniserKind::Bpe); }, ErrorKind::Argument).find("needs BPE codes") !=
            std::string::npos);
    const auto codes = std::make_shared<const BpeCodes>(Texts{"a b"});
    QVERIFY(thrown([&] { Tokeniser(TokeniserKind::Words, false, nullptr, codes); }, ErrorKind::Argument)
                .find("BPE codes") != std::string::npos);
    const auto faultsOf = [](const std::string& json) {
        Findings faults;
        const bool refused = !codesFromJson(nlohmann::json::parse(json), "c", faults);
        return refused ? toText(faults, "") : "nothing was refused";
    };
    QVERIFY(faultsOf(R"({"merges": ["ab"]})").find("c: BPE merge 0") == 0);
    QVERIFY(faultsOf(R"({"merges": [1]})").find("c.merges[0]: expected text") == 0);
    QVERIFY(faultsOf(R"({"version": "0.3", "merges": []})").find("c.version: expected one of 0.1, 0.2") == 0);
    QVERIFY(faultsOf(R"({"separator": "", "merges": []})").find("separator") != std::string::npos);
    QVERIFY(faultsOf(R"({"codes": []})").find("unknown field") != std::string::npos);
    QVERIFY(faultsOf("[]").find("expected an object") != std::string::npos);
}

void TestBpe::aModelFileKeepsItsCodes() {
    const std::string path = m_folder.filePath("codes.safetensors").toStdString();
    const Texts merges{"l o", "e r</w>", "lo w</w>", "é é"};
    for (const BpeVersion version : {BpeVersion::Apart, BpeVersion::Together}) {
        const auto codes = std::make_shared<const BpeCodes>(merges, version);
        const Model model = bpeModel(codes);
        saveModel(model, path, StoredType::F32);
        const ModelPtr again = openModel(path);
        QVERIFY(again->pieces().sourceCodes && !again->pieces().targetCodes && !again->pieces().source);
        QVERIFY(*again->pieces().sourceCodes == *codes);
        QCOMPARE(again->card(), model.card());
    }
    const ModelPtr model = openModel(path);
    Recipe recipe;
    recipe.source = "lower low new";
    recipe.maxSteps = 2;
    const TracePtr trace = run(*model, recipe);
    Texts texts;
    std::vector<int> words, known;
    for (const Position& token : trace->axes[0].positions) {
        texts.push_back(token.text);
        words.push_back(token.word);
        known.push_back(token.role != TokenRole::Unknown);
    }
    QCOMPARE(texts, (Texts{"lo@@", "w@@", "er", "low", "n@@", "e@@", "w", "</s>"}));
    QCOMPARE(words, (std::vector<int>{0, 0, 0, 1, 2, 2, 2, -1}));
    QCOMPARE(known, (std::vector<int>{1, 1, 1, 1, 1, 0, 0, 1}));

    const std::string whole = fixture::readAll(path);
    const auto opened = [&](const std::string& from, const std::string& to) {
        std::string changed = whole;
        changed.replace(changed.find(from), from.size(), to);
        fixture::writeAll(path, changed);
        return thrown([&] { openModel(path); }, ErrorKind::Data);
    };
    QVERIFY(opened("source_codes", "sourceXcodes").find("source_codes: is missing") != std::string::npos);
    QVERIFY(opened("l o", "lXo").find("source_codes: BPE merge 0 is \"lXo\"") != std::string::npos);
    const auto misfit = [&](TokeniserKind kind, const BpeCodesPtr& codes) {
        return thrown(
            [&] {
                ModelCard card = model->card();
                card.sourceTokeniser = kind;
                SidePieces pieces;
                pieces.sourceCodes = codes;
                Model(card, model->spec(), model->sourceVocabulary(), model->targetVocabulary(),
                      model->parameters(), std::nullopt, pieces);
            },
            ErrorKind::Data);
    };
    QVERIFY(misfit(TokeniserKind::Bpe, nullptr).find("source_codes: is missing") != std::string::npos);
    QVERIFY(misfit(TokeniserKind::Spaces, model->pieces().sourceCodes)
                .find("source_codes: stands beside the tokeniser spaces") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestBpe)
#include "test_bpe.moc"
