// SPDX-License-Identifier: GPL-3.0-or-later
// Scalars keep their spelling, nulls and aliases are what they say, and hostile texts are refused.
#include <QtTest>

#include "core/base/error.h"
#include "core/io/container/yaml_data.h"

using namespace attn;

class TestYamlData : public QObject {
    Q_OBJECT

private slots:
    void scalarsKeepTheirSpelling();
    void nullsAreNoneButForKeys();
    void listsAndMappingsNest();
    void anAliasIsTheNodeItself();
    void escapesAreThoseOfC();
    void whatIsNotReadIsTold_data();
    void whatIsNotReadIsTold();
    void aliasesCountInFull();
};

void TestYamlData::scalarsKeepTheirSpelling() {
    const DataTree tree = readYaml("on: no\n007: 1e3\n'yes': \"0x1F\"\ny: 2024-01-01\n", "t");
    const Datum& root = tree.node(tree.root().index());
    QVERIFY(root.kind == DatumKind::Dict);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"on", "no"}, {"007", "1e3"}, {"yes", "0x1F"}, {"y", "2024-01-01"}};
    QCOMPARE(root.entries.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, value] = root.entries[i];
        QVERIFY(tree.node(key).kind == DatumKind::Text && tree.node(value).kind == DatumKind::Text);
        QCOMPARE(tree.node(key).text, expected[i].first);
        QCOMPARE(tree.node(value).text, expected[i].second);
    }
}

void TestYamlData::nullsAreNoneButForKeys() {
    // "null" and "~" as words of a vocabulary, as values, and next to values that are not there. The first
    // line has more bytes than characters.
    const DataTree tree =
        readYaml("été: ~\nnull: 5\na:\n~: 6\nb:\nNULL:\nc: 'null'\nd: [~, null, , x]\n", "t");
    const Datum& root = tree.node(tree.root().index());
    struct Entry {
        std::string key;
        DatumKind kind;
        std::string value;
    };
    const std::vector<Entry> expected{{"été", DatumKind::None, "~"}, {"null", DatumKind::Text, "5"},
                                      {"a", DatumKind::None, ""},    {"~", DatumKind::Text, "6"},
                                      {"b", DatumKind::None, ""},    {"NULL", DatumKind::None, ""},
                                      {"c", DatumKind::Text, "null"}};
    QCOMPARE(root.entries.size(), expected.size() + 1);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, value] = root.entries[i];
        QCOMPARE(tree.node(key).text, expected[i].key);
        QVERIFY(tree.node(value).kind == expected[i].kind);
        QCOMPARE(tree.node(value).text, expected[i].value);
    }
    QCOMPARE(tree.root()["d"].size(), 4u);
    QVERIFY(tree.root()["d"][0].kind() == DatumKind::None);
    QCOMPARE(tree.node(tree.root()["d"][1].index()).text, std::string("null"));
    QCOMPARE(tree.node(tree.root()["d"][2].index()).text, std::string());
}

void TestYamlData::listsAndMappingsNest() {
    const DataTree tree = readYaml(
        "\xEF\xBB\xBFmodel:\n  encoder: {rnn_type: gru, sizes: [1, 2]}\n  names:\n    - a b\n    - |\n"
        "      two\n      lines\n",
        "t");
    const DataView model = tree.root()["model"];
    QCOMPARE(*model["encoder"]["rnn_type"].text(), std::string("gru"));
    QCOMPARE(*model["encoder"]["sizes"][1].text(), std::string("2"));
    QCOMPARE(*model["names"][1].text(), std::string("two\nlines\n"));
    QVERIFY(!model["decoder"]["rnn_type"].exists());
    QCOMPARE(*readYaml("[[[x], y]]", "t").root()[0][0][0].text(), std::string("x"));
    QVERIFY(!readYaml("", "t").root().exists());
    QVERIFY(!readYaml("# nothing\n", "t").root().exists());
    QCOMPARE(*readYaml("just text", "t").root().text(), std::string("just text"));
}

