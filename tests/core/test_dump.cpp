// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <cmath>

#include "core/io/dump/dump.h"
#include "core/measure/attention_measures.h"
#include "tests/core/dump_fixture.h"

using namespace attn;
using namespace attn::tests;

namespace {
const char* const shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures/marian/";
} // namespace

TEST_CASE_FIXTURE(DumpFixture, "marian lines hold a row for each target word") {
    DumpOptions options;
    options.source = write("the cat\nit\n", "src");
    const DumpPtr dump =
        read("le chat ||| 0.7,0.2,0.1 0.1,0.8,0.1 0,0.25,0.75\nil ||| 0.5,0.5 1,0\n", options);
    REQUIRE(dump->format == DumpFormat::Marian);
    REQUIRE(dump->sentences.size() == 2);
    const DumpSentence& first = dump->sentences[0];
    REQUIRE(((first.source == Words{"the", "cat", "</s>"}) && (first.target == Words{"le", "chat", "</s>"})));
    REQUIRE((first.sourceEnd && first.targetEnd));
    REQUIRE(
        (numbers(first.heads[0]) == std::vector<float>{0.7F, 0.2F, 0.1F, 0.1F, 0.8F, 0.1F, 0, 0.25F, 0.75F}));
    REQUIRE(
        (states(*dump, "Rows are target words") && states(*dump, "last column is the source's end symbol")));
    REQUIRE(dump->findings.empty());
}

TEST_CASE_FIXTURE(DumpFixture, "words that are not known are numbered and said so") {
    const DumpPtr dump = read("0.7,0.3 0.4,0.6\n");
    REQUIRE((dump->sentences[0].source == Words{"1", "</s>"}));
    REQUIRE((!dump->sentences[0].sourceKnown && !dump->sentences[0].targetKnown));
    REQUIRE(dump->findings.size() == 2);
    REQUIRE(dump->findings[0].where == "source words");
}

TEST_CASE_FIXTURE(DumpFixture, "n best lines name their sentence") {
    DumpOptions options;
    options.source = write("a b\nc\n", "src");
    const DumpPtr dump = read(
        "0 ||| x ||| 0.5,0.25,0.25 0,0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n"
        "1 ||| y ||| 1,0 0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n"
        "1 ||| z w ||| 1,0 0,1 ||| WordScores= -1 -2 ||| F0= -3 ||| -3\n",
        options);
    REQUIRE(dump->sentences[1].name == "2, hypothesis 1");
    REQUIRE((dump->sentences[2].source == Words{"c", "</s>"}));
    // Two rows for two words: this search was cut short, and its last row is no end symbol.
    REQUIRE((dump->sentences[1].targetEnd && !dump->sentences[2].targetEnd));
    REQUIRE(states(*dump, "but for sentences that were ended without one"));
}

TEST_CASE_FIXTURE(DumpFixture, "hard alignments are links") {
    DumpOptions options;
    options.source = write("a b\n", "src");
    const DumpPtr dump = read("x y ||| 0-0 0-1 2-2\n", options);
    REQUIRE((numbers(dump->sentences[0].heads[0]) == std::vector<float>{1, 0, 0, 1, 0, 0, 0, 0, 1}));
    REQUIRE((dump->sentences[0].targetEnd && dump->sentences[0].gold.empty()));
    // OpenNMT-py's have no link of an end symbol, so none is added.
    const DumpPtr without = read("x y ||| 1-0 0-1\n", options);
    REQUIRE((numbers(without->sentences[0].heads[0]) == std::vector<float>{0, 1, 1, 0}));
    REQUIRE(!without->sentences[0].targetEnd);
    const DumpPtr tabbed = read("x y\t1-0 0-1\n", options);
    REQUIRE(tabbed->sentences[0].heads[0] == without->sentences[0].heads[0]);
}

