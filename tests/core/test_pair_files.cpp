// SPDX-License-Identifier: GPL-3.0-or-later
// Files of sentence pairs are read as they are, or refused with the line number.
#include <doctest/doctest.h>

#include <optional>

#include "core/base/random.h"
#include "core/data/links.h"
#include "core/data/pair_files.h"
#include "tests/core/corpus_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;
using Paths = std::vector<std::string>;

TEST_CASE_FIXTURE(CorpusFixture, "parallel and tabbed files give the same pairs") {
    Findings findings;
    const auto parallel =
        readPairFiles({write("a.en", "The cat.\nA dog\n"), write("a.fr", "Le chat.\nUn chien\n")}, findings);
    const auto tabbed =
        readPairFiles({write("a.tsv", "The cat.\tLe chat.\t0-0 1p1\nA dog\tUn chien")}, findings);
    REQUIRE(findings.empty());
    REQUIRE(parallel.size() == 2U);
    REQUIRE(tabbed.size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        REQUIRE(parallel[i].source == tabbed[i].source);
        REQUIRE(parallel[i].target == tabbed[i].target);
        REQUIRE(tabbed[i].line == static_cast<long long>(i) + 1);
    }
    REQUIRE(tabbed[0].source == "The cat.");
    REQUIRE(tabbed[1].target == "Un chien");
    const Example example = splitPair(tabbed[0], Tokeniser(), Tokeniser());
    REQUIRE(example.source == (Texts{"The", "cat", "."}));
    REQUIRE((example.links == std::vector<GoldLink>{{0, 0, true}, {1, 1, false}}));
    REQUIRE(splitPair(tabbed[1], Tokeniser(), Tokeniser()).links.empty());
}

