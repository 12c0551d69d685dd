// SPDX-License-Identifier: GPL-3.0-or-later
// Vocabularies as toolkits write them become tokens by id; what does not fit is told with its line.
#include <QtTest>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/io/vocabulary_file.h"
#include "core/text/vocabulary.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

namespace {

const std::string shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures/";

Texts tokensOf(std::string_view text, VocabularyStyle style) {
    const VocabularyFile found = readVocabulary(text, "t");
    QTest::qVerify(found.style == style, "style", std::string(toText(found.style)).c_str(), __FILE__,
                   __LINE__);
    QTest::qVerify(found.findings.empty(), "no findings", toText(found.findings).c_str(), __FILE__, __LINE__);
    return found.tokens;
}

std::string thrown(const std::function<void()>& act, ErrorKind kind = ErrorKind::Data) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

Texts linesOf(const std::string& path) {
    const std::string text = fixture::readAll(path);
    Texts lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

} // namespace

class TestVocabularyFile : public QObject {
    Q_OBJECT

private slots:
    void aTokenALine();
    void tokensWithCounts();
    void fairseqPutsItsOwnFirst();
    void yamlKeysAreWords();
    void jsonOfSeveralPrograms();
    void idsWithoutTokensGetNames();
    void whatStandsTwiceIsTold();
    void idsBeyondTheModelAreLeftOut();
    void aGivenStyleIsTaken();
    void malformedFilesAreTold_data();
    void malformedFilesAreTold();
    void everyPrefixIsReadOrRefused();
    void realFilesGiveTheirIds();

private:
    QTemporaryDir m_folder;
};

void TestVocabularyFile::aTokenALine() {
    // Other Unicode spaces, and a lone carriage return, are characters of tokens.
    QCOMPARE(tokensOf("<unk>\na\xC2\xA0"
                      "b\nc\xE2\x80\xA8"
                      "d\n\r\n \n",
                      VocabularyStyle::Lines),
             (Texts{"<unk>",
                    "a\xC2\xA0"
                    "b",
                    "c\xE2\x80\xA8"
                    "d",
                    "\r", " "}));
    QCOMPARE(tokensOf("<unk>\r\na\r\nb", VocabularyStyle::Lines), (Texts{"<unk>", "a", "b"}));
    QCOMPARE(tokensOf("\xEF\xBB\xBF<s>\n[\n]\n", VocabularyStyle::Lines), (Texts{"<s>", "[", "]"}));
    QCOMPARE(tokensOf("[PAD]\n{x}\n", VocabularyStyle::Lines), (Texts{"[PAD]", "{x}"}));
    QCOMPARE(tokensOf("[\n]\n", VocabularyStyle::Lines), (Texts{"[", "]"}));
    QCOMPARE(tokensOf("a\nb\n\n\n", VocabularyStyle::Lines), (Texts{"a", "b"}));
}

void TestVocabularyFile::tokensWithCounts() {
    QCOMPARE(tokensOf("the\t120\n,\t99\n\t\t3\n", VocabularyStyle::Counts), (Texts{"the", ",", "\t"}));
    QCOMPARE(tokensOf("<unk>\t0\n<s>\t0\n▁the\t-3.25\n▁\t-4e-05\n", VocabularyStyle::SentencePiece),
             (Texts{"<unk>", "<s>", "▁the", "▁"}));
}

void TestVocabularyFile::fairseqPutsItsOwnFirst() {
    QCOMPARE(tokensOf("the 120\n, 99\nmadeupword0000 0\n", VocabularyStyle::Fairseq),
             (Texts{"<s>", "<pad>", "</s>", "<unk>", "the", ",", "madeupword0000"}));
    const VocabularyFile own = readVocabulary("the 9\n<unk> 3 #fairseq:overwrite\na 1\n", "dict.txt");
    QVERIFY(own.style == VocabularyStyle::Fairseq);
    QCOMPARE(own.tokens, (Texts{"<s>", "<pad>", "</s>", "<unk>", "the", "<row 5>", "a"}));
    QCOMPARE(own.findings.size(), 1u);
    QCOMPARE(own.findings[0].where, std::string("dict.txt, line 2"));
}

void TestVocabularyFile::yamlKeysAreWords() {
    QCOMPARE(
        tokensOf(
            "</s>: 0\n<unk>: 1\non: 2\nno: 3\nnull: 5\n~: 4\n\",\": 6\n\"\\\"\": 7\n\"&apos;s\": 8\n2: 9\n"
            "été: 10\n\":\": 11\n? x y\n: 12\n",
            VocabularyStyle::Yaml),
        (Texts{"</s>", "<unk>", "on", "no", "~", "null", ",", "\"", "&apos;s", "2", "été", ":", "x y"}));
    QCOMPARE(readVocabulary("- a\n- null\n- no\n", "t", VocabularyStyle::Yaml).tokens,
             (Texts{"a", "null", "no"}));
}

void TestVocabularyFile::jsonOfSeveralPrograms() {
    const auto json = VocabularyStyle::Json;
    QCOMPARE(tokensOf("{\n  \"eos\": 0,\n  \"UNK\": 1,\n  \"caf\\u00e9\": 2\n}\n", json),
             (Texts{"eos", "UNK", "café"}));
    QCOMPARE(tokensOf("[\"<unk>\", \"a\"]", json), (Texts{"<unk>", "a"}));
    // The chatbot tutorial's vocabulary: the words of one map, all tokens in the other.
    QCOMPARE(tokensOf(R"({"name": "x", "word2index": {"hi": 3},
                          "index2word": {"0": "PAD", "1": "SOS", "2": "EOS", "3": "hi"}})",
                      VocabularyStyle::Json),
             (Texts{"PAD", "SOS", "EOS", "hi"}));
    QCOMPARE(tokensOf(R"({"word2index": {"SOS": 0, "tokens": 1}})", json), (Texts{"SOS", "tokens"}));
    QCOMPARE(tokensOf(R"({"SOS": 0, "tokens": 1, "itos": 2})", json), (Texts{"SOS", "tokens", "itos"}));
}