TEST_CASE_FIXTURE(DumpFixture, "orientation is told by the words or asked for") {
    DumpOptions options;
    options.source = write("a b c d\n", "src");
    // Four source words and an end symbol can only be five columns; said to be rows, it is refused.
    const std::string text = "x ||| 1,0,0,0,0 0,0,0,0,1\n";
    REQUIRE(read(text, options)->sentences[0].heads[0].cols() == 5);
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
    REQUIRE(states(*turned, "Rows are source words: the numbers of words fit no other way"));
    REQUIRE((numbers(turned->sentences[0].heads[0]) == std::vector<float>{1, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST_CASE_FIXTURE(DumpFixture, "what is stated is held against the file") {
    DumpOptions options;
    options.source = write("a b\n", "src");
    options.end = DumpEnd::None;
    expectRefused("x ||| 1,0,0 0,0,1\n", options, ErrorKind::Argument, {"has to be the target's end symbol"});
    options.end = DumpEnd::Both;
    REQUIRE(states(*read("x ||| 1,0,0 0,0,1\n", options), "end symbol: as stated"));
    options.source = write("a\nb\n", "src");
    expectRefused("x ||| 1,0 0,1\ny ||| 1,0,0 0,0,1\n", options, ErrorKind::Data, {"line 2"});
    options.source = write("a\n", "src");
    expectRefused("x ||| 1,0 0,1\ny ||| 1,0 0,1\n", options, ErrorKind::Argument, {"has 1 line", "line 2"});
}

TEST_CASE_FIXTURE(DumpFixture, "pharaoh links ask for their base") {
    REQUIRE(asked("1-1 2p3\n") == DumpField::Base);
    DumpOptions options;
    options.base = 1;
    const DumpPtr dump = read("1-1 2?3 3p3\n", options);
    REQUIRE(dump->format == DumpFormat::Pharaoh);
    const DumpSentence& sentence = dump->sentences[0];
    REQUIRE((sentence.gold == std::vector<GoldLink>{{0, 0, true}, {1, 2, false}, {2, 2, false}}));
    REQUIRE((numbers(sentence.heads[0]) == std::vector<float>{1, 0, 0, 0, 0, 0, 0, 1, 1}));
    REQUIRE(states(*read("0-0 1-1\n"), "Links count from 0: the position 0 occurs"));
    expectRefused("0-0\n", options, ErrorKind::Argument, {"line 1", "position 0"});
}

TEST_CASE_FIXTURE(DumpFixture, "links past the words name the order that fits") {
    DumpOptions options;
    options.source = write("a b c d e\n", "src");
    options.target = write("x y\n", "tgt");
    expectRefused("0-4 1-3\n", options, ErrorKind::Data,
                  {"line 1: link 0-4", "5 source words", "target position first"});
    options.rows = DumpRows::Target;
    REQUIRE(read("0-4 1-3\n", options)->sentences[0].heads[0](0, 4) == 1.0F);
    options.rows = {};
    expectRefused("0-9\n", options, ErrorKind::Data, {"link 0-9"});
}

TEST_CASE_FIXTURE(DumpFixture, "talp lines are gathered") {
    const DumpPtr dump = read("1 1 1 S\n1 2 3 P\n3 1 2 S\n");
    REQUIRE(dump->format == DumpFormat::Talp);
    REQUIRE(dump->sentences.size() == 2);
    REQUIRE(dump->sentences[1].name == "3");
    REQUIRE((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 2, false}}));
}

TEST_CASE_FIXTURE(DumpFixture, "open nmt tables get their whole words back") {
    const std::string table =
        "                  the    extraor        cat \n"
        "        le *0.9000000  0.0600000  0.0400000 \n"
        "extraordin  0.1000000 *0.8500000  0.0500000 \n"
        "      </s>  0.0000000  0.2500000 *0.7500000 \n";
    const DumpPtr cut = read(table);
    REQUIRE(cut->format == DumpFormat::OpenNmt);
    REQUIRE((cut->sentences[0].source == Words{"the", "extraor", "cat"}));
    REQUIRE((!cut->sentences[0].sourceEnd && cut->sentences[0].targetEnd));
    REQUIRE(cut->findings.at(0).where == "words");
    REQUIRE((numbers(cut->sentences[0].heads[0]) ==
             std::vector<float>{0.9F, 0.06F, 0.04F, 0.1F, 0.85F, 0.05F, 0, 0.25F, 0.75F}));
    const DumpPtr whole = read(
        "\nSENT 1: ['the', \"extraordinary\", 'cat']\nPRED 1: le extraordinaire\n"
        "PRED SCORE: -1.0\n[2026-01-02 03:04:05,678 INFO] " +
        table);
    REQUIRE((whole->sentences[0].source == Words{"the", "extraordinary", "cat"}));
    REQUIRE((whole->sentences[0].target == Words{"le", "extraordinaire", "</s>"}));
    REQUIRE(whole->findings.empty());
}

TEST_CASE_FIXTURE(DumpFixture, "fairseq lines belong together") {
    const std::string words =
        "2026 | INFO | loaded\nS-7\tthe cat\nT-7\tle chat\nH-7\t-0.5\tle chat\nD-7\t-0.5\tle chat\n"
        "P-7\t-0.1 -0.2 -0.3\n";
    const DumpPtr soft = read(words + "A-7\t0.700000,0.200000,0.100000 0.1,0.8,0.1 0.0,0.1,0.9\n");
    REQUIRE(soft->format == DumpFormat::Fairseq);
    REQUIRE(soft->sentences[0].name == "7");
    REQUIRE(soft->sentences[0].heads[0](0, 0) == 0.7F);
    REQUIRE((soft->sentences[0].sourceEnd && soft->sentences[0].targetEnd));
    const DumpPtr hard = read(words + "A-7\t1-0 0-1\n");
    REQUIRE((numbers(hard->sentences[0].heads[0]) == std::vector<float>{0, 1, 1, 0}));
    expectRefused(words + "A-7\t2-0\n", {}, ErrorKind::Data, {"one past the words"});
    DumpOptions options;
    options.format = DumpFormat::Fairseq;
    expectRefused(words, options, ErrorKind::Data, {"--print-alignment"});
}

TEST_CASE_FIXTURE(DumpFixture, "nematus writes a row a target word and sockeye a source word") {
    const DumpPtr nematus = read(
        "0 ||| le chat ||| -1.5 ||| the cat ||| 3 3\n0.7 0.2 0.1\n0.1 0.8 0.1\n0 0.1 0.9\n\n"
        "1 ||| x ||| -1 ||| a ||| 2 2\n1 0\n0 1\n\n");
    REQUIRE(nematus->format == DumpFormat::Nematus);
    REQUIRE(nematus->sentences.size() == 2);
    REQUIRE(nematus->sentences[0].heads[0](0, 1) == 0.2F);
    const DumpPtr sockeye = read("1 ||| le chat ||| -0.5 ||| the cat ||| 2 ||| 2\n0.9 0.4\n0.1 0.6\n\n");
    REQUIRE(sockeye->format == DumpFormat::Sockeye);
    REQUIRE(sockeye->sentences[0].heads[0](0, 1) == 0.1F);
    REQUIRE(states(*sockeye, "Rows are source words: so the format has it"));
    expectRefused("0 ||| a ||| -1 ||| b ||| 2 2\n1 0\n0 1 1\n", {}, ErrorKind::Data, {"row 2 has 3"});
}

TEST_CASE_FIXTURE(DumpFixture, "nematus json is read in both forms") {
    const DumpPtr matrix = read(
        "{\"matrix\": [[0.75, 0.25], [0, 1]], \"source_sent\": \"the\", "
        "\"target_sent\": \"le\", \"id\": 4, \"prob\": 0}\n"
        "{\"matrix\": [[1, 0], [0, 1]], \"source_sent\": \"a\", \"target_sent\": \"b\", \"id\": 5}\n");
    REQUIRE(matrix->format == DumpFormat::NematusJson);
    REQUIRE(matrix->sentences[1].name == "5");
    REQUIRE(matrix->sentences[0].heads[0](0, 0) == 0.75F);
    const DumpPtr links = read(
        "[[\"le\", \"the\", \"0.75\", 0, 0], [\"le\", \"</s>\", \"0.25\", 0, 0],\n"
        " [\"</s>\", \"the\", \"0\", 0, 0], [\"</s>\", \"</s>\", \"1\", 0, 0]]\n");
    REQUIRE(links->sentences[0].heads[0] == matrix->sentences[0].heads[0]);
    REQUIRE(((links->sentences[0].source == Words{"the", "</s>"}) && links->sentences[0].sourceEnd));
    expectRefused("[[\"le\", \"the\", \"0.75\", 0, 0], [\"la\", \"</s>\", \"0.25\", 0, 0]]", {},
                  ErrorKind::Data, {"line 1, link 2"});
}

TEST_CASE_FIXTURE(DumpFixture, "sockeye boxes hold sure and possible links") {
    const DumpPtr dump = read(
        "  ------\n |(*)    | the\n |   (?) | cat\n  ------\n   l  c \n   e  h \n      a \n      t \n\n");
    REQUIRE(dump->format == DumpFormat::SockeyeText);
    REQUIRE(((dump->sentences[0].source == Words{"the", "cat"}) &&
             (dump->sentences[0].target == Words{"le", "chat"})));
    REQUIRE((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 1, false}}));
    expectRefused("  ------\n |(*)(x) | the\n  ------\n   l  c \n", {}, ErrorKind::Data,
                  {"line 2, column 2"});
}

