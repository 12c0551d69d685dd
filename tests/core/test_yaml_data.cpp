// SPDX-License-Identifier: GPL-3.0-or-later
// Scalars keep their spelling, nulls and aliases are what they say, and hostile texts are refused.

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/io/container/yaml_data.h"
#include "tests/core/file_fixture.h"

using namespace attn;

TEST_CASE("scalars keep their spelling") {
    const DataTree tree = readYaml("on: no\n007: 1e3\n'yes': \"0x1F\"\ny: 2024-01-01\n", "t");
    const Datum& root = tree.node(tree.root().index());
    REQUIRE(root.kind == DatumKind::Dict);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"on", "no"}, {"007", "1e3"}, {"yes", "0x1F"}, {"y", "2024-01-01"}};
    REQUIRE(root.entries.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, value] = root.entries[i];
        REQUIRE((tree.node(key).kind == DatumKind::Text && tree.node(value).kind == DatumKind::Text));
        REQUIRE(tree.node(key).text == expected[i].first);
        REQUIRE(tree.node(value).text == expected[i].second);
    }
}

TEST_CASE("nulls are none but for keys") {
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
    REQUIRE(root.entries.size() == expected.size() + 1);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [key, value] = root.entries[i];
        REQUIRE(tree.node(key).text == expected[i].key);
        REQUIRE(tree.node(value).kind == expected[i].kind);
        REQUIRE(tree.node(value).text == expected[i].value);
    }
    REQUIRE(tree.root()["d"].size() == 4u);
    REQUIRE(tree.root()["d"][0].kind() == DatumKind::None);
    REQUIRE(tree.node(tree.root()["d"][1].index()).text == "null");
    REQUIRE(tree.node(tree.root()["d"][2].index()).text == "");
}

TEST_CASE("lists and mappings nest") {
    const DataTree tree = readYaml(
        "\xEF\xBB\xBFmodel:\n  encoder: {rnn_type: gru, sizes: [1, 2]}\n  names:\n    - a b\n    - |\n"
        "      two\n      lines\n",
        "t");
    const DataView model = tree.root()["model"];
    REQUIRE(*model["encoder"]["rnn_type"].text() == "gru");
    REQUIRE(*model["encoder"]["sizes"][1].text() == "2");
    REQUIRE(*model["names"][1].text() == "two\nlines\n");
    REQUIRE(!model["decoder"]["rnn_type"].exists());
    REQUIRE(*readYaml("[[[x], y]]", "t").root()[0][0][0].text() == "x");
    REQUIRE(!readYaml("", "t").root().exists());
    REQUIRE(!readYaml("# nothing\n", "t").root().exists());
    REQUIRE(*readYaml("just text", "t").root().text() == "just text");
}

TEST_CASE("an alias is the node itself") {
    const DataTree tree = readYaml("a: &x [1, 2]\nb: *x\nc: {d: *x}\n", "t");
    REQUIRE(tree.root()["b"].index() == tree.root()["a"].index());
    REQUIRE(tree.root()["c"]["d"].index() == tree.root()["a"].index());
}

TEST_CASE("escapes are those of c") {
    const DataTree tree =
        readYaml("\"\\\"\": 0\n\"\\\\\": 1\n\"\\t\\x41\\u00e9\\U0001F600\": 2\n'it''s': 3\n", "t");
    const Datum& root = tree.node(tree.root().index());
    const std::vector<std::string> expected{"\"", "\\", "\tAé😀", "it's"};
    REQUIRE(root.entries.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        REQUIRE(tree.node(root.entries[i].first).text == expected[i]);
}

namespace {

struct WhatIsNotReadIsToldRow {
    std::string row;
    std::string text;
    int kind;
    std::string message;
};

std::vector<WhatIsNotReadIsToldRow> whatIsNotReadIsToldRows() {
    std::vector<WhatIsNotReadIsToldRow> rows;
    const auto row = [&](const char* name, std::string text, ErrorKind kind, const char* message) {
        rows.push_back({name, text, static_cast<int>(kind), message});
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
    row("zero", std::string("a: 1\nb\0: 2\n", 11), ErrorKind::Data, "line 2: holds the control character 0");
    row("end of transmission", "a: 1\n\x04 b: 2\n", ErrorKind::Data, "control character 4");
    row("latin 1", "a: 1\nb: \xE9\n", ErrorKind::Data, "t, line 2: is not UTF-8");
    row("deep flow", std::string(100'000, '[') + "x" + std::string(100'000, ']'), ErrorKind::Limit, "deep");
    row("deep and open", std::string(100'000, '['), ErrorKind::Data, "t, line 1");
    row("deep blocks", fixture::repeated("- ", 1000), ErrorKind::Limit, "deep");
    row("many", "[" + fixture::repeated("a,", 200'000) + "]", ErrorKind::Limit, "more than 200000");
    row("too many bytes", std::string(100'000'001, 'a'), ErrorKind::Limit, "bytes");
    return rows;
}

} // namespace

TEST_CASE("what is not read is told") {
    for (const WhatIsNotReadIsToldRow& row : whatIsNotReadIsToldRows()) {
        CAPTURE(row.row);
        const std::string& text = row.text;
        const int kind = row.kind;
        const std::string& message = row.message;
        try {
            readYaml(text, "t");
            FAIL("read");
        } catch (const Error& error) {
            REQUIRE_MESSAGE(fixture::contains(error.what(), message), error.what());
            REQUIRE(static_cast<int>(error.kind()) == kind);
        }
    }
}

TEST_CASE("aliases count in full") {
    // Each list names the one before it nine times: 9^9 nodes for whoever walks them all.
    std::string text = "a0: &a0 [x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 1; k < 9; ++k) text += ", " + before;
        text += "]\n";
    }
    REQUIRE_THROWS_AS(readYaml(text, "t"), Error);
    // By hand: root, key, list, x = 4; then key, list, alias of two nodes = 4 more.
    YamlLimits limits;
    limits.nodes = 8;
    REQUIRE(*readYaml("a: &a [x]\nb: [*a]\n", "t", limits).root()["b"][0][0].text() == "x");
    limits.nodes = 7;
    REQUIRE_THROWS_AS(readYaml("a: &a [x]\nb: [*a]\n", "t", limits), Error);
}