void TestVocabularyFile::idsWithoutTokensGetNames() {
    QCOMPARE(tokensOf("{\"the\": 1, \"<row 0>\": 3}", VocabularyStyle::Json),
             (Texts{"<row 0>*", "the", "<row 2>", "<row 0>"}));
    const VocabularyFile blank = readVocabulary("a\n\nb\n", "t");
    QCOMPARE(blank.tokens, (Texts{"a", "<row 1>", "b"}));
    QCOMPARE(blank.findings.size(), 1u);
    Texts tokens{"a", "<row 3>"};
    addMadeUpTokens(tokens, 4);
    QCOMPARE(tokens, (Texts{"a", "<row 3>", "<row 2>", "<row 3>*"}));
    addMadeUpTokens(tokens, 2);
    QCOMPARE(tokens.size(), 4u);
    // A stray id would cost rows for nothing.
    QVERIFY(thrown([] { readVocabulary("{\"a\": 0, \"b\": 900000}", "t"); }).find("900000 for 2 tokens") !=
            std::string::npos);
    QVERIFY(thrown([] { readVocabulary("{\"a\": 0, \"b\": 4000000000}", "t"); }, ErrorKind::Limit)
                .find("token \"b\"") != std::string::npos);
}

void TestVocabularyFile::whatStandsTwiceIsTold() {
    const VocabularyFile lines = readVocabulary("a\nb\na\n", "words.txt");
    QCOMPARE(lines.tokens, (Texts{"a", "b", "<row 2>"}));
    QCOMPARE(lines.findings.size(), 1u);
    QVERIFY(lines.findings[0].severity == Severity::Warning);
    QCOMPARE(lines.findings[0].where, std::string("words.txt, line 3"));
    const VocabularyFile ids = readVocabulary("a: 0\nb: 1\nc: 1\n", "t");
    QCOMPARE(ids.tokens, (Texts{"a", "b"}));
    QCOMPARE(ids.findings.size(), 1u);
    QVERIFY(ids.findings[0].text.find("\"c\" has the id of \"b\"") != std::string::npos);
    std::string same;
    for (int i = 0; i < 1000; ++i) same += "a\n";
    const VocabularyFile many = readVocabulary(same, "t");
    QCOMPARE(many.tokens.size(), 1000u);
    QVERIFY(many.findings.size() <= 21);
    QVERIFY(many.findings.back().text.find("979 more") != std::string::npos);
    Vocabulary(many.tokens); // has no faults
}