TEST_CASE_FIXTURE(DumpFixture, "neat vision has one row a text") {
    const DumpPtr dump = read(
        "[{\"text\": [\"so\", \"good\"], \"label\": 1, \"prediction\": 1, \"posterior\": [0.1], "
        "\"attention\": [0.25, 0.75, 0.0], \"id\": \"s1\"}]");
    REQUIRE(dump->format == DumpFormat::NeatVision);
    REQUIRE((numbers(dump->sentences[0].heads[0]) == std::vector<float>{0.25F, 0.75F}));
    REQUIRE((dump->sentences[0].target == Words{"prediction 1"}));
    expectRefused("[{\"text\": [\"so\"], \"attention\": [0.5, 0.5]}]", {}, ErrorKind::Data,
                  {"weight 2 is not 0"});
}

TEST_CASE_FIXTURE(DumpFixture, "bert viz has layers and heads") {
    const DumpPtr dump = read(
        "{\"attention\": [{\"name\": \"Cross\", \"left_text\": [\"le\", \"chat\"], "
        "\"right_text\": [\"the\", \"old\", \"cat\"], \"attn\": "
        "[[[[1,0,0],[0,0,1]],[[0,1,0],[0,1,0]]], [[[0,0,1],[1,0,0]],[[0,0,1],[0,1,0]]]]}], "
        "\"default_filter\": \"0\"}");
    REQUIRE(dump->format == DumpFormat::BertViz);
    REQUIRE(dump->sentences.size() == 2);
    REQUIRE(dump->sentences[1].name == "Cross, layer 2");
    REQUIRE(dump->sentences[0].heads.size() == 2);
    REQUIRE(dump->sentences[0].heads[0](1, 2) == 1.0F);
    const DumpPtr plain = read("{\"tokens\": [\"a\", \"b\"], \"attention\": [[0.5, 0.5], [0.25, 0.75]]}");
    REQUIRE(plain->sentences[0].heads[0](1, 0) == 0.25F);
}

