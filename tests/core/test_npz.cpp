// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "core/io/npy.h"
#include "tests/core/container_fixture.h"

using namespace attn;
using namespace made;

namespace {

std::string utf32(const std::u32string& text, std::size_t width, bool bigEndian = false) {
    std::string bytes;
    for (std::size_t i = 0; i < width; ++i) {
        std::string character = raw(static_cast<std::uint32_t>(i < text.size() ? text[i] : 0));
        bytes += bigEndian ? std::string(character.rbegin(), character.rend()) : character;
    }
    return bytes;
}

/// A .npy file whose header is that text, with eight bytes of numbers.
std::string ofHeader(const std::string& header) {
    return npyOfHeader(header, std::string(8, '\0'));
}

} // namespace

TEST_CASE("every type of number") {
    struct Case {
        const char* type;
        std::string payload;
        ElementType element;
    };
    const std::vector<float> expected{1, -2, 0};
    for (const Case& c : {Case{"<f8", rawAll<double>({1, -2, 0}), ElementType::F64},
                          Case{"<f4", rawAll<float>({1, -2, 0}), ElementType::F32},
                          Case{"<f2", rawAll<std::uint16_t>({0x3C00, 0xC000, 0}), ElementType::F16},
                          Case{"<i8", rawAll<std::int64_t>({1, -2, 0}), ElementType::I64},
                          Case{"<i4", rawAll<std::int32_t>({1, -2, 0}), ElementType::I32},
                          Case{"<i2", rawAll<std::int16_t>({1, -2, 0}), ElementType::I16},
                          Case{"|i1", rawAll<std::int8_t>({1, -2, 0}), ElementType::I8},
                          Case{">i2", std::string("\x00\x01\xFF\xFE\x00\x00", 6), ElementType::I16},
                          Case{">f4", std::string("\x3F\x80\0\0\xC0\0\0\0\0\0\0\0", 12), ElementType::F32}}) {
        const auto archive = opened(npy(c.type, "(3,)", c.payload));
        REQUIRE(archive->kind() == ContainerKind::Npy);
        REQUIRE(archive->arrays()[0].name == "value");
        REQUIRE(archive->arrays()[0].type == c.element);
        REQUIRE_MESSAGE(numbersOf(*archive, 0) == expected, c.type);
    }
    REQUIRE((numbersOf(*opened(npy("|u1", "(2,)", "\xFF\x07")), 0) == std::vector<float>{255, 7}));
    REQUIRE(
        (numbersOf(*opened(npy("|b1", "(2,)", std::string("\x01\x00", 2))), 0) == std::vector<float>{1, 0}));
    REQUIRE(opened(npy("|u1", "(2,)", "\xFF\x07"))->readBytes(0) == "\xFF\x07");
    REQUIRE_THROWS_AS(opened(npy("<f4", "(1,)", raw(1.0F)))->readBytes(0), Error);
}

TEST_CASE("rows and columns") {
    const std::string payload = rawAll<float>({0, 1, 2, 3, 4, 5});
    const auto rows = opened(npy("<f4", "(2, 3)", payload));
    REQUIRE((numbersOf(*rows, 0) == std::vector<float>{0, 1, 2, 3, 4, 5}));
    const auto columns = opened(npy("<f4", "(2, 3)", payload, true)); // element (i, j) is i + 2 j
    REQUIRE((columns->arrays()[0].shape == std::vector<std::int64_t>{2, 3}));
    REQUIRE((numbersOf(*columns, 0) == std::vector<float>{0, 2, 4, 1, 3, 5}));
    const auto cube = opened(npy("<f4", "(1, 2, 3)", payload, true));
    REQUIRE((numbersOf(*cube, 0) == std::vector<float>{0, 2, 4, 1, 3, 5}));
    REQUIRE((numbersOf(*opened(npy("<f4", "()", raw(2.5F))), 0) == std::vector<float>{2.5F}));
    for (const char* shape : {"(0,)", "(0, 9223372036854775807, 9)", "(4, 0)"})
        REQUIRE(numbersOf(*opened(npy("<f4", shape, "")), 0).size() == 0);
}

TEST_CASE("what ours writes is read") {
    const double values[] = {1, -2.5, 0.25, 4, 5, 6};
    const auto archive = opened(toNpy(2, 3, values));
    REQUIRE((numbersOf(*archive, 0) == std::vector<float>{1, -2.5, 0.25, 4, 5, 6}));
}

TEST_CASE("headers of every version") {
    const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n";
    for (const char version : {1, 2, 3})
        REQUIRE(opened(npyOfHeader(header, raw(1.0), version))->arrays().size() == 1);
    REQUIRE(refusal(ofHeader("{\"shape\":(1L,),'fortran_order':True,'descr':'<f8'}")).empty());
}