void TestVocabularyFile::idsBeyondTheModelAreLeftOut() {
    const VocabularyFile found = readVocabulary("</s>: 0\n<unk>: 1\na: 2\nb: 900000\nc: 3\n", "t", {}, 3);
    QCOMPARE(found.tokens, (Texts{"</s>", "<unk>", "a"}));
    QCOMPARE(found.findings.size(), 1u);
    QVERIFY(found.findings[0].text.find("2 tokens from id 3 on") != std::string::npos);
}

void TestVocabularyFile::aGivenStyleIsTaken() {
    QCOMPARE(readVocabulary("a 1\nb 2\n", "t", VocabularyStyle::Lines).tokens, (Texts{"a 1", "b 2"}));
    QCOMPARE(readVocabulary("a\t1\nb\t2\n", "t", VocabularyStyle::Lines).tokens, (Texts{"a\t1", "b\t2"}));
    QCOMPARE(readVocabulary("a: 1\n", "t", VocabularyStyle::Fairseq).tokens.back(), std::string("a:"));
    QVERIFY(thrown([] { readVocabulary("a\n", "t", VocabularyStyle::Counts); }).find("line 1") !=
            std::string::npos);
    QVERIFY(thrown([] { readVocabulary("\n", "t", VocabularyStyle::Fairseq); }).find("holds no tokens") !=
            std::string::npos);
    for (const auto& [style, name] : EnumNames<VocabularyStyle>::names)
        QVERIFY(fromText<VocabularyStyle>(name) == style);
}

void TestVocabularyFile::malformedFilesAreTold_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, QByteArray text, const char* message) {
        QTest::newRow(name) << text << message;
    };
    row("empty", "", "holds no tokens");
    row("blank lines", "\n\n\n", "holds no tokens");
    row("not UTF-8", "a\ncaf\xE9\n", "line 2: is not UTF-8");
    row("zero bytes", QByteArray("a\n\0b\n", 5), "line 2: holds a zero byte");
    row("fairseq without count", "a 1\nb 2\nc\n",
        "line 3: expected a token, a blank and its count, found \"c\"");
    row("fairseq with a fraction", "a 1\nb 2\nc 3.5\n", "line 3: expected a token");
    row("count", "a\t1\nb\t2\nc\n", "line 3: expected a token, a TAB and its count, found \"c\"");
    row("score", "a\t-1.5\nb\t2\nc\tx\n", "line 3: expected a token, a TAB and its score");
    row("yaml id", "a: 0\nb: 1\nc: x\n", "token \"c\": expected an id, a whole number from 0, found \"x\"");
    row("yaml negative", "a: 0\nb: 1\nc: -1\n", "found \"-1\"");
    row("yaml twice", "a: 0\nb: 1\na: 2\n", "line 3, column 1: the key \"a\" stands twice");
    row("yaml nested", "a: 0\nb: 1\nc: [1]\n", "list or mapping");
    row("yaml syntax", "a: 0\nb: 1\n]: 2\n", "t, line 3");
    row("json cut off", "{\"a\": 0, \"b\"", "not valid JSON");
    row("json twice", "{\"a\": 0, \"a\": 1}", "stands twice");
    row("json real", "{\"a\": 0.5}", "token \"a\": expected an id, a whole number from 0, found 0.5");
    row("json negative", "{\"a\": -1}", "found -1");
    row("json large", "{\"a\": 18446744073709551615}", "found 18446744073709551615");
    row("json list", "[\"a\", 3]", "item 1: expected a token, found 3");
    row("json key", "{\"x\": \"a\"}", "expected an id, a whole number from 0, found \"x\"");
    row("json deep", "[\"" + QByteArray("a\",[\"").repeated(100), "deep");
}

void TestVocabularyFile::malformedFilesAreTold() {
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    const std::string path = m_folder.filePath("t").toStdString();
    fixture::writeAll(path, text.toStdString());
    const std::string found = thrown([&] { readVocabularyFile(path); });
    QVERIFY2(QString::fromStdString(found).contains(message), found.c_str());
    QVERIFY2(QString::fromStdString(found).startsWith(QString::fromStdString(path)), found.c_str());
}

