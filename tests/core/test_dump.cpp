// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <sstream>

#include "core/io/dump/dump.h"
#include "core/measure/attention_measures.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

using Words = std::vector<std::string>;
const char* const shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures/marian/";

/// Splits at a character, by the standard library alone.
Words split(const std::string& text, char at) {
    Words parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
    return parts;
}

DumpOptions as(DumpFormat format) {
    DumpOptions options;
    options.format = format;
    return options;
}

/// A .npy file of version 1: `type` as NumPy names it, the shape as a tuple, the elements.
std::string npy(const std::string& type, const std::string& shape, const std::string& elements) {
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header.resize((header.size() + 11) / 64 * 64 + 64 - 11, ' ');
    header += '\n';
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() & 0xFF) +
           static_cast<char>(header.size() >> 8) + header + elements;
}

std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Texts as NumPy stores them: UTF-32, filled up with zeros.
std::string utf32(const Words& texts, std::size_t length) {
    std::string bytes;
    for (const std::string& text : texts)
        for (std::size_t i = 0; i < length; ++i)
            bytes += {i < text.size() ? text[i] : '\0', '\0', '\0', '\0'};
    return bytes;
}

std::string little(std::uint64_t number, int bytes) {
    return fixture::littleEndian(number).substr(0, std::size_t(bytes));
}

/// A zip archive of stored files.
std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string archive, directory;
    for (const auto& [name, content] : files) {
        std::uint32_t crc = 0xFFFFFFFFU;
        for (const char c : content) {
            crc ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1U ? 0xEDB88320U : 0U);
        }
        const std::string about = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) +
                                  little(0x21, 2) + little(~crc, 4) + little(content.size(), 4) +
                                  little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + about + little(0, 2) + little(0, 2) + little(0, 2) +
                     little(0, 4) + little(archive.size(), 4) + name;
        archive += "PK\x03\x04" + about + name + content;
    }
    const std::size_t start = archive.size();
    return archive + directory + "PK\x05\x06" + little(0, 4) + little(files.size(), 2) +
           little(files.size(), 2) + little(directory.size(), 4) + little(start, 4) + little(0, 2);
}

} // namespace