TEST_CASE_FIXTURE(DumpFixture, "a runs own json comes back") {
    const DumpPtr dump = read(
        "{\"model\": \"m\", \"source_text\": \"a b\", \"source\": [\"a\", \"b\", \"</s>\"], "
        "\"source_known\": [true, true, true], \"target\": [\"x\", \"</s>\"], "
        "\"weights\": [[[0.5, 0.25, 0.25], [0, 0, 1]]]}");
    REQUIRE(dump->format == DumpFormat::Native);
    REQUIRE((dump->sentences[0].sourceEnd && dump->sentences[0].targetEnd));
    REQUIRE(dump->sentences[0].heads[0](0, 0) == 0.5F);
}

TEST_CASE_FIXTURE(DumpFixture, "gold links stand beside weights") {
    DumpOptions options;
    options.source = write("a b\n", "src");
    options.gold = write("0-0 1p0\n", "gold");
    const DumpPtr dump = read("x ||| 0.6,0.3,0.1 0,0,1\n", options);
    REQUIRE((dump->sentences[0].gold == std::vector<GoldLink>{{0, 0, true}, {1, 0, false}}));
    options.gold = write("0-1\n", "gold");
    expectRefused("x ||| 0.6,0.3,0.1 0,0,1\n", options, ErrorKind::Data, {"gold", "one past the words"});
}