TEST_CASE_FIXTURE(CorpusFixture, "gzipped files are read too") {
    std::string english, french; // longer than a buffer
    for (int i = 0; i < 20'000; ++i) {
        english += "line " + std::to_string(i) + "\n";
        french += "ligne " + std::to_string(i) + "\n";
    }
    Findings findings;
    const auto pairs = readPairFiles({gzip("z.en", english), write("z.fr", french)}, findings);
    REQUIRE(pairs.size() == 20'000U);
    for (int i = 0; i < 20'000; ++i) {
        const TextPair& pair = pairs[static_cast<std::size_t>(i)];
        REQUIRE((pair.source == "line " + std::to_string(i) && pair.target == "ligne " + std::to_string(i)));
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "marks and carriage returns are passed over") {
    Findings findings;
    const auto pairs = readPairFiles({write("m.en",
                                            "\xEF\xBB\xBF"
                                            "one\r\ntwo\r\n"),
                                      write("m.fr", "un\ndeux")},
                                     findings);
    REQUIRE(pairs.size() == 2U);
    REQUIRE(pairs[0].source == "one");
    REQUIRE(pairs[1].source == "two");
    REQUIRE(pairs[1].target == "deux");
}

TEST_CASE_FIXTURE(CorpusFixture, "blank pairs are left out and counted") {
    Findings findings;
    const auto pairs = readPairFiles(
        {write("b.en", "one\n\n  \nfour\nfive\n"), write("b.fr", "un\ndeux\n\nquatre\n \t\n")}, findings);
    REQUIRE(pairs.size() == 2U);
    REQUIRE(pairs[1].source == "four");
    REQUIRE(pairs[1].line == 4LL);
    REQUIRE(findings.size() == 1U);
    REQUIRE(findings[0].severity == Severity::Note);
    REQUIRE(findings[0].text == "3 lines are blank on a side and left out");

    const std::string refused = thrown(
        [&] {
            readPairFiles({path("b.en"), path("b.fr")}, findings, HalfBlank::Refuse);
        },
        ErrorKind::Data);
    REQUIRE_MESSAGE(refused.find("b.en, line 2: the source is empty") != std::string::npos, refused);
}

namespace {

struct MalformedFilesAreRefusedByNameRow {
    std::string row;
    std::string first;
    std::optional<std::string> second; ///< nothing: one file only
    int kind;
    std::vector<std::string> told;
};

std::vector<MalformedFilesAreRefusedByNameRow> malformedFilesAreRefusedByNameRows() {
    std::vector<MalformedFilesAreRefusedByNameRow> rows;
    const int data = static_cast<int>(ErrorKind::Data), limit = static_cast<int>(ErrorKind::Limit);
    rows.push_back({"lengths", "1\n2\n3\n", "1\n2\n3\n4\n5\n", data, {"first has 3 lines", "second has 5"}});
    rows.push_back(
        {"lengths, the other way", "1\n2\n3\n", "1\n", data, {"first has 3 lines", "second has 1"}});
    rows.push_back({"utf-8", "a\nb\xFF\n", "a\nb\n", data, {"first, line 2", "not UTF-8 at byte 1"}});
    rows.push_back({"utf-8 in the second",
                    "a\nb\nc\n",
                    "a\nb\n\xC3\n",
                    data,
                    {"second, line 3", "not UTF-8 at byte 0"}});
    rows.push_back({"no tab", "a\tb\na b\n", std::nullopt, data, {"first, line 2", "found 0 TABs"}});
    rows.push_back({"three tabs", "a\tb\t0-0\td\n", std::nullopt, data, {"first, line 1", "found 3 TABs"}});
    rows.push_back({"nothing", "\n\n", std::nullopt, data, {"first: no sentence pairs"}});
    rows.push_back({"long line",
                    std::string(1'000'001, 'a'),
                    "b\n",
                    limit,
                    {"first, line 1", "more than 1000000 bytes"}});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(CorpusFixture, "malformed files are refused by name") {
    for (const MalformedFilesAreRefusedByNameRow& row : malformedFilesAreRefusedByNameRows()) {
        CAPTURE(row.row);
        const std::string& first = row.first;
        const std::optional<std::string>& second = row.second;
        const int kind = row.kind;
        const std::vector<std::string>& told = row.told;
        Paths paths{write("first", first)};
        if (second) paths.push_back(write("second", *second));
        const std::string message = thrown(
            [&] {
                Findings findings;
                readPairFiles(paths, findings);
            },
            static_cast<ErrorKind>(kind));
        for (const std::string& part : told) REQUIRE_MESSAGE(fixture::contains(message, part), message);
    }
}

TEST_CASE_FIXTURE(CorpusFixture, "damaged gzip is refused") {
    std::string text;
    Random random(1);
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(random.next()) + "\t" + std::to_string(random.next()) + "\n";
    const std::string whole = fixture::readAll(gzip("d.tsv", text));
    std::string bent = whole;
    bent[bent.size() - 6] = static_cast<char>(bent[bent.size() - 6] ^ 1); // its checksum
    for (const std::string& bytes :
         {whole.substr(0, whole.size() / 2), bent, whole.substr(0, whole.size() - 3)}) {
        const std::string message = thrown(
            [&] {
                Findings findings;
                readPairFiles({write("damaged.gz", bytes)}, findings);
            },
            ErrorKind::Data);
        REQUIRE_MESSAGE((message.find("damaged.gz, line ") != std::string::npos &&
                         message.find("gzip") != std::string::npos),
                        message);
    }
    Findings findings;
    for (const std::string& absent : {path("absent"), m_folder.path()})
        REQUIRE(thrown([&] { readPairFiles({absent}, findings); }, ErrorKind::Data).find(absent) !=
                std::string::npos);
}

TEST_CASE_FIXTURE(CorpusFixture, "links are carried by bytes") {
    REQUIRE((parseLinks(" 0-2  1p0 ", 2, 3) == std::vector<GoldLink>{{0, 2, true}, {1, 0, false}}));
    for (const char* text : {"0", "0-", "-0", "0x0", "0-0-0", "2-0", "0-3", "a-b"})
        REQUIRE_MESSAGE(
            thrown([&] { parseLinks(text, 2, 3); }, ErrorKind::Data).find(text) != std::string::npos, text);
    // "ab c" as words and as characters: ab = a, b; c = c.
    const auto both = [](const char* text) {
        return Resplit{tokenise(TokeniserKind::Whitespace, text), tokenise(TokeniserKind::Characters, text)};
    };
    const auto carried = carryLinks({{0, 1, true}, {1, 0, false}}, both("ab c"), both("x yz"));
    REQUIRE((carried ==
             std::vector<GoldLink>{{0, 2, true}, {0, 3, true}, {1, 2, true}, {1, 3, true}, {3, 0, false}}));
}