class TestDump : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string write(const std::string& text, const char* name = "dump") {
        const std::string path = m_folder.filePath(QLatin1String(name)).toStdString();
        fixture::writeAll(path, text);
        return path;
    }
    DumpPtr read(const std::string& text, const DumpOptions& options = {}) {
        return readDump(write(text), options);
    }
    /// The message and kind of the refusal; an empty message if there was none.
    std::pair<std::string, ErrorKind> refusal(const std::string& text, const DumpOptions& options = {}) {
        try {
            read(text, options);
        } catch (const Error& error) {
            return {error.what(), error.kind()};
        }
        return {"", ErrorKind::Bug};
    }
    void expectRefused(const std::string& text, const DumpOptions& options, ErrorKind kind,
                       const std::vector<std::string>& parts) {
        const auto [message, found] = refusal(text, options);
        QCOMPARE(int(found), int(kind));
        for (const std::string& part : parts)
            QVERIFY2(message.find(part) != std::string::npos, (part + "  is not in:  " + message).c_str());
    }
    /// The field that is asked for; nothing if the dump is read or refused otherwise.
    std::optional<DumpField> asked(const std::string& text, const DumpOptions& options = {}) {
        try {
            read(text, options);
        } catch (const DumpQuestion& question) {
            return question.field();
        } catch (const Error&) {
        }
        return std::nullopt;
    }
    static bool states(const Dump& dump, const std::string& part) {
        for (const std::string& statement : dump.statements)
            if (statement.find(part) != std::string::npos) return true;
        return false;
    }
    static std::vector<float> numbers(const Matrix<float>& map) { return {map.begin(), map.end()}; }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void marianLinesHoldARowForEachTargetWord() {
        DumpOptions options;
        options.source = write("the cat\nit\n", "src");
        const DumpPtr dump =
            read("le chat ||| 0.7,0.2,0.1 0.1,0.8,0.1 0,0.25,0.75\nil ||| 0.5,0.5 1,0\n", options);
        QCOMPARE(dump->format, DumpFormat::Marian);
        QCOMPARE(dump->sentences.size(), std::size_t(2));
        const DumpSentence& first = dump->sentences[0];
        QVERIFY((first.source == Words{"the", "cat", "</s>"}) &&
                (first.target == Words{"le", "chat", "</s>"}));
        QVERIFY(first.sourceEnd && first.targetEnd);
        QVERIFY((numbers(first.heads[0]) ==
                 std::vector<float>{0.7F, 0.2F, 0.1F, 0.1F, 0.8F, 0.1F, 0, 0.25F, 0.75F}));
        QVERIFY(states(*dump, "Rows are target words") &&
                states(*dump, "last column is the source's end symbol"));
        QVERIFY(dump->findings.empty());
    }

    void wordsThatAreNotKnownAreNumberedAndSaidSo() {
        const DumpPtr dump = read("0.7,0.3 0.4,0.6\n");
        QVERIFY((dump->sentences[0].source == Words{"1", "</s>"}));
        QVERIFY(!dump->sentences[0].sourceKnown && !dump->sentences[0].targetKnown);
        QCOMPARE(dump->findings.size(), std::size_t(2));
        QCOMPARE(dump->findings[0].where, std::string("source words"));
    }

    void nBestLinesNameTheirSentence() {
        DumpOptions options;
        options.source = write("a b\nc\n", "src");
        const DumpPtr dump = read(
            "0 ||| x ||| 0.5,0.25,0.25 0,0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n"
            "1 ||| y ||| 1,0 0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n"
            "1 ||| z w ||| 1,0 0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n",
            options);
        QCOMPARE(dump->sentences[1].name, std::string("2, hypothesis 1"));
        QVERIFY((dump->sentences[2].source == Words{"c", "</s>"}));
        // Two rows for two words: this search was cut short, and its last row is no end symbol.
        QVERIFY(dump->sentences[1].targetEnd && !dump->sentences[2].targetEnd);
        QVERIFY(states(*dump, "but for sentences that were ended without one"));
    }

    void hardAlignmentsAreLinks() {
        DumpOptions options;
        options.source = write("a b\n", "src");
        const DumpPtr dump = read("x y ||| 0-0 0-1 2-2\n", options);
        QVERIFY((numbers(dump->sentences[0].heads[0]) == std::vector<float>{1, 0, 0, 1, 0, 0, 0, 0, 1}));
        QVERIFY(dump->sentences[0].targetEnd && dump->sentences[0].gold.empty());
        // OpenNMT-py's have no link of an end symbol, so none is added.
        const DumpPtr without = read("x y ||| 1-0 0-1\n", options);
        QVERIFY((numbers(without->sentences[0].heads[0]) == std::vector<float>{0, 1, 1, 0}));
        QVERIFY(!without->sentences[0].targetEnd);
        const DumpPtr tabbed = read("x y\t1-0 0-1\n", options);
        QVERIFY(tabbed->sentences[0].heads[0] == without->sentences[0].heads[0]);
    }

    void orientationIsToldByTheWordsOrAskedFor() {
        DumpOptions options;
        options.source = write("a b c d\n", "src");
        // Four source words and an end symbol can only be five columns; said to be rows, it is refused.
        const std::string text = "x ||| 1,0,0,0,0 0,0,0,0,1\n";
        QCOMPARE(read(text, options)->sentences[0].heads[0].cols(), 5);
        options.rows = DumpRows::Source;
        expectRefused(text, options, ErrorKind::Argument,
                      {"rows cannot be source words", "2 rows and 5 columns"});
        options.rows = DumpRows::Target;
        options.source = write("a b\n", "src");
        expectRefused(text, options, ErrorKind::Data, {"2 source words", "neither orientation"});
        // The other way round: five rows of two columns are turned.
        options = {};
        options.source = write("a b c d\n", "src");
        const DumpPtr turned = read("x ||| 1,0 0,0 0,0 0,0 0,1\n", options);
        QVERIFY(states(*turned, "Rows are source words: the numbers of words fit no other way"));
        QVERIFY((numbers(turned->sentences[0].heads[0]) == std::vector<float>{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    }

    void whatIsStatedIsHeldAgainstTheFile() {
        DumpOptions options;
        options.source = write("a b\n", "src");
        options.end = DumpEnd::None;
        expectRefused("x ||| 1,0,0 0,0,1\n", options, ErrorKind::Argument,
                      {"has to be the target's end symbol"});
        options.end = DumpEnd::Both;
        QVERIFY(states(*read("x ||| 1,0,0 0,0,1\n", options), "end symbol: as stated"));
        options.source = write("a\nb\n", "src");
        expectRefused("x ||| 1,0 0,1\ny ||| 1,0,0 0,0,1\n", options, ErrorKind::Data, {"line 2"});
        options.source = write("a\n", "src");
        expectRefused("x ||| 1,0 0,1\ny ||| 1,0 0,1\n", options, ErrorKind::Argument,
                      {"has 1 line", "line 2"});
    }

    void pharaohLinksAskForTheirBase() {
        QVERIFY(asked("1-1 2p3\n") == DumpField::Base);
        DumpOptions options;
        options.base = 1;
        const DumpPtr dump = read("1-1 2?3 3p3\n", options);
        QCOMPARE(dump->format, DumpFormat::Pharaoh);
        const DumpSentence& sentence = dump->sentences[0];
        QVERIFY((sentence.gold == std::vector<GoldLink>{{0, 0, true}, {1, 2, false}, {2, 2, false}}));
        QVERIFY((numbers(sentence.heads[0]) == std::vector<float>{1, 0, 0, 0, 0, 0, 0, 1, 1}));
        QVERIFY(states(*read("0-0 1-1\n"), "Links count from 0: the position 0 occurs"));
        expectRefused("0-0\n", options, ErrorKind::Argument, {"line 1", "position 0"});
    }

    void linksPastTheWordsNameTheOrderThatFits() {
        DumpOptions options;
        options.source = write("a b c d e\n", "src");
        options.target = write("x y\n", "tgt");
        expectRefused("0-4 1-3\n", options, ErrorKind::Data,
                      {"line 1: link 0-4", "5 source words", "target position first"});
        options.rows = DumpRows::Target;
        QCOMPARE(read("0-4 1-3\n", options)->sentences[0].heads[0](0, 4), 1.0F);
        options.rows = {};
        expectRefused("0-9\n", options, ErrorKind::Data, {"link 0-9"});
    }

    void talpLinesAreGathered() {
        const DumpPtr dump = read("1 1 1 S\n1 2 3 P\n3 1 2 S\n");
        QCOMPARE(dump->format, DumpFormat::Talp);
        QCOMPARE(dump->sentences.size(), std::size_t(2));
        QCOMPARE(dump->sentences[1].name, std::string("3"));
        QVERIFY((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 2, false}}));
    }

    void openNmtTablesGetTheirWholeWordsBack() {
        const std::string table =
            "                  the    extraor        cat \n"
            "        le *0.9000000  0.0600000  0.0400000 \n"
            "extraordin  0.1000000 *0.8500000  0.0500000 \n"
            "      </s>  0.0000000  0.2500000 *0.7500000 \n";
        const DumpPtr cut = read(table);
        QCOMPARE(cut->format, DumpFormat::OpenNmt);
        QVERIFY((cut->sentences[0].source == Words{"the", "extraor", "cat"}));
        QVERIFY(!cut->sentences[0].sourceEnd && cut->sentences[0].targetEnd);
        QCOMPARE(cut->findings.at(0).where, std::string("words"));
        QVERIFY((numbers(cut->sentences[0].heads[0]) ==
                 std::vector<float>{0.9F, 0.06F, 0.04F, 0.1F, 0.85F, 0.05F, 0, 0.25F, 0.75F}));
        const DumpPtr whole = read(
            "\nSENT 1: ['the', \"extraordinary\", 'cat']\nPRED 1: le extraordinaire\n"
            "PRED SCORE: -1.0\n[2026-01-02 03:04:05,678 INFO] " +
            table);
        QVERIFY((whole->sentences[0].source == Words{"the", "extraordinary", "cat"}));
        QVERIFY((whole->sentences[0].target == Words{"le", "extraordinaire", "</s>"}));
        QVERIFY(whole->findings.empty());
    }

    void fairseqLinesBelongTogether() {
        const std::string words =
            "2026 | INFO | loaded\nS-7\tthe cat\nT-7\tle chat\nH-7\t-0.5\tle chat\nD-7\t-0.5\tle chat\n"
            "P-7\t-0.1 -0.2 -0.3\n";
        const DumpPtr soft = read(words + "A-7\t0.700000,0.200000,0.100000 0.1,0.8,0.1 0.0,0.1,0.9\n");
        QCOMPARE(soft->format, DumpFormat::Fairseq);
        QCOMPARE(soft->sentences[0].name, std::string("7"));
        QCOMPARE(soft->sentences[0].heads[0](0, 0), 0.7F);
        QVERIFY(soft->sentences[0].sourceEnd && soft->sentences[0].targetEnd);
        const DumpPtr hard = read(words + "A-7\t1-0 0-1\n");
        QVERIFY((numbers(hard->sentences[0].heads[0]) == std::vector<float>{0, 1, 1, 0}));
        expectRefused(words + "A-7\t2-0\n", {}, ErrorKind::Data, {"one past the words"});
        DumpOptions options;
        options.format = DumpFormat::Fairseq;
        expectRefused(words, options, ErrorKind::Data, {"--print-alignment"});
    }

    void nematusWritesARowATargetWordAndSockeyeASourceWord() {
        const DumpPtr nematus = read(
            "0 ||| le chat ||| -1.5 ||| the cat ||| 3 3\n0.7 0.2 0.1\n0.1 0.8 0.1\n0 0.1 0.9\n\n"
            "1 ||| x ||| -1 ||| a ||| 2 2\n1 0\n0 1\n\n");
        QCOMPARE(nematus->format, DumpFormat::Nematus);
        QCOMPARE(nematus->sentences.size(), std::size_t(2));
        QCOMPARE(nematus->sentences[0].heads[0](0, 1), 0.2F);
        const DumpPtr sockeye = read("1 ||| le chat ||| -0.5 ||| the cat ||| 2 ||| 2\n0.9 0.4\n0.1 0.6\n\n");
        QCOMPARE(sockeye->format, DumpFormat::Sockeye);
        QCOMPARE(sockeye->sentences[0].heads[0](0, 1), 0.1F);
        QVERIFY(states(*sockeye, "Rows are source words: so the format has it"));
        expectRefused("0 ||| a ||| -1 ||| b ||| 2 2\n1 0\n0 1 1\n", {}, ErrorKind::Data, {"row 2 has 3"});
    }

    void nematusJsonIsReadInBothForms() {
        const DumpPtr matrix = read(
            "{\"matrix\": [[0.75, 0.25], [0, 1]], \"source_sent\": \"the\", "
            "\"target_sent\": \"le\", \"id\": 4, \"prob\": 0}\n"
            "{\"matrix\": [[1, 0], [0, 1]], \"source_sent\": \"a\", \"target_sent\": \"b\", \"id\": 5}\n");
        QCOMPARE(matrix->format, DumpFormat::NematusJson);
        QCOMPARE(matrix->sentences[1].name, std::string("5"));
        QCOMPARE(matrix->sentences[0].heads[0](0, 0), 0.75F);
        const DumpPtr links = read(
            "[[\"le\", \"the\", \"0.75\", 0, 0], [\"le\", \"</s>\", \"0.25\", 0, 0],\n"
            " [\"</s>\", \"the\", \"0\", 0, 0], [\"</s>\", \"</s>\", \"1\", 0, 0]]\n");
        QVERIFY(links->sentences[0].heads[0] == matrix->sentences[0].heads[0]);
        QVERIFY((links->sentences[0].source == Words{"the", "</s>"}) && links->sentences[0].sourceEnd);
        expectRefused("[[\"le\", \"the\", \"0.75\", 0, 0], [\"la\", \"</s>\", \"0.25\", 0, 0]]", {},
                      ErrorKind::Data, {"line 1, link 2"});
    }

    void sockeyeBoxesHoldSureAndPossibleLinks() {
        const DumpPtr dump = read(
            "  ------\n |(*)    | the\n |   (?) | cat\n  ------\n   l  c \n   e  h \n      a \n      t \n\n");
        QCOMPARE(dump->format, DumpFormat::SockeyeText);
        QVERIFY((dump->sentences[0].source == Words{"the", "cat"}) &&
                (dump->sentences[0].target == Words{"le", "chat"}));
        QVERIFY((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 1, false}}));
        expectRefused("  ------\n |(*)(x) | the\n  ------\n   l  c \n", {}, ErrorKind::Data,
                      {"line 2, column 2"});
    }

    void neatVisionHasOneRowAText() {
        const DumpPtr dump = read(
            "[{\"text\": [\"so\", \"good\"], \"label\": 1, \"prediction\": 1, \"posterior\": [0.1], "
            "\"attention\": [0.25, 0.75, 0.0], \"id\": \"s1\"}]");
        QCOMPARE(dump->format, DumpFormat::NeatVision);
        QVERIFY((numbers(dump->sentences[0].heads[0]) == std::vector<float>{0.25F, 0.75F}));
        QVERIFY((dump->sentences[0].target == Words{"prediction 1"}));
        expectRefused("[{\"text\": [\"so\"], \"attention\": [0.5, 0.5]}]", {}, ErrorKind::Data,
                      {"weight 2 is not 0"});
    }

    void bertVizHasLayersAndHeads() {
        const DumpPtr dump = read(
            "{\"attention\": [{\"name\": \"Cross\", \"left_text\": [\"le\", \"chat\"], "
            "\"right_text\": [\"the\", \"old\", \"cat\"], \"attn\": "
            "[[[[1,0,0],[0,0,1]],[[0,1,0],[0,1,0]]], [[[0,0,1],[1,0,0]],[[0,0,1],[0,1,0]]]]}], "
            "\"default_filter\": \"0\"}");
        QCOMPARE(dump->format, DumpFormat::BertViz);
        QCOMPARE(dump->sentences.size(), std::size_t(2));
        QCOMPARE(dump->sentences[1].name, std::string("Cross, layer 2"));
        QCOMPARE(dump->sentences[0].heads.size(), std::size_t(2));
        QCOMPARE(dump->sentences[0].heads[0](1, 2), 1.0F);
        const DumpPtr plain = read("{\"tokens\": [\"a\", \"b\"], \"attention\": [[0.5, 0.5], [0.25, 0.75]]}");
        QCOMPARE(plain->sentences[0].heads[0](1, 0), 0.25F);
    }

    void aRunsOwnJsonComesBack() {
        const DumpPtr dump = read(
            "{\"model\": \"m\", \"source_text\": \"a b\", \"source\": [\"a\", \"b\", \"</s>\"], "
            "\"source_known\": [true, true, true], \"target\": [\"x\", \"</s>\"], "
            "\"weights\": [[[0.5, 0.25, 0.25], [0, 0, 1]]]}");
        QCOMPARE(dump->format, DumpFormat::Native);
        QVERIFY(dump->sentences[0].sourceEnd && dump->sentences[0].targetEnd);
        QCOMPARE(dump->sentences[0].heads[0](0, 0), 0.5F);
    }

    void numpyArraysAskForWhatTheyDoNotSay() {
        const std::string square = npy("<f4", "(2, 2)", floats({0.75F, 0.25F, 0.5F, 0.5F}));
        QVERIFY(looksLikeDump(write(square)));
        DumpOptions options;
        options.source = write("a b\n", "src");
        options.target = write("x y\n", "tgt");
        QVERIFY(asked(square, options) == DumpField::Rows);
        QVERIFY2(refusal(square, options).first.find("each row sums to 1") != std::string::npos,
                 refusal(square, options).first.c_str());
        options.rows = DumpRows::Target;
        QCOMPARE(read(square, options)->sentences[0].heads[0](0, 1), 0.25F);
        options.rows = DumpRows::Source;
        QCOMPARE(read(square, options)->sentences[0].heads[0](0, 1), 0.5F);
        options.source.clear();
        QVERIFY(asked(square, options) == DumpField::End);

        const std::string cube = npy("<f4", "(2, 1, 2)", floats({0.75F, 0.25F, 0.5F, 0.5F}));
        options = {};
        options.rows = DumpRows::Target;
        options.end = DumpEnd::None;
        QVERIFY(asked(cube, options) == DumpField::Axis);
        options.axis = DumpAxis::Heads;
        QCOMPARE(read(cube, options)->sentences[0].heads.size(), std::size_t(2));
        QCOMPARE(read(cube, options)->sentences[0].heads[1](0, 0), 0.5F);
        options.axis = DumpAxis::Sentences;
        QCOMPARE(read(cube, options)->sentences.size(), std::size_t(2));
        expectRefused(npy("<f4", "(1, 2)", floats({-1, 2})), options, ErrorKind::Data,
                      {"number 1", "from 0 on"});
        expectRefused(npy("<f4", "(4,)", floats({1, 2, 3, 4})), options, ErrorKind::Data,
                      {"two to four axes"});
    }

    void aBatchIsCutToEachSentencesWords() {
        // Two sentences in one array: the second has one word and an end symbol a side.
        const std::string batch = npy("<f4", "(2, 2, 3)", floats({1, 0, 0, 0, 0, 1, 0.5F, 0.5F, 0, 0, 1, 0}));
        DumpOptions options;
        options.source = write("a b\nc\n", "src");
        options.target = write("x\ny\n", "tgt");
        options.axis = DumpAxis::Sentences;
        options.rows = DumpRows::Target;
        QVERIFY(asked(batch, options) == DumpField::End);
        options.end = DumpEnd::Both;
        const DumpPtr dump = read(batch, options);
        QVERIFY((numbers(dump->sentences[1].heads[0]) == std::vector<float>{0.5F, 0.5F, 0, 1}));
        QVERIFY(states(*dump, "padding"));
        options.source = write("a\nc\n", "src");
        expectRefused(batch, options, ErrorKind::Data,
                      {"sentence 1", "target position 2", "source position 3"});
    }

    void npzArraysBringTheirWords() {
        const std::string archive =
            zip({{"attention.npy", npy("<f4", "(2, 3)", floats({0.5F, 0.25F, 0.25F, 0, 0, 1}))},
                 {"source.npy", npy("<U3", "(2,)", utf32({"the", "cat"}, 3))},
                 {"target.npy", npy("<U2", "(1,)", utf32({"il"}, 2))},
                 {"loss.npy", npy("<f4", "(1, 1)", floats({3}))}});
        QVERIFY(looksLikeDump(write(archive)));
        const DumpPtr dump = read(archive);
        QCOMPARE(dump->format, DumpFormat::Numpy);
        QVERIFY((dump->sentences.at(0).source == Words{"the", "cat", "</s>"}));
        QVERIFY((dump->sentences.at(0).target == Words{"il", "</s>"}));
        QCOMPARE(dump->sentences[0].heads[0](0, 0), 0.5F);
        QVERIFY(states(*dump, "The source words are those of the array source"));
        // Marian's models are npz files too, and no dumps.
        QVERIFY(!looksLikeDump(write(zip({{"special:model.yml.npy", npy("|i1", "(1,)", "a")}}))));
    }

    void goldLinksStandBesideWeights() {
        DumpOptions options;
        options.source = write("a b\n", "src");
        options.gold = write("0-0 1p0\n", "gold");
        const DumpPtr dump = read("x ||| 0.6,0.3,0.1 0,0,1\n", options);
        QVERIFY((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 0, false}}));
        options.gold = write("0-1\n", "gold");
        expectRefused("x ||| 0.6,0.3,0.1 0,0,1\n", options, ErrorKind::Data, {"gold", "one past the words"});
    }

    void malformedFilesNameTheirPlace() {
        const DumpOptions marian = as(DumpFormat::Marian);
        expectRefused("x ||| 0.5,zzz 1,0\n", marian, ErrorKind::Data, {"line 1, row 1, column 2", "zzz"});
        expectRefused("x ||| 0.5,-0.5 1,0\n", marian, ErrorKind::Data,
                      {"line 1, row 1, column 2", "from 0 on"});
        expectRefused("x ||| nan,0.5 1,0\n", marian, ErrorKind::Data, {"row 1, column 1"});
        expectRefused("x ||| 1e400,0.5 1,0\n", marian, ErrorKind::Data, {"row 1, column 1"});
        expectRefused("x ||| 1,0 1\n", marian, ErrorKind::Data, {"row 2 has 1"});
        expectRefused("x ||| 0-0\ny ||| 1,0 0,1\n", marian, ErrorKind::Data, {"line 2"});
        expectRefused("x ||| 0-0\ny\n", marian, ErrorKind::Data, {"line 2", "fields"});
        expectRefused("x ||| 0-0 1--1\n", marian, ErrorKind::Data, {"item 2"});
        expectRefused("x ||| 0-0 1-99999999999\n", marian, ErrorKind::Data, {"item 2"});
        expectRefused("-1 ||| x ||| 1,0 ||| F0= 1 ||| 1\n", marian, ErrorKind::Data, {"line 1"});
        expectRefused("", marian, ErrorKind::Data, {"is empty"});
        expectRefused("1 1\n", as(DumpFormat::Talp), ErrorKind::Data, {"line 1"});
        expectRefused("0-0 x\n", as(DumpFormat::Pharaoh), ErrorKind::Data, {"item 2"});
        expectRefused("{\"matrix\": [[1, \"a\"]]}", as(DumpFormat::NematusJson), ErrorKind::Data,
                      {"line 1, row 1, column 2"});
        expectRefused("{\"matrix\": [[1, 2]", as(DumpFormat::NematusJson), ErrorKind::Data, {"line 1"});
        expectRefused("]]]", as(DumpFormat::BertViz), ErrorKind::Data, {"line 1"});
        expectRefused("hello world\n", as(DumpFormat::OpenNmt), ErrorKind::Data, {"-attn_debug"});
        DumpOptions two;
        two.base = 2;
        expectRefused("x ||| 1,0 0,1\n", two, ErrorKind::Argument, {"not from 2"});
        expectRefused("x ||| \xff 0,1\n", marian, ErrorKind::Data, {"line 1"});
        QVERIFY(asked("hello world\n") == DumpField::Format);
        QVERIFY(asked(fixture::soundModel()) == DumpField::Format);
        QVERIFY(!looksLikeDump(write(fixture::soundModel())));
        QVERIFY(!looksLikeDump(m_folder.filePath("absent").toStdString()));
        QVERIFY(looksLikeDump(write("0-0 1-1\n")));
        // Vocabularies and architectures hold the same words, but no lists under them.
        QVERIFY(!looksLikeDump(write("{\"attention\": 3, \"text\": 4, \"matrix\": 5, \"source\": 6}")));
        QVERIFY(!looksLikeDump(write("{\"name\": \"attention\", \"inbound_nodes\": [[\"text\", 0, 0]]}")));
    }

    /// Whatever is cut off or flipped, a dump is read or refused, never worse.
    void damagedFilesAreReadOrRefused() {
        const Words good{
            "0 ||| x y ||| 0.5,0.25,0.25 0,0,1 1,0,0 ||| WordScores= -1 ||| F0= -3 ||| -3\n",
            "S-7\tthe cat\nH-7\t-0.5\tle chat\nA-7\t0.7,0.2,0.1 0.1,0.8,0.1 0.0,0.1,0.9\n",
            "0 ||| le chat ||| -1.5 ||| the cat ||| 3 3\n0.7 0.2 0.1\n0.1 0.8 0.1\n0 0.1 0.9\n\n",
            "  ------\n |(*)    | the\n |   (?) | cat\n  ------\n   l  c \n   e  h \n\n",
            "SENT 1: ['the', 'cat']\n                  the        cat \n        le *0.9000000  0.0600000 "
            "\n",
            "[[\"le\", \"the\", \"0.75\", 0, 0], [\"le\", \"</s>\", \"0.25\", 0, 0]]",
            "{\"tokens\": [\"a\", \"b\"], \"attention\": [[[[0.5, 0.5], [0.25, 0.75]]]]}",
            "1 1 1 S\n1 2 3 P\n"};
        int readable = 0, refused = 0;
        const auto attempt = [&](const std::string& text) {
            const std::string path = write(text);
            for (const auto& [format, unused] : EnumNames<DumpFormat>::names) {
                if (format == DumpFormat::Numpy) continue;
                try {
                    DumpOptions options = as(format);
                    options.base = 0;
                    const DumpPtr dump = readDump(path, options);
                    for (std::size_t i = 0; i < dump->sentences.size(); ++i) {
                        const TracePtr trace = dumpTrace(*dump, i);
                        const std::size_t positions = trace->axes[0].positions.size();
                        for (const Pass& pass : trace->passes)
                            for (const HeadTrace& head : pass.row(0)->heads)
                                QCOMPARE(head.weights.size(), positions);
                        for (const GoldLink& link : trace->gold)
                            QVERIFY(link.source >= 0 && link.source < int(positions) && link.target >= 0 &&
                                    link.target < int(trace->steps.size()));
                    }
                    ++readable;
                } catch (const Error&) {
                    ++refused;
                }
            }
        };
        unsigned seed = 1;
        for (const std::string& text : good) {
            for (std::size_t cut = 0; cut < text.size(); cut += 3) attempt(text.substr(0, cut));
            for (int i = 0; i < 60; ++i) {
                seed = seed * 1664525U + 1013904223U;
                std::string flipped = text;
                flipped[(seed >> 8) % text.size()] = static_cast<char>(seed >> 24);
                attempt(flipped);
            }
        }
        QVERIFY2(readable > 50 && refused > 1000,
                 (std::to_string(readable) + " read, " + std::to_string(refused) + " refused").c_str());
    }

    void aTraceHasWordsAndWeightsAndNothingElse() {
        DumpOptions options;
        options.source = write("a b\n", "src");
        options.gold = write("0-0\n", "gold");
        const DumpPtr dump = read("x ||| 0.6,0.3,0.1 0,0,1\n", options);
        const TracePtr trace = dumpTrace(*dump, 0);
        QCOMPARE(trace->sites.size(), std::size_t(1));
        QVERIFY(trace->sites[0].kind == SiteKind::Cross && !trace->sites[0].rule);
        const std::vector<Position>& source = trace->axes[0].positions;
        QCOMPARE(trace->sourceText, std::string("a b"));
        QVERIFY(source[2].role == TokenRole::End && source[1].role == TokenRole::Word);
        const auto path = trace->bestPath();
        QVERIFY((trace->words(path) == Words{"x", "</s>"}));
        QVERIFY(trace->steps[1].isEnd() && trace->complete);
        QCOMPARE(trace->sites[0].heads, 1);
        const Pass& pass = trace->passOf(0);
        QVERIFY((pass.row(0)->heads[0].weights == std::vector<float>{0.6F, 0.3F, 0.1F}));
        QVERIFY(pass.row(0)->heads[0].scores.empty() && !pass.output);
        QVERIFY(trace->tracks.empty() && pass.states.empty());
        QCOMPARE(trace->gold.size(), std::size_t(1));
    }

    void realMarianFilesKeepTheirNumbers_data() {
        QTest::addColumn<QString>("model");
        for (const char* model : {"s2s-gru-enfr", "s2s-lstm2-ln-skip-tied-ende", "tiny-nematus-ln-ende"})
            QTest::newRow(model) << model;
    }
    void realMarianFilesKeepTheirNumbers() {
        QFETCH(QString, model);
        const std::string folder = shared + model.toStdString() + "/";
        if (!QFile::exists(QString::fromStdString(folder))) QSKIP("skipped: no shared fixtures");
        DumpOptions options;
        options.source = folder + "sample.src";
        const auto lines = split(fixture::readAll(folder + "beam6.nbest"), '\n');
        const auto sources = split(fixture::readAll(folder + "sample.src"), '\n');
        const DumpPtr dump = readDump(folder + "beam6.nbest", options);
        QCOMPARE(dump->sentences.size(), lines.size());
        long compared = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::size_t first = lines[i].find(" ||| "), second = lines[i].find(" ||| ", first + 1),
                              third = lines[i].find(" ||| ", second + 1);
            const auto rows = split(lines[i].substr(second + 5, third - second - 5), ' ');
            const DumpSentence& sentence = dump->sentences[i];
            QCOMPARE(sentence.heads[0].rows(), int(rows.size()));
            QCOMPARE(sentence.source.size(), split(sources[std::stoul(lines[i])], ' ').size() + 1);
            for (std::size_t t = 0; t < rows.size(); ++t) {
                const auto printed = split(rows[t], ',');
                QCOMPARE(sentence.heads[0].cols(), int(printed.size()));
                double sum = 0;
                for (std::size_t s = 0; s < printed.size(); ++s) {
                    const float weight = sentence.heads[0](int(t), int(s));
                    QCOMPARE(weight, std::strtof(printed[s].c_str(), nullptr));
                    sum += weight;
                    ++compared;
                }
                // Weights of a target word sum to 1: the orientation is right.
                QVERIFY(std::abs(sum - 1) < 1e-4);
            }
        }
        QVERIFY(compared > 10000);
        // marian-scorer's lines, whose words are in files of their own.
        options.target = folder + "sample.ref";
        const DumpPtr forced = readDump(folder + "forced.scores", options);
        QCOMPARE(forced->sentences.size(), std::size_t(40));
        QVERIFY(forced->findings.empty());
        options.target.clear();
        options.rows = DumpRows::Source;
        QVERIFY_EXCEPTION_THROWN(readDump(folder + "beam6.nbest", options), Error);
        QVERIFY(!looksLikeDump(folder + "model.npz") && !looksLikeDump(folder + "vocab.en.yml") &&
                !looksLikeDump(folder + "sample.src") && !looksLikeDump(folder + "README.md"));
    }
};

QTEST_GUILESS_MAIN(TestDump)
#include "test_dump.moc"