TEST_CASE_FIXTURE(DumpFixture, "a trace has words and weights and nothing else") {
    DumpOptions options;
    options.source = write("a b\n", "src");
    options.gold = write("0-0\n", "gold");
    const DumpPtr dump = read("x ||| 0.6,0.3,0.1 0,0,1\n", options);
    const TracePtr trace = dumpTrace(*dump, 0);
    REQUIRE(trace->sites.size() == 1);
    REQUIRE((trace->sites[0].kind == SiteKind::Cross && !trace->sites[0].rule));
    const std::vector<Position>& source = trace->axes[0].positions;
    REQUIRE(trace->sourceText == "a b");
    REQUIRE((source[2].role == TokenRole::End && source[1].role == TokenRole::Word));
    const auto path = trace->bestPath();
    REQUIRE((trace->words(path) == Words{"x", "</s>"}));
    REQUIRE((trace->steps[1].isEnd() && trace->complete));
    REQUIRE(trace->sites[0].heads == 1);
    const Pass& pass = trace->passOf(0);
    REQUIRE((pass.row(0)->heads[0].weights == std::vector<float>{0.6F, 0.3F, 0.1F}));
    REQUIRE((pass.row(0)->heads[0].scores.empty() && !pass.output));
    REQUIRE((trace->tracks.empty() && pass.states.empty()));
    REQUIRE(trace->gold.size() == 1);
}

namespace {

struct RealMarianFilesKeepTheirNumbersRow {
    std::string row;
    std::string model;
};

std::vector<RealMarianFilesKeepTheirNumbersRow> realMarianFilesKeepTheirNumbersRows() {
    std::vector<RealMarianFilesKeepTheirNumbersRow> rows;
    for (const char* model : {"s2s-gru-enfr", "s2s-lstm2-ln-skip-tied-ende", "tiny-nematus-ln-ende"})
        rows.push_back({model, model});
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(DumpFixture, "real marian files keep their numbers") {
    for (const RealMarianFilesKeepTheirNumbersRow& row : realMarianFilesKeepTheirNumbersRows()) {
        CAPTURE(row.row);
        const std::string& model = row.model;
        const std::string folder = shared + model + "/";
        if (!std::filesystem::exists(folder)) {
            std::puts("skipped: no shared fixtures");
            return;
        }
        DumpOptions options;
        options.source = folder + "sample.src";
        const auto lines = split(fixture::readAll(folder + "beam6.nbest"), '\n');
        const auto sources = split(fixture::readAll(folder + "sample.src"), '\n');
        const DumpPtr dump = readDump(folder + "beam6.nbest", options);
        REQUIRE(dump->sentences.size() == lines.size());
        long compared = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::size_t first = lines[i].find(" ||| "), second = lines[i].find(" ||| ", first + 1),
                              third = lines[i].find(" ||| ", second + 1);
            const auto rows = split(lines[i].substr(second + 5, third - second - 5), ' ');
            const DumpSentence& sentence = dump->sentences[i];
            REQUIRE(sentence.heads[0].rows() == int(rows.size()));
            REQUIRE(sentence.source.size() == split(sources[std::stoul(lines[i])], ' ').size() + 1);
            for (std::size_t t = 0; t < rows.size(); ++t) {
                const auto printed = split(rows[t], ',');
                REQUIRE(sentence.heads[0].cols() == int(printed.size()));
                double sum = 0;
                for (std::size_t s = 0; s < printed.size(); ++s) {
                    const float weight = sentence.heads[0](int(t), int(s));
                    REQUIRE(weight == std::strtof(printed[s].c_str(), nullptr));
                    sum += weight;
                    ++compared;
                }
                // Weights of a target word sum to 1: the orientation is right.
                REQUIRE(std::abs(sum - 1) < 1e-4);
            }
        }
        REQUIRE(compared > 10000);
        // marian-scorer's lines, whose words are in files of their own.
        options.target = folder + "sample.ref";
        const DumpPtr forced = readDump(folder + "forced.scores", options);
        REQUIRE(forced->sentences.size() == 40);
        REQUIRE(forced->findings.empty());
        options.target.clear();
        options.rows = DumpRows::Source;
        REQUIRE_THROWS_AS(readDump(folder + "beam6.nbest", options), Error);
        REQUIRE((!looksLikeDump(folder + "model.npz") && !looksLikeDump(folder + "vocab.en.yml") &&
                 !looksLikeDump(folder + "sample.src") && !looksLikeDump(folder + "README.md")));
    }
}
