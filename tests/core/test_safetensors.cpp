// SPDX-License-Identifier: GPL-3.0-or-later
// The container: what is refused and in which words, that numbers come through, that files appear whole.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/base/json_text.h"
#include "core/base/random.h"
#include "core/io/safetensors.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using fixture::container;
using fixture::littleEndian;

namespace {

const std::string eightBytes(8, '\0');
/// Two tensors of one F32 each, which is sound.
const std::string twoTensors =
    R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";

std::string oneTensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

} // namespace

struct SafetensorsFixture {
    fixture::TemporaryFolder m_folder;
    std::string path(const char* name = "file.safetensors") const { return m_folder.filePath(name); }
    SafetensorsFile fileOf(const std::string& bytes) const {
        fixture::writeAll(path(), bytes);
        return SafetensorsFile(path());
    }
    Matrix<float> numbersOf(const char* dtype, const std::string& data, Findings& faults) const {
        const int size = bits(*fromText<Dtype>(dtype)) / 8;
        const std::string count = std::to_string(data.size() / static_cast<std::size_t>(size));
        const SafetensorsFile file =
            fileOf(container(oneTensor("\"" + std::string(dtype) + "\"", "[" + count + "]",
                                       "[0," + std::to_string(data.size()) + "]"),
                             data));
        return toFloat(file.tensors().front(), faults);
    }
    template <typename Call>
    static bool throws(Call&& call) {
        try {
            call();
        } catch (const Error&) {
            return true;
        }
        return false;
    }
};

