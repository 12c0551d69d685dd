// SPDX-License-Identifier: GPL-3.0-or-later
// The container: what is refused and in which words, that numbers come through, that files appear whole.
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QtTest>
#include <bit>
#include <cerrno>
#include <cmath>
#include <limits>

#include "core/base/json_text.h"
#include "core/base/random.h"
#include "core/io/safetensors.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using fixture::container;
using fixture::littleEndian;

Q_DECLARE_METATYPE(std::string)

namespace {
bool g_foldersCannotBeFlushed = false;
}

/// Stands in for the system's: a disk that fails when a folder is flushed to it.
extern "C" int fsync(int descriptor) {
    struct stat status {};
    if (g_foldersCannotBeFlushed && ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

const std::string eightBytes(8, '\0');
/// Two tensors of one F32 each, which is sound.
const std::string twoTensors =
    R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";

std::string oneTensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name = "file.safetensors") const {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }
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

private slots:
    void refuses_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("fragment");
        const auto row = [](const char* name, const std::string& bytes, const std::string& fragment) {
            QTest::newRow(name) << bytes << fragment;
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
        row("metadata stands twice", container(R"({"__metadata__":{},"__metadata__":{}})", ""),
            "stands twice");
        row("metadata is a list", container(R"({"__metadata__":[]})", ""),
            "__metadata__: expected an object");
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
    }
    void refuses() {
        QFETCH(std::string, bytes);
        QFETCH(std::string, fragment);
        try {
            fileOf(bytes);
            QFAIL("was read");
        } catch (const Error& error) {
            const std::string message = error.what();
            QVERIFY2(message.starts_with(path() + ": "), message.c_str());
            QVERIFY2(message.find(fragment) != std::string::npos, message.c_str());
            QVERIFY2(message.size() < 2000, "a message longer than anybody reads");
            QCOMPARE(error.kind(), ErrorKind::Data);
        }
    }

    void aHeaderAboveTheFormatsLimitIsRefused() {
        fixture::writeAll(path(), littleEndian(100'000'001) + "{");
        QCOMPARE(::truncate(path().c_str(), 8 + 100'000'001), 0); // a hole: it takes no room
        try {
            SafetensorsFile file(path());
            QFAIL("was read");
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::Limit);
            QVERIFY(std::string(error.what()).find("100000001 bytes, more than the 100000000") !=
                    std::string::npos);
        }
    }

    void everyTruncationIsRefused() {
        const std::string whole = container(twoTensors, eightBytes);
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY2(throws([&] { fileOf(whole.substr(0, length)); }), std::to_string(length).c_str());
        QCOMPARE(fileOf(whole).tensors().size(), std::size_t(2));
    }

    void everyFaultIsToldAtOnceButNotThousands() {
        nlohmann::ordered_json header;
        for (int i = 0; i < 120; ++i)
            header["t" + std::to_string(1000 + i)] = {{"dtype", "X"}, {"shape", {-1}}, {"data_offsets", {0}}};
        try {
            fileOf(container(header.dump(), ""));
            QFAIL("was read");
        } catch (const Error& error) {
            const std::string message = error.what();
            for (const char* part : {"t1000: unknown dtype", "t1000: shape must", "t1000: data_offsets must",
                                     "t1016: shape must", "and 310 more"})
                QVERIFY2(message.find(part) != std::string::npos, part);
        }
    }

    void whatIsNoFileIsRefused() {
        const auto message = [](const std::string& where) -> std::string {
            try {
                SafetensorsFile file(where);
            } catch (const Error& error) {
                return error.kind() == ErrorKind::Data ? error.what() : "another kind";
            }
            return "was read";
        };
        const std::string folder = m_folder.path().toStdString();
        QVERIFY(message(folder).find("is a folder") != std::string::npos);
        QVERIFY(message(folder + "/none").find("No such file") != std::string::npos);
        QCOMPARE(::mkfifo((folder + "/pipe").c_str(), 0600), 0);
        QVERIFY(message(folder + "/pipe").find("not a regular file") != std::string::npos);
        QVERIFY(message("/dev/zero").find("not a regular file") != std::string::npos);
    }

    void soundFilesAreRead() {
        // Out of order, an empty tensor, a scalar, spaces behind the header, metadata with other alphabets.
        const std::string header =
            R"({"z":{"shape":[2,1],"dtype":"F32","data_offsets":[0,8]},"__metadata__":{"k":"v","é":"中"},)"
            R"("a":{"dtype":"I64","shape":[],"data_offsets":[8,16]},)"
            R"("e":{"dtype":"F32","shape":[0,18446744073709551615,2],"data_offsets":[8,8]}}     )";
        const SafetensorsFile file = fileOf(container(header, std::string(16, '\0')));
        QCOMPARE(file.tensors().size(), std::size_t(3));
        QCOMPARE(file.tensors()[0].name, std::string("z"));
        QCOMPARE(file.tensors()[1].name, std::string("e"));
        QCOMPARE(file.find("a")->bytes.size(), std::size_t(8));
        QVERIFY(!file.find("b"));
        QCOMPARE(file.metadata().at("é"), std::string("中"));
        QCOMPARE(fileOf(container("{}", "")).tensors().size(), std::size_t(0));
    }

    void everyHalfPrecisionNumberIsRead() {
        // IEEE 754: 1 sign, 5 exponent (bias 15) and 10 fraction bits.
        std::string data;
        for (int i = 0; i < 0x10000; ++i) {
            if ((i >> 10 & 31) == 31) continue;
            data += static_cast<char>(i & 0xFF);
            data += static_cast<char>(i >> 8);
        }
        Findings faults;
        const Matrix<float> numbers = numbersOf("F16", data, faults);
        QVERIFY(faults.empty());
        std::size_t at = 0;
        for (int i = 0; i < 0x10000; ++i) {
            const int exponent = i >> 10 & 31, fraction = i & 1023;
            if (exponent == 31) continue;
            const double size =
                exponent ? std::ldexp(1024 + fraction, exponent - 25) : std::ldexp(fraction, -24);
            QCOMPARE(double(numbers.data()[at++]), i & 0x8000 ? -size : size);
        }
        QCOMPARE(at, numbers.size());
    }

    void otherPrecisionsAreRead() {
        Findings faults;
        // BF16: 1 sign, 8 exponent (bias 127), 7 fraction bits: 1.0, -2.5, the smallest subnormal.
        const Matrix<float> b = numbersOf("BF16", std::string("\x80\x3F\x20\xC0\x01\x00", 6), faults);
        QCOMPARE(b.data()[0], 1.0F);
        QCOMPARE(b.data()[1], -2.5F);
        QCOMPARE(double(b.data()[2]), std::ldexp(1.0, -133));
        const Matrix<float> d = numbersOf("F64", littleEndian(std::bit_cast<std::uint64_t>(0.1)), faults);
        QCOMPARE(d.data()[0], 0.1F);
        QVERIFY(faults.empty());
    }

    void numbersThatAreNoneAreFaults() {
        const auto text = [&](const char* dtype, const std::string& data) {
            Findings faults;
            numbersOf(dtype, data, faults);
            return attn::toText(faults, "");
        };
        const auto single = [](float x) {
            return littleEndian(std::bit_cast<std::uint32_t>(x)).substr(0, 4);
        };
        const float infinity = std::numeric_limits<float>::infinity();
        QCOMPARE(text("F32", single(1) + single(NAN) + single(infinity)),
                 std::string("a: 2 of 3 numbers are not finite in single precision, the first at index 1"));
        QVERIFY(text("F16", std::string("\x00\x7C", 2)).find("1 of 1") != std::string::npos);
        QVERIFY(text("BF16", std::string("\x80\x7F", 2)).find("1 of 1") != std::string::npos);
        QVERIFY(text("F64", littleEndian(std::bit_cast<std::uint64_t>(1e39))).find("single precision") !=
                std::string::npos);
        for (const auto& [type, name] : EnumNames<Dtype>::names) {
            if (type == Dtype::F32 || type == Dtype::F16 || type == Dtype::BF16 || type == Dtype::F64)
                continue;
            if (bits(type) % 8 != 0) continue;
            QCOMPARE(text(std::string(name).c_str(), eightBytes),
                     "a: unsupported dtype " + std::string(name) + "; expected F32, F16, BF16 or F64");
        }
    }

    void tensorsOfThreeDimensionsAreFaults() {
        const SafetensorsFile file = fileOf(container(oneTensor("\"F32\"", "[1,2,1]", "[0,8]"), eightBytes));
        Findings faults;
        QVERIFY(toFloat(file.tensors().front(), faults).empty());
        QCOMPARE(faults.front().text, std::string("has shape [1, 2, 1]; expected at most two dimensions"));
    }

    void whatWasWrittenIsReadBack() {
        Random random(3);
        std::vector<float> matrix(6), vector(5), scalar{0.25F};
        for (float& x : matrix) x = static_cast<float>(random.uniform(-3, 3));
        for (float& x : vector) x = static_cast<float>(random.below(4000) - 2000) / 16; // exact in half
        const std::vector<TensorToWrite> tensors{{"m", {2, 3}, matrix},
                                                 {"v \"quoted\" \n 中", {5}, vector},
                                                 {"s", {}, scalar},
                                                 {"empty", {0, 4}, {}}};
        for (const Dtype dtype : {Dtype::F32, Dtype::F16}) {
            writeSafetensors(path(), {{"key", "value \"中\""}}, tensors, dtype);
            const SafetensorsFile file(path());
            QCOMPARE(file.metadata().at("key"), std::string("value \"中\""));
            QCOMPARE(file.tensors().size(), tensors.size());
            QCOMPARE(std::bit_cast<std::uintptr_t>(file.tensors().front().bytes.data()) % 8,
                     std::uintptr_t(0));
            for (const TensorToWrite& tensor : tensors) {
                Findings faults;
                const TensorView* view = file.find(tensor.name);
                QVERIFY(view);
                QCOMPARE(view->dtype, dtype);
                const Matrix<float> read = toFloat(*view, faults);
                QVERIFY(faults.empty());
                QCOMPARE(read.size(), tensor.values.size());
                const double precision = dtype == Dtype::F32 || tensor.name != "m" ? 0 : std::ldexp(1.0, -11);
                for (std::size_t i = 0; i < read.size(); ++i)
                    QVERIFY(std::abs(read.data()[i] - tensor.values[i]) <=
                            precision * std::abs(tensor.values[i]));
            }
        }
        QCOMPARE(QDir(m_folder.path()).entryList({"file*"}, QDir::Files).size(), 1);
    }

    void numbersThatDoNotFitAreNotWritten() {
        const std::string before = "what was there";
        fixture::writeAll(path("old"), before);
        const auto message = [&](float x, Dtype dtype) -> std::string {
            const std::vector<float> values{1, x};
            try {
                writeSafetensors(path("old"), {}, {{"layer.W", {2}, values}}, dtype);
            } catch (const Error& error) {
                return error.what();
            }
            return "";
        };
        QVERIFY(message(65505, Dtype::F16).find("layer.W: number 1 is 65505") != std::string::npos);
        QVERIFY(message(-1e9F, Dtype::F16).find("layer.W") != std::string::npos);
        QVERIFY(message(NAN, Dtype::F32).find("layer.W: number 1 is nan") != std::string::npos);
        QCOMPARE(fixture::readAll(path("old")), before);
        QCOMPARE(message(65504, Dtype::F16), std::string());
        QCOMPARE(message(65505, Dtype::F32), std::string());
        QVERIFY(throws([&] { writeSafetensors(path(), {}, {{"a", {0}, {}}, {"a", {0}, {}}}, Dtype::F32); }));
        QVERIFY(throws([&] { writeSafetensors(path(), {{"k", "\xFF"}}, {}, Dtype::F32); }));
    }

    void aFailedWriteNamesPathAndReason() {
        const auto message = [](const std::string& where) -> std::string {
            try {
                writeSafetensors(where, {}, {}, Dtype::F32);
            } catch (const Error& error) {
                return (error.kind() == ErrorKind::Output ? "" : "another kind: ") +
                       std::string(error.what());
            }
            return "was written";
        };
        const std::string missing = path("none/model.safetensors");
        QCOMPARE(message(missing), missing + ": cannot be written: No such file or directory");
        const std::string folder = m_folder.path().toStdString();
        QCOMPARE(message(folder), folder + ": cannot be written: not a regular file");
        QVERIFY(message("/dev/full").find("not a regular file") != std::string::npos);
    }

    void aLinkIsFollowedAndPermissionsAreKept() {
        fixture::writeAll(path("real"), "old");
        QCOMPARE(::chmod(path("real").c_str(), 0640), 0);
        QCOMPARE(::symlink(path("real").c_str(), path("link").c_str()), 0);
        writeSafetensors(path("link"), {}, {}, Dtype::F32);
        struct stat status {};
        QCOMPARE(::lstat(path("link").c_str(), &status), 0);
        QVERIFY(S_ISLNK(status.st_mode));
        QCOMPARE(::stat(path("real").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777, mode_t(0640));
        QCOMPARE(SafetensorsFile(path("real")).tensors().size(), std::size_t(0));
    }

    void aLinkToNothingIsFollowedToo() {
        QVERIFY(QDir(m_folder.path()).mkdir("deep"));
        QCOMPARE(::symlink("deep/second", path("first").c_str()), 0); // told from the folder of the link
        QCOMPARE(::symlink("new", path("deep/second").c_str()), 0);
        writeSafetensors(path("first"), {}, {}, Dtype::F32);
        QVERIFY(QFileInfo(m_folder.filePath("first")).isSymLink());
        QVERIFY(QFileInfo(m_folder.filePath("deep/second")).isSymLink());
        QVERIFY(QFileInfo(m_folder.filePath("deep/new")).isFile());
        QCOMPARE(SafetensorsFile(path("first")).tensors().size(), std::size_t(0));

        QCOMPARE(::symlink("loop", path("loop").c_str()), 0);
        QVERIFY(throws([&] { writeSafetensors(path("loop"), {}, {}, Dtype::F32); }));
        QVERIFY(QFileInfo(m_folder.filePath("loop")).isSymLink());
    }

    void aFolderThatCannotBeFlushedIsToldAsItIs() {
        fixture::writeAll(path("written"), "old");
        g_foldersCannotBeFlushed = true;
        std::string message;
        try {
            writeSafetensors(path("written"), {}, {}, Dtype::F32);
        } catch (const Error& error) {
            message = error.what();
        }
        g_foldersCannotBeFlushed = false;
        QVERIFY(fixture::readAll(path("written")) != "old");
        QVERIFY2(message.starts_with(path("written") + ": the new file is in place, but its folder"),
                 message.c_str());
        QVERIFY2(message.find("Input/output error") != std::string::npos, message.c_str());
    }

    void whatTheReaderWouldRefuseIsNotWritten() {
        const auto message = [&](const std::vector<std::pair<std::string, std::string>>& metadata,
                                 const std::vector<TensorToWrite>& tensors) -> std::string {
            try {
                writeSafetensors(path("refused"), metadata, tensors, Dtype::F32);
            } catch (const Error& error) {
                return (error.kind() == ErrorKind::Argument ? "" : "another kind: ") +
                       std::string(error.what());
            }
            return "was written";
        };
        QVERIFY(message({}, {{"", {0}, {}}}).starts_with(path("refused") + ": cannot be written"));
        const std::string header = message({{"long", std::string(100'000'000, 'x')}}, {});
        QVERIFY2(header.find("more than the 100000000 the format allows") != std::string::npos,
                 header.c_str());
        QVERIFY(!QFileInfo::exists(m_folder.filePath("refused")));
    }

    void aFileChangedWhileOpenIsNoticed() {
        const SafetensorsFile file = fileOf(container(twoTensors, eightBytes));
        file.throwIfChanged();
        fixture::writeAll(path(), container(twoTensors, eightBytes) + "more");
        QVERIFY(throws([&] { file.throwIfChanged(); }));
    }

    void flippedBytesAreRefusedOrSound() {
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
                QCOMPARE(covered + 8 + length, bytes.size());
                ++sound;
            } catch (const Error& error) {
                QVERIFY(error.kind() == ErrorKind::Data);
            }
        }
        QVERIFY(sound > 0 && sound < 1000);
    }

private:
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

QTEST_GUILESS_MAIN(TestSafetensors)
#include "test_safetensors.moc"