namespace {

struct OtherHeadersAreRefusedRow {
    std::string row;
    std::string file;
    std::string reason;
};

std::vector<OtherHeadersAreRefusedRow> otherHeadersAreRefusedRows() {
    std::vector<OtherHeadersAreRefusedRow> rows;
    const auto row = [&](const char* name, const std::string& file, const char* reason) {
        rows.push_back({name, file, std::string(reason)});
    };
    const std::string good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}";
    row("call", ofHeader("{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os').system('x')}"),
        "data: made: the header of the NumPy array is not one: expected (");
    row("behind", ofHeader(good + " or 1"), "follows the dictionary");
    row("missing", ofHeader("{'descr': '<f8', 'shape': (1,)}"), "is missing");
    row("twice", ofHeader("{'shape': (1,), 'shape': (1,)}"), "stands twice");
    row("key", ofHeader("{'colour': 1}"), "'colour' is unknown");
    row("truth", ofHeader("{'fortran_order': 1}"), "neither True nor False");
    row("negative", ofHeader("{'shape': (-1,)}"), "no whole number from 0");
    row("beyond", ofHeader("{'shape': (9223372036854775808,)}"), "no whole number from 0");
    row("open", ofHeader("{'descr': '<f8"), "does not end");
    row("no dictionary", ofHeader("[1]"), "expected {");
    row("version", npyOfHeader(good, std::string(8, '\0'), 9), "version 9");
    row("cut", npyOfHeader(good, "").substr(0, 20), "cut short");
    row("magic alone", "\x93NUMPY", "does not begin as one");
    row("long header", std::string("\x93NUMPY\x02\x00", 8) + raw(std::uint32_t(0xFFFFFFFF)) + good,
        "4294967295 bytes; at most 10000");
    row("few bytes", npy("<f8", "(2,)", std::string(8, '\0')), "reaches element 1");
    row("too many bytes", npy("<f8", "(1,)", std::string(9, '\0')), "1 elements of 8 bytes, but 9");
    row("32 GB", npy("<f8", "(4294967296,)", std::string(8, '\0')), "reaches element 4294967295");
    row("overflow", npy("<f8", "(4294967296, 4294967296, 2)", std::string(8, '\0')), "64 bits");
    std::string ones;
    for (int i = 0; i < 65; ++i) ones += "1,";
    row("dimensions", npy("<f8", "(" + ones + ")", std::string(8, '\0')), "65 dimensions");
    row("objects", npy("|O", "(1,)", std::string(8, '\0')),
        "unsupported: made: has elements of type '|O': Python objects");
    row("records", ofHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"),
        "array of records");
    row("complex", npy("<c16", "(1,)", std::string(16, '\0')), "'<c16'");
    row("unsigned", npy("<u4", "(2,)", std::string(8, '\0')), "'<u4'");
    row("length of text", npy("<U99999999999999999999", "(1,)", ""), "no length of text");
    row("texts of no length", npy("<U0", "(1000000000000,)", ""), "element 999999999999");
    return rows;
}

} // namespace

TEST_CASE("other headers are refused") {
    for (const OtherHeadersAreRefusedRow& row : otherHeadersAreRefusedRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string& reason = row.reason;
        const std::string message = refusal(file);
        REQUIRE_MESSAGE(message.find(reason) != std::string::npos, message);
    }
}

TEST_CASE("texts are lists by name") {
    const std::u32string word = U"h\u00E9\U0001F600";
    for (const bool bigEndian : {false, true}) {
        const auto archive =
            opened(zip({{"tokens.npy", npy(bigEndian ? ">U3" : "<U3", "(2,)",
                                           utf32(word, 3, bigEndian) + utf32(U"a", 3, bigEndian))},
                        {"weights.npy", npy("<f4", "(1,)", raw(0.5F))}}));
        REQUIRE(archive->kind() == ContainerKind::Npz);
        REQUIRE(archive->arrays().size() == 1);
        REQUIRE(archive->find("weights") == 0);
        REQUIRE((archive->data()["tokens"].texts() ==
                 std::vector<std::string>{"h\xC3\xA9\xF0\x9F\x98\x80", "a"}));
    }
    const auto grid = opened(npy("|S2", "(2, 2)", std::string("a\0bcd\0ef", 8)));
    REQUIRE((grid->data()["value"][std::size_t(0)].texts() == std::vector<std::string>{"a", "bc"}));
    REQUIRE((grid->data()["value"][std::size_t(1)].texts() == std::vector<std::string>{"d", "ef"}));
    const auto columns = opened(npy("|S2", "(2, 2)", std::string("a\0bcd\0ef", 8), true));
    REQUIRE((columns->data()["value"][std::size_t(0)].texts() == std::vector<std::string>{"a", "d"}));
    REQUIRE(*opened(npy("<U2", "()", utf32(U"hi", 2)))->data()["value"].text() == "hi");
    REQUIRE(opened(npy("<U2", "(0,)", ""))->data()["value"].size() == 0);
    const std::string many = npy("|S1", "(2000000,)", std::string(2'000'000, 'x'));
    REQUIRE(refusal(many).starts_with("limit: made: has 2000000 texts"));
}

TEST_CASE("compressed archives are read") {
    std::string payload;
    for (int i = 0; i < 5000; ++i) payload += raw(static_cast<float>(i % 7));
    for (const bool deflate : {false, true}) {
        const auto archive = opened(zip({{"a/b.npy", npy("<f4", "(50, 100)", payload), deflate},
                                         {"c.npy", npy("<f4", "(50, 100)", payload, true), deflate},
                                         {"none.npy", npy("<f4", "(0,)", ""), deflate},
                                         {"read.me", "not an array", deflate}}));
        REQUIRE(archive->arrays().size() == 3);
        const std::vector<float> rows = numbersOf(*archive, "a/b"), columns = numbersOf(*archive, "c");
        for (std::size_t i = 0; i < 50; ++i)
            for (std::size_t j = 0; j < 100; ++j) {
                REQUIRE(rows[100 * i + j] == static_cast<float>((100 * i + j) % 7));
                REQUIRE(columns[100 * i + j] == static_cast<float>((50 * j + i) % 7));
            }
    }
}