namespace {

struct RefusesRow {
    std::string row;
    std::string bytes;
    std::string fragment;
};

std::vector<RefusesRow> refusesRows() {
    std::vector<RefusesRow> rows;
    const auto row = [&](const char* name, const std::string& bytes, const std::string& fragment) {
        rows.push_back({name, bytes, fragment});
    };
    const auto tensor = [&](const char* name, const std::string& dtype, const std::string& shape,
                            const std::string& offsets, const std::string& fragment) {
        row(name, container(oneTensor(dtype, shape, offsets), eightBytes), fragment);
    };

    row("empty file", "", "it is empty");
    row("seven bytes", "1234567", "has 7 bytes");
    row("a text file", "Once upon a time there was a model.", "looks like text");
    row("a zip archive", "PK\x03\x04" + std::string(100, 'x'), "zip archive");
    row("an HDF5 file", "\x89HDF\r\n\x1a\n" + std::string(100, 'x'), "HDF5");
    row("a pickle", std::string("\x80\x02}q\0.", 6) + std::string(100, 'x'), "pickle");
    row("header length 0", littleEndian(0) + "{}", "length is 0");
    row("header longer than the file", littleEndian(3) + "{}", "only 2 bytes follow");
    row("header length 2^64 - 1", littleEndian(~0ULL) + "{}", "18446744073709551615");
    row("header length 2^63", littleEndian(1ULL << 63) + "{}", "9223372036854775808");
    row("header does not start with a brace", container(" {}", ""), "does not start with '{'");
    row("header is a list", container("[]", ""), "does not start with '{'");
    row("byte order mark", container("\xEF\xBB\xBF{}", ""), "does not start with '{'");
    row("not JSON", container("{nonsense}", ""), "not valid JSON");
    row("cut JSON", container(twoTensors.substr(0, 50), eightBytes), "not valid JSON");
    row("text after the JSON", container("{} x", ""), "not valid JSON");
    row("zero bytes as padding", container(std::string("{}\0\0", 4), ""), "not valid JSON");
    row("ill-formed UTF-8", container("{\"\xC3\x28\":1}", ""), "UTF-8");
    row("a lone surrogate", container("{\"\\ud800\":1}", ""), "not valid JSON");
    row("nested 100,000 deep", container("{\"a\":" + std::string(100'000, '['), ""), "deep");
    row("objects nested 100,000 deep",
        container(
            [] {
                std::string text;
                for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
                return text;
            }(),
            ""),
        "deep");
    row("a tensor stands twice",
        container(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                  eightBytes),
        "\"a\" stands twice");
    row("two dtypes for one tensor",
        container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"dtype":"F64","shape":[1]}})",
                  eightBytes),
        "\"dtype\" stands twice");
    row("a duplicate hidden by an escape",
        container(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                  eightBytes),
        "\"a\" stands twice");
    row("metadata key stands twice", container(R"({"__metadata__":{"k":"1","k":"2"}})", ""),
        "\"k\" stands twice");
    row("metadata stands twice", container(R"({"__metadata__":{},"__metadata__":{}})", ""), "stands twice");
    row("metadata is a list", container(R"({"__metadata__":[]})", ""), "__metadata__: expected an object");
    row("metadata holds a number", container(R"({"__metadata__":{"version":1}})", ""),
        "__metadata__.version: expected a string, found 1");
    row("metadata holds an object", container(R"({"__metadata__":{"spec":{}}})", ""),
        "__metadata__.spec: expected a string");

    row("a tensor is a number", container(R"({"a":7})", ""), "a: expected an object");
    row("a tensor without a name",
        container(R"({"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", eightBytes), "empty name");
    row("nothing said of a tensor", container(R"({"a":{}})", ""), "a: data_offsets is missing");
    row("an unknown field",
        container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}})", eightBytes),
        "a: unknown field \"stride\"");
    tensor("unknown dtype", "\"F33\"", "[2]", "[0,8]", "unknown dtype \"F33\"");
    tensor("dtype in small letters", "\"f32\"", "[2]", "[0,8]", "unknown dtype \"f32\"");
    tensor("dtype is a number", "32", "[2]", "[0,8]", "unknown dtype 32");
    tensor("another dtype than the bytes", "\"F64\"", "[2]", "[0,8]", "takes 16 bytes, but");
    tensor("half a byte", "\"F4\"", "[3]", "[0,8]", "does not fill whole bytes");
    tensor("shape is a number", "\"F32\"", "2", "[0,8]", "shape must be a list");
    tensor("negative shape", "\"F32\"", "[-2]", "[0,8]", "shape must be");
    tensor("two negative sizes", "\"F32\"", "[-1,-2]", "[0,8]", "shape must be");
    tensor("shape with a fraction", "\"F32\"", "[2.0]", "[0,8]", "shape must be");
    tensor("shape with text", "\"F32\"", "[\"2\"]", "[0,8]", "shape must be");
    tensor("shape with true", "\"F32\"", "[true,2]", "[0,8]", "shape must be");
    tensor("shape 2^64", "\"F32\"", "[18446744073709551616]", "[0,8]", "shape must be");
    tensor("product beyond 64 bits", "\"F32\"", "[4294967296,4294967296]", "[0,8]", "64 bits");
    tensor("product that wraps to the right size", "\"F32\"", "[2147483649,2147483648,2]", "[0,8]",
           "64 bits");
    tensor("bytes beyond 64 bits", "\"F64\"", "[2305843009213693953]", "[0,8]", "64 bits");
    tensor("shape larger than the data", "\"F32\"", "[1000000,1000000]", "[0,8]", "takes 4000000000000");
    tensor("shape smaller than the data", "\"F32\"", "[1]", "[0,8]", "takes 4 bytes, but");
    tensor("offsets as a fraction", "\"F32\"", "[2]", "[0.0,8]", "data_offsets must be");
    tensor("negative offset", "\"F32\"", "[2]", "[-8,0]", "data_offsets must be");
    tensor("offset 2^64", "\"F32\"", "[2]", "[0,18446744073709551616]", "data_offsets must be");
    tensor("three offsets", "\"F32\"", "[2]", "[0,4,8]", "data_offsets must be");
    tensor("one offset", "\"F32\"", "[2]", "[8]", "data_offsets must be");
    tensor("offsets backwards", "\"F32\"", "[2]", "[8,0]", "before they begin");
    tensor("offsets that wrap", "\"F32\"", "[2]", "[18446744073709551608,0]", "before they begin");
    tensor("offsets beyond the file", "\"F32\"", "[4]", "[0,16]", "only 8 bytes follow");
    tensor("offsets at the end of all numbers", "\"F32\"", "[2]",
           "[18446744073709551607,18446744073709551615]", "only 8 bytes follow");
    tensor("a hole at the start", "\"F32\"", "[1]", "[4,8]", "leaves a hole of 4 bytes");
    row("a hole in the middle",
        container(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}})",
                  eightBytes + "x"),
        "b: begins at 5 and leaves a hole of 1 byte after the end of a");
    row("two tensors on the same bytes",
        container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                  R"("b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                  eightBytes),
        "b: begins at 0 and overlaps a");
    row("two tensors overlap by a byte",
        container(R"({"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},)"
                  R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                  eightBytes),
        "b: begins at 4 and overlaps a");
    row("an empty tensor inside another",
        container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                  R"("b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})",
                  eightBytes),
        "b: begins at 4 and overlaps a");
    row("an empty tensor behind the end",
        container(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                  R"("b":{"dtype":"F32","shape":[0],"data_offsets":[9,9]}})",
                  eightBytes),
        "b: begins at 9 and leaves a hole");
    row("bytes after the last tensor", container(twoTensors, eightBytes + "x"),
        "1 byte at the end of the file belong");
    row("the last byte is missing", container(twoTensors, eightBytes.substr(1)),
        "b: ends at 8, but only 7 bytes follow");
    row("no tensors but bytes", container("{}", eightBytes), "8 bytes at the end of the file");
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(SafetensorsFixture, "refuses") {
    for (const RefusesRow& row : refusesRows()) {
        CAPTURE(row.row);
        const std::string& bytes = row.bytes;
        const std::string& fragment = row.fragment;
        try {
            fileOf(bytes);
            FAIL("was read");
        } catch (const Error& error) {
            const std::string message = error.what();
            REQUIRE_MESSAGE(message.starts_with(path() + ": "), message);
            REQUIRE_MESSAGE(message.find(fragment) != std::string::npos, message);
            REQUIRE_MESSAGE(message.size() < 2000, "a message longer than anybody reads");
            REQUIRE(error.kind() == ErrorKind::Data);
        }
    }
}