void TestYamlData::anAliasIsTheNodeItself() {
    const DataTree tree = readYaml("a: &x [1, 2]\nb: *x\nc: {d: *x}\n", "t");
    QCOMPARE(tree.root()["b"].index(), tree.root()["a"].index());
    QCOMPARE(tree.root()["c"]["d"].index(), tree.root()["a"].index());
}

void TestYamlData::escapesAreThoseOfC() {
    const DataTree tree =
        readYaml("\"\\\"\": 0\n\"\\\\\": 1\n\"\\t\\x41\\u00e9\\U0001F600\": 2\n'it''s': 3\n", "t");
    const Datum& root = tree.node(tree.root().index());
    const std::vector<std::string> expected{"\"", "\\", "\tAé😀", "it's"};
    QCOMPARE(root.entries.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(tree.node(root.entries[i].first).text, expected[i]);
}

void TestYamlData::whatIsNotReadIsTold_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, QByteArray text, ErrorKind kind, const char* message) {
        QTest::newRow(name) << text << static_cast<int>(kind) << message;
    };
    row("syntax", "a: 1\nb: [1, 2\n", ErrorKind::Data, "t, line ");
    row("two colons", "a: 1\nb: c: d\n", ErrorKind::Data, "t, line 2");
    row("unknown alias", "a: *b\n", ErrorKind::Data, "t, line 1");
    row("self", "a: &x [*x]\n", ErrorKind::Data, "alias");
    row("two documents", "a: 1\n---\nb: 2\n", ErrorKind::Data, "second document");
    row("key twice", "a: 1\nb: 2\na: 3\n", ErrorKind::Data, "line 3, column 1: the key \"a\" stands twice");
    row("key of a list", "? [a]\n: 1\n", ErrorKind::Data, "expected text");
    row("alias of a list as key", "a: &x [1]\n*x : 2\n", ErrorKind::Data, "expected text");
    row("merge", "a: &x {b: 1}\nc:\n  <<: *x\n", ErrorKind::Unsupported, "line 3");
    row("zero", QByteArray("a: 1\nb\0: 2\n", 11), ErrorKind::Data, "line 2: holds the control character 0");
    row("end of transmission", "a: 1\n\x04 b: 2\n", ErrorKind::Data, "control character 4");
    row("latin 1", "a: 1\nb: \xE9\n", ErrorKind::Data, "t, line 2: is not UTF-8");
    row("deep flow", QByteArray(100'000, '[') + "x" + QByteArray(100'000, ']'), ErrorKind::Limit, "deep");
    row("deep and open", QByteArray(100'000, '['), ErrorKind::Data, "t, line 1");
    row("deep blocks", QByteArray("- ").repeated(1000), ErrorKind::Limit, "deep");
    row("many", "[" + QByteArray("a,").repeated(200'000) + "]", ErrorKind::Limit, "more than 200000");
    row("too many bytes", QByteArray(100'000'001, 'a'), ErrorKind::Limit, "bytes");
}

void TestYamlData::whatIsNotReadIsTold() {
    QFETCH(QByteArray, text);
    QFETCH(int, kind);
    QFETCH(QString, message);
    try {
        readYaml(text.toStdString(), "t");
        QFAIL("read");
    } catch (const Error& error) {
        QVERIFY2(QString(error.what()).contains(message), error.what());
        QCOMPARE(static_cast<int>(error.kind()), kind);
    }
}

void TestYamlData::aliasesCountInFull() {
    // Each list names the one before it nine times: 9^9 nodes for whoever walks them all.
    std::string text = "a0: &a0 [x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 1; k < 9; ++k) text += ", " + before;
        text += "]\n";
    }
    QVERIFY_EXCEPTION_THROWN(readYaml(text, "t"), Error);
    // By hand: root, key, list, x = 4; then key, list, alias of two nodes = 4 more.
    YamlLimits limits;
    limits.nodes = 8;
    QCOMPARE(*readYaml("a: &a [x]\nb: [*a]\n", "t", limits).root()["b"][0][0].text(), std::string("x"));
    limits.nodes = 7;
    QVERIFY_EXCEPTION_THROWN(readYaml("a: &a [x]\nb: [*a]\n", "t", limits), Error);
}

QTEST_GUILESS_MAIN(TestYamlData)
#include "test_yaml_data.moc"