void TestVocabularyFile::everyPrefixIsReadOrRefused() {
    const Texts files{"</s>: 0\n\"\\u00e9\": 1\n? \"x\"\n: 2\n",
                      "{\"index2word\": {\"0\": \"PAD\", \"1\": \"\\ud83d\\ude00\"}}",
                      "the 120\n<s> 3 #fairseq:overwrite\n", "é\t-1.5\n\xE2\x96\x81\t-2\n"};
    for (const std::string& file : files)
        for (std::size_t size = 0; size < file.size(); ++size)
            for (const int flip : {0, 1, 128}) {
                std::string text = file.substr(0, size);
                if (size > 0) text[size / 2] = static_cast<char>(text[size / 2] ^ flip);
                try {
                    const VocabularyFile found = readVocabulary(text, "t");
                    if (found.tokens.size() >= 4) Vocabulary(found.tokens); // throws if it has faults
                } catch (const Error& error) {
                    QVERIFY2(std::string(error.what()).starts_with("t"), error.what());
                }
            }
}

void TestVocabularyFile::realFilesGiveTheirIds() {
    if (!QFile::exists(QString::fromStdString(shared + "README.md"))) QSKIP("skipped: no real files beside");
    for (const char* name : {"opennmt-py/brnn-lstm2-general/src_vocab.by-id.txt",
                             "opennmt-py/brnn-lstm2-general/tgt_vocab.by-id.txt",
                             "opennmt-py/v120-rnn-lstm2-general-nofeed/src_vocab.by-id.txt",
                             "joeynmt/gru1-bahdanau/src_vocab.txt", "joeynmt/gru1-bahdanau/trg_vocab.txt"}) {
        const VocabularyFile found = readVocabularyFile(shared + name);
        QVERIFY(found.style == VocabularyStyle::Lines && found.findings.empty());
        QCOMPARE(found.tokens, linesOf(shared + name));
    }
    for (const char* name : {"dict.en.txt", "dict.fr.txt"}) {
        const std::string path = shared + "fairseq/lstm2-bidir/" + name;
        const VocabularyFile found = readVocabularyFile(path);
        const Texts lines = linesOf(path);
        QVERIFY(found.style == VocabularyStyle::Fairseq && found.findings.empty());
        QCOMPARE(found.tokens.size(), lines.size() + 4);
        for (std::size_t i = 0; i < lines.size(); ++i)
            QVERIFY(lines[i].starts_with(found.tokens[i + 4] + " "));
    }
    for (const char* name :
         {"s2s-gru-enfr/vocab.en.yml", "s2s-gru-enfr/vocab.fr.yml",
          "s2s-lstm2-ln-skip-tied-ende/vocab.de.yml", "tiny-nematus-ln-ende/vocab.en.yml"}) {
        const std::string path = shared + "marian/" + name;
        const VocabularyFile found = readVocabularyFile(path);
        QVERIFY(found.style == VocabularyStyle::Yaml && found.findings.empty());
        const Texts lines = linesOf(path);
        QCOMPARE(found.tokens.size(), lines.size());
        for (std::size_t id = 0; id < lines.size(); ++id) { // Marian writes its ids in order
            const std::string& token = found.tokens[id];
            QVERIFY2(lines[id] == token + ": " + std::to_string(id) ||
                         lines[id] == "\"" + token + "\": " + std::to_string(id),
                     lines[id].c_str());
        }
    }
    // What the references say of words and their ids.
    for (const auto& [folder, source, target] :
         {std::tuple{"fairseq/lstm2-bidir/", "dict.en.txt", "dict.fr.txt"},
          std::tuple{"joeynmt/gru1-bahdanau/", "src_vocab.txt", "trg_vocab.txt"}}) {
        const Vocabulary words[] = {Vocabulary(readVocabularyFile(shared + folder + source).tokens),
                                    Vocabulary(readVocabularyFile(shared + folder + target).tokens)};
        const auto reference =
            nlohmann::json::parse(fixture::readAll(shared + folder + "reference.json"))["sentences"];
        int compared = 0;
        for (const auto& sentence : reference)
            for (const auto& [tokens, ids, side] :
                 {std::tuple{sentence["src_tokens"], sentence["src_ids"], 0},
                  std::tuple{sentence["greedy"]["tokens"], sentence["greedy"]["ids"], 1}})
                for (std::size_t i = 0; i < tokens.size(); ++i, ++compared)
                    if (words[side].contains(tokens[i].get<std::string>()))
                        QCOMPARE(words[side].id(tokens[i].get<std::string>()), ids[i].get<int>());
        QVERIFY(compared > 500);
    }
}

QTEST_GUILESS_MAIN(TestVocabularyFile)
#include "test_vocabulary_file.moc"