TEST_CASE_FIXTURE(SafetensorsFixture, "a header above the formats limit is refused") {
    fixture::writeAll(path(), littleEndian(100'000'001) + "{");
    REQUIRE(::truncate(path().c_str(), 8 + 100'000'001) == 0); // a hole: it takes no room
    try {
        SafetensorsFile file(path());
        FAIL("was read");
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::Limit);
        REQUIRE(std::string(error.what()).find("100000001 bytes, more than the 100000000") !=
                std::string::npos);
    }
}

TEST_CASE_FIXTURE(SafetensorsFixture, "every truncation is refused") {
    const std::string whole = container(twoTensors, eightBytes);
    for (std::size_t length = 0; length < whole.size(); ++length)
        REQUIRE_MESSAGE(throws([&] { fileOf(whole.substr(0, length)); }), std::to_string(length));
    REQUIRE(fileOf(whole).tensors().size() == 2);
}

TEST_CASE_FIXTURE(SafetensorsFixture, "every fault is told at once but not thousands") {
    nlohmann::ordered_json header;
    for (int i = 0; i < 120; ++i)
        header["t" + std::to_string(1000 + i)] = {{"dtype", "X"}, {"shape", {-1}}, {"data_offsets", {0}}};
    try {
        fileOf(container(header.dump(), ""));
        FAIL("was read");
    } catch (const Error& error) {
        const std::string message = error.what();
        for (const char* part : {"t1000: unknown dtype", "t1000: shape must", "t1000: data_offsets must",
                                 "t1016: shape must", "and 310 more"})
            REQUIRE_MESSAGE(message.find(part) != std::string::npos, part);
    }
}

TEST_CASE_FIXTURE(SafetensorsFixture, "what is no file is refused") {
    const auto message = [](const std::string& where) -> std::string {
        try {
            SafetensorsFile file(where);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Data ? error.what() : "another kind";
        }
        return "was read";
    };
    const std::string folder = m_folder.path();
    REQUIRE(message(folder).find("is a folder") != std::string::npos);
    REQUIRE(message(folder + "/none").find("No such file") != std::string::npos);
    REQUIRE(::mkfifo((folder + "/pipe").c_str(), 0600) == 0);
    REQUIRE(message(folder + "/pipe").find("not a regular file") != std::string::npos);
    REQUIRE(message("/dev/zero").find("not a regular file") != std::string::npos);
}

TEST_CASE_FIXTURE(SafetensorsFixture, "sound files are read") {
    // Out of order, an empty tensor, a scalar, spaces behind the header, metadata with other alphabets.
    const std::string header =
        R"({"z":{"shape":[2,1],"dtype":"F32","data_offsets":[0,8]},"__metadata__":{"k":"v","é":"中"},)"
        R"("a":{"dtype":"I64","shape":[],"data_offsets":[8,16]},)"
        R"("e":{"dtype":"F32","shape":[0,18446744073709551615,2],"data_offsets":[8,8]}}     )";
    const SafetensorsFile file = fileOf(container(header, std::string(16, '\0')));
    REQUIRE(file.tensors().size() == 3);
    REQUIRE(file.tensors()[0].name == "z");
    REQUIRE(file.tensors()[1].name == "e");
    REQUIRE(file.find("a")->bytes.size() == 8);
    REQUIRE(!file.find("b"));
    REQUIRE(file.metadata().at("é") == "中");
    REQUIRE(fileOf(container("{}", "")).tensors().size() == 0);
}

