// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/io/npy.h"
#include "tests/core/file_fixture.h"

using namespace attn;

TEST_CASE("header is that of the format") {
    const double values[] = {1, -2.5, 0, 1e300, 0.1, -0.0};
    const std::string bytes = toNpy(2, 3, values);
    REQUIRE(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t length = byte(8) + 256U * byte(9);
    REQUIRE((10 + length) % 64 == 0);
    REQUIRE(bytes.size() == 10 + length + sizeof values);
    const std::string header = bytes.substr(10, length);
    const std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
    REQUIRE(header.substr(0, dictionary.size()) == dictionary);
    REQUIRE(header.find_first_not_of(' ', dictionary.size()) == length - 1);
    REQUIRE(header.back() == '\n');
    REQUIRE(std::memcmp(bytes.data() + 10 + length, values, sizeof values) == 0);
}

TEST_CASE("every shape is aligned") {
    for (const int rows : {0, 1, 7, 1000, 123456})
        for (const int cols : {0, 1, 12}) {
            const std::vector<double> values(static_cast<std::size_t>(rows) * cols, 0.5);
            REQUIRE((toNpy(rows, cols, values).size() - 8 * values.size()) % 64 == 0);
        }
    REQUIRE_THROWS_AS(toNpy(2, 2, std::vector<double>(3)), Error);
}

TEST_CASE("numpy reads it") {
    if (fixture::runProgram({"python3", "-c", "import numpy"}).code != 0) {
        std::puts("skipped: python3 with numpy is not here");
        return;
    }
    fixture::TemporaryFolder folder;
    const double values[] = {0.1, -2.5, std::numeric_limits<double>::quiet_NaN(), 4, 5, 6.75};
    fixture::writeAll(folder.filePath("a.npy"), toNpy(2, 3, values));
    const auto read =
        fixture::runProgram({"python3", "-c",
                             "import sys, numpy; a = numpy.load(sys.argv[1], allow_pickle=False);"
                             "print(a.shape, a.dtype, *[repr(float(v)) for v in a.ravel()])",
                             folder.filePath("a.npy")});
    REQUIRE(read.code == 0);
    REQUIRE(read.output == "(2, 3) float64 0.1 -2.5 nan 4.0 5.0 6.75\n");
}
