// SPDX-License-Identifier: GPL-3.0-or-later
// Dumps in arrays, and dumps that are damaged or malformed: they are refused by place, or asked about.
#include <doctest/doctest.h>

#include <cmath>

#include "core/base/random.h"
#include "tests/core/dump_fixture.h"

using namespace attn;
using namespace attn::tests;

TEST_CASE_FIXTURE(DumpFixture, "numpy arrays ask for what they do not say") {
    const std::string square = npy("<f4", "(2, 2)", floats({0.75F, 0.25F, 0.5F, 0.5F}));
    REQUIRE(looksLikeDump(write(square)));
    DumpOptions options;
    options.source = write("a b\n", "src");
    options.target = write("x y\n", "tgt");
    REQUIRE(asked(square, options) == DumpField::Rows);
    REQUIRE_MESSAGE(refusal(square, options).first.find("each row sums to 1") != std::string::npos,
                    refusal(square, options).first);
    options.rows = DumpRows::Target;
    REQUIRE(read(square, options)->sentences[0].heads[0](0, 1) == 0.25F);
    options.rows = DumpRows::Source;
    REQUIRE(read(square, options)->sentences[0].heads[0](0, 1) == 0.5F);
    options.source.clear();
    REQUIRE(asked(square, options) == DumpField::End);

    const std::string cube = npy("<f4", "(2, 1, 2)", floats({0.75F, 0.25F, 0.5F, 0.5F}));
    options = {};
    options.rows = DumpRows::Target;
    options.end = DumpEnd::None;
    REQUIRE(asked(cube, options) == DumpField::Axis);
    options.axis = DumpAxis::Heads;
    REQUIRE(read(cube, options)->sentences[0].heads.size() == 2);
    REQUIRE(read(cube, options)->sentences[0].heads[1](0, 0) == 0.5F);
    options.axis = DumpAxis::Sentences;
    REQUIRE(read(cube, options)->sentences.size() == 2);
    expectRefused(npy("<f4", "(1, 2)", floats({-1, 2})), options, ErrorKind::Data, {"number 1", "from 0 on"});
    expectRefused(npy("<f4", "(4,)", floats({1, 2, 3, 4})), options, ErrorKind::Data, {"two to four axes"});
}

TEST_CASE_FIXTURE(DumpFixture, "a batch is cut to each sentences words") {
    // Two sentences in one array: the second has one word and an end symbol a side.
    const std::string batch = npy("<f4", "(2, 2, 3)", floats({1, 0, 0, 0, 0, 1, 0.5F, 0.5F, 0, 0, 1, 0}));
    DumpOptions options;
    options.source = write("a b\nc\n", "src");
    options.target = write("x\ny\n", "tgt");
    options.axis = DumpAxis::Sentences;
    options.rows = DumpRows::Target;
    REQUIRE(asked(batch, options) == DumpField::End);
    options.end = DumpEnd::Both;
    const DumpPtr dump = read(batch, options);
    REQUIRE((numbers(dump->sentences[1].heads[0]) == std::vector<float>{0.5F, 0.5F, 0, 1}));
    REQUIRE(states(*dump, "padding"));
    options.source = write("a\nc\n", "src");
    expectRefused(batch, options, ErrorKind::Data, {"sentence 1", "target position 2", "source position 3"});
}

TEST_CASE_FIXTURE(DumpFixture, "npz arrays bring their words") {
    const std::string archive =
        zip({{"attention.npy", npy("<f4", "(2, 3)", floats({0.5F, 0.25F, 0.25F, 0, 0, 1}))},
             {"source.npy", npy("<U3", "(2,)", utf32({"the", "cat"}, 3))},
             {"target.npy", npy("<U2", "(1,)", utf32({"il"}, 2))},
             {"loss.npy", npy("<f4", "(1, 1)", floats({3}))}});
    REQUIRE(looksLikeDump(write(archive)));
    const DumpPtr dump = read(archive);
    REQUIRE(dump->format == DumpFormat::Numpy);
    REQUIRE((dump->sentences.at(0).source == Words{"the", "cat", "</s>"}));
    REQUIRE((dump->sentences.at(0).target == Words{"il", "</s>"}));
    REQUIRE(dump->sentences[0].heads[0](0, 0) == 0.5F);
    REQUIRE(states(*dump, "The source words are those of the array source"));
    // Marian's models are npz files too, and no dumps.
    REQUIRE(!looksLikeDump(write(zip({{"special:model.yml.npy", npy("|i1", "(1,)", "a")}}))));
}

TEST_CASE_FIXTURE(DumpFixture, "malformed files name their place") {
    const DumpOptions marian = as(DumpFormat::Marian);
    expectRefused("x ||| 0.5,zzz 1,0\n", marian, ErrorKind::Data, {"line 1, row 1, column 2", "zzz"});
    expectRefused("x ||| 0.5,-0.5 1,0\n", marian, ErrorKind::Data, {"line 1, row 1, column 2", "from 0 on"});
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
    REQUIRE(asked("hello world\n") == DumpField::Format);
    REQUIRE(asked(fixture::soundModel()) == DumpField::Format);
    REQUIRE(!looksLikeDump(write(fixture::soundModel())));
    REQUIRE(!looksLikeDump(m_folder.filePath("absent")));
    REQUIRE(looksLikeDump(write("0-0 1-1\n")));
    // Vocabularies and architectures hold the same words, but no lists under them.
    REQUIRE(!looksLikeDump(write("{\"attention\": 3, \"text\": 4, \"matrix\": 5, \"source\": 6}")));
    REQUIRE(!looksLikeDump(write("{\"name\": \"attention\", \"inbound_nodes\": [[\"text\", 0, 0]]}")));
}

/// Whatever is cut off or flipped, a dump is read or refused, never worse.
TEST_CASE_FIXTURE(DumpFixture, "damaged files are read or refused") {
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
                            REQUIRE(head.weights.size() == positions);
                    for (const GoldLink& link : trace->gold)
                        REQUIRE((link.source >= 0 && link.source < int(positions) && link.target >= 0 &&
                                 link.target < int(trace->steps.size())));
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
    REQUIRE_MESSAGE((readable > 50 && refused > 1000),
                    (std::to_string(readable) + " read, " + std::to_string(refused) + " refused"));
}