TEST_CASE_FIXTURE(SafetensorsFixture, "every half precision number is read") {
    // IEEE 754: 1 sign, 5 exponent (bias 15) and 10 fraction bits.
    std::string data;
    for (int i = 0; i < 0x10000; ++i) {
        if ((i >> 10 & 31) == 31) continue;
        data += static_cast<char>(i & 0xFF);
        data += static_cast<char>(i >> 8);
    }
    Findings faults;
    const Matrix<float> numbers = numbersOf("F16", data, faults);
    REQUIRE(faults.empty());
    std::size_t at = 0;
    for (int i = 0; i < 0x10000; ++i) {
        const int exponent = i >> 10 & 31, fraction = i & 1023;
        if (exponent == 31) continue;
        const double size = exponent ? std::ldexp(1024 + fraction, exponent - 25) : std::ldexp(fraction, -24);
        REQUIRE(double(numbers.data()[at++]) == (i & 0x8000 ? -size : size));
    }
    REQUIRE(at == numbers.size());
}

TEST_CASE_FIXTURE(SafetensorsFixture, "other precisions are read") {
    Findings faults;
    // BF16: 1 sign, 8 exponent (bias 127), 7 fraction bits: 1.0, -2.5, the smallest subnormal.
    const Matrix<float> b = numbersOf("BF16", std::string("\x80\x3F\x20\xC0\x01\x00", 6), faults);
    REQUIRE(b.data()[0] == 1.0F);
    REQUIRE(b.data()[1] == -2.5F);
    REQUIRE(double(b.data()[2]) == std::ldexp(1.0, -133));
    const Matrix<float> d = numbersOf("F64", littleEndian(std::bit_cast<std::uint64_t>(0.1)), faults);
    REQUIRE(d.data()[0] == 0.1F);
    REQUIRE(faults.empty());
}

TEST_CASE_FIXTURE(SafetensorsFixture, "numbers that are none are faults") {
    const auto text = [&](const char* dtype, const std::string& data) {
        Findings faults;
        numbersOf(dtype, data, faults);
        return attn::toText(faults, "");
    };
    const auto single = [](float x) { return littleEndian(std::bit_cast<std::uint32_t>(x)).substr(0, 4); };
    const float infinity = std::numeric_limits<float>::infinity();
    REQUIRE(text("F32", single(1) + single(NAN) + single(infinity)) ==
            "a: 2 of 3 numbers are not finite in single precision, the first at index 1");
    REQUIRE(text("F16", std::string("\x00\x7C", 2)).find("1 of 1") != std::string::npos);
    REQUIRE(text("BF16", std::string("\x80\x7F", 2)).find("1 of 1") != std::string::npos);
    REQUIRE(text("F64", littleEndian(std::bit_cast<std::uint64_t>(1e39))).find("single precision") !=
            std::string::npos);
    for (const auto& [type, name] : EnumNames<Dtype>::names) {
        if (type == Dtype::F32 || type == Dtype::F16 || type == Dtype::BF16 || type == Dtype::F64) continue;
        if (bits(type) % 8 != 0) continue;
        REQUIRE(text(std::string(name).c_str(), eightBytes) ==
                "a: unsupported dtype " + std::string(name) + "; expected F32, F16, BF16 or F64");
    }
}

TEST_CASE_FIXTURE(SafetensorsFixture, "tensors of three dimensions are faults") {
    const SafetensorsFile file = fileOf(container(oneTensor("\"F32\"", "[1,2,1]", "[0,8]"), eightBytes));
    Findings faults;
    REQUIRE(toFloat(file.tensors().front(), faults).empty());
    REQUIRE(faults.front().text == "has shape [1, 2, 1]; expected at most two dimensions");
}

TEST_CASE_FIXTURE(SafetensorsFixture, "a file changed while open is noticed") {
    const SafetensorsFile file = fileOf(container(twoTensors, eightBytes));
    file.throwIfChanged();
    fixture::writeAll(path(), container(twoTensors, eightBytes) + "more");
    REQUIRE(throws([&] { file.throwIfChanged(); }));
}

TEST_CASE_FIXTURE(SafetensorsFixture, "flipped bytes are refused or sound") {
    const std::string whole = container(twoTensors, eightBytes);
    Random random(7);
    int sound = 0;
    for (int i = 0; i < 1000; ++i) {
        std::string bytes = whole;
        for (int flips = 1 + random.below(3); flips > 0; --flips)
            bytes[static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())))] =
                static_cast<char>(random.below(256));
        try {
            const SafetensorsFile file = fileOf(bytes);
            std::size_t covered = 0;
            Findings ignored;
            for (const TensorView& tensor : file.tensors()) {
                covered += tensor.bytes.size();
                toFloat(tensor, ignored);
            }
            std::uint64_t length = 0;
            std::memcpy(&length, bytes.data(), 8);
            REQUIRE(covered + 8 + length == bytes.size());
            ++sound;
        } catch (const Error& error) {
            REQUIRE(error.kind() == ErrorKind::Data);
        }
    }
    REQUIRE((sound > 0 && sound < 1000));
}
