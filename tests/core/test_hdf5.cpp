// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files open as arrays whatever their element type and storage; hostile and damaged ones are ordinary
// errors, soon and without much memory, and no other file is read for them.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <functional>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/io/container/archive.h"
#include "core/io/container/open_container.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

const std::string fixtures = ATTENTOSCOPE_FIXTURES "/hdf5/";
const std::string secret = "not for you: 0123456789abcdef"; // as in make.py

std::vector<float> numbers(const Archive& archive, std::string_view name) {
    const int index = archive.find(name);
    if (index < 0) throw std::runtime_error("there is no " + std::string(name));
    std::vector<float> values(
        static_cast<std::size_t>(archive.arrays()[static_cast<std::size_t>(index)].elements()));
    archive.read(index, values);
    return values;
}

/// Opens and reads everything; the message if that is refused.
std::string readAllOf(const std::string& path, std::optional<ErrorKind>& kind) {
    try {
        const ArchivePtr archive = openArchive(path);
        for (const ArrayInfo& info : archive->arrays()) numbers(*archive, info.name);
        return "";
    } catch (const Error& error) {
        kind = error.kind();
        return error.what();
    }
}

/// Kilobytes that the largest helper so far had; each begins as a part of this process and counts its memory
/// too.
long mostMemory() {
    struct rusage usage {};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return usage.ru_maxrss;
}

} // namespace

struct Hdf5Fixture {
    fixture::TemporaryFolder m_folder;
};

TEST_CASE_FIXTURE(Hdf5Fixture, "every kind of number is read") {
    const ArchivePtr archive = openArchive(fixtures + "kinds.h5");
    REQUIRE(archive->kind() == ContainerKind::Hdf5);
    const auto is = [&](const char* name, ElementType type, const std::vector<std::int64_t>& shape,
                        const std::vector<float>& expected) {
        const int index = archive->find(name);
        REQUIRE_MESSAGE(index >= 0, name);
        const ArrayInfo& info = archive->arrays()[static_cast<std::size_t>(index)];
        REQUIRE_MESSAGE((info.type == type && info.shape == shape), name);
        REQUIRE_MESSAGE(numbers(*archive, name) == expected, name);
    };
    is("model_weights/layer.1/k:0", ElementType::F32, {2, 3}, {0, 1, 2, 3, 4, 5});
    is("model_weights/layer.1/b:0", ElementType::F64, {2}, {1.5F, -2.25F});
    is("half", ElementType::F16, {3}, {1.5F, -0.125F, 65504});
    is("brain", ElementType::BF16, {2}, {1.5F, -2});
    is("bools", ElementType::I8, {3}, {1, 0, 1});
    is("bytes", ElementType::U8, {2}, {1, 255});
    is("i1", ElementType::I8, {2}, {-128, 127});
    is("i2", ElementType::I16, {2}, {-32768, 32767});
    is("i4", ElementType::I32, {2}, {-2147483648.0F, 2147483647.0F});
    is("i8", ElementType::I64, {2}, {-9223372036854775808.0F, 9223372036854775807.0F});
    is("u2", ElementType::I64, {2}, {0, 65535});
    is("u4", ElementType::I64, {2}, {0, 4294967295.0F});
    is("scalar", ElementType::F32, {}, {2.5F});
    is("empty", ElementType::F32, {0, 3}, {});
    std::vector<float> counting(5000);
    for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = static_cast<float>(i);
    is("packed", ElementType::F32, {50, 100}, counting);
    REQUIRE(archive->arrays().size() == std::size_t{15});
    REQUIRE(archive->readBytes(archive->find("bytes")) == "\x01\xFF");
    REQUIRE_THROWS_AS(archive->readBytes(archive->find("half")), Error);
}

TEST_CASE_FIXTURE(Hdf5Fixture, "attributes are kept") {
    const ArchivePtr archive = openArchive(fixtures + "kinds.h5");
    REQUIRE(archive->documents().at("model_config") == "{\"a\": \"é\"}");
    REQUIRE(*archive->data()[""]["keras_version"].text() == "2.9.0");
    REQUIRE(archive->data()["model_weights"]["layer_names"].texts().empty());
    // Keras divides a long list: its parts follow the whole one, where there is one.
    REQUIRE(archive->data()["model_weights/layer.1"]["weight_names"].texts() ==
            (std::vector<std::string>{"k:0", "b:0", "x", "y", "z"}));
}

TEST_CASE_FIXTURE(Hdf5Fixture, "bytes in memory are read") {
    const std::string bytes = fixture::readAll(fixtures + "kinds.h5");
    const ArchivePtr archive = openArchiveBytes(std::as_bytes(std::span(bytes)), "memory");
    REQUIRE(numbers(*archive, "scalar") == std::vector<float>{2.5F});
    REQUIRE(archive->path() == "memory");
}

namespace {

struct HostileFilesAreRefusedRow {
    std::string row;
    int kind;
    std::string text;
};

std::vector<HostileFilesAreRefusedRow> hostileFilesAreRefusedRows() {
    std::vector<HostileFilesAreRefusedRow> rows;
    const auto row = [&](const char* name, ErrorKind kind, const char* text) {
        rows.push_back({name, static_cast<int>(kind), std::string(text)});
    };
    row("external_storage", ErrorKind::Unsupported, "w: keeps its data in another file, which is not opened");
    row("external_link", ErrorKind::Unsupported, "w: is a link to another file, which is not opened");
    row("virtual", ErrorKind::Unsupported, "w: is a virtual dataset");
    row("soft_link", ErrorKind::Unsupported, "w: is a soft link");
    row("tebibyte", ErrorKind::Limit,
        "w: says that it has 274877906944 elements, but only 0 bytes are stored");
    row("tebibyte_plain", ErrorKind::Limit, "w: says that it has 524288 x 524288 elements");
    row("overflow", ErrorKind::Limit, "w: says that it has 8589934592 x 8589934592 elements");
    row("chunk", ErrorKind::Limit, "w: says that it has 4 elements, but only 0 bytes");
    row("bomb", ErrorKind::Limit, "w: with it the arrays have 67108864 bytes");
    row("deep", ErrorKind::Limit, "lies deeper than 32 groups");
    row("two_paths", ErrorKind::Unsupported, "b: can be reached by two paths");
    row("cycle", ErrorKind::Unsupported, "a/again: can be reached by two paths");
    row("texts", ErrorKind::Unsupported, "w: holds elements that are no plain numbers");
    row("compound", ErrorKind::Unsupported, "w: holds elements that are no plain numbers");
    row("references", ErrorKind::Unsupported, "w: holds elements that are no plain numbers");
    row("lzf", ErrorKind::Unsupported, "w: is packed by filter 32000");
    row("type", ErrorKind::Unsupported, "w: is neither a group nor an array");
    row("attribute", ErrorKind::Data, "the attribute layer_names is no text");
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(Hdf5Fixture, "hostile files are refused") {
    for (const HostileFilesAreRefusedRow& row : hostileFilesAreRefusedRows()) {
        CAPTURE(row.row);
        const int kind = row.kind;
        const std::string& text = row.text;
        // The files that the hostile ones name are there to be found.
        std::filesystem::current_path(m_folder.path());
        fixture::writeAll("secret.bin", secret);
        fixture::writeAll("secret.h5", fixture::readAll(fixtures + "kinds.h5"));
        const std::string path = m_folder.filePath("hostile.h5");
        fixture::writeAll(path, fixture::readAll(fixtures + row.row + ".h5"));
        const fixture::Stopwatch clock;
        std::optional<ErrorKind> found;
        const std::string message = readAllOf(path, found);
        REQUIRE_MESSAGE(found == static_cast<ErrorKind>(kind), message);
        REQUIRE_MESSAGE((message.starts_with(path + ": ") && message.find(text) != std::string::npos),
                        message);
        REQUIRE(message.find(secret.substr(0, 8)) == std::string::npos);
        REQUIRE(clock.elapsed() < 10'000); // of a machine that is busy; 10 ms of processor time
    }
}

TEST_CASE_FIXTURE(Hdf5Fixture, "truncated files are errors") {
    const std::string whole = fixture::readAll(fixtures + "kinds.h5"),
                      path = m_folder.filePath("truncated.h5");
    for (std::size_t length = 0; length < whole.size(); length += 1000) {
        fixture::writeAll(path, whole.substr(0, length));
        std::optional<ErrorKind> kind;
        const std::string message = readAllOf(path, kind);
        REQUIRE_MESSAGE((kind && message.starts_with(path)), message);
    }
}

TEST_CASE_FIXTURE(Hdf5Fixture, "damaged files are errors") {
    // ATTENTOSCOPE_MUTATIONS=2000 takes half a minute of processor time.
    const int mutations = fixture::environmentNumber("ATTENTOSCOPE_MUTATIONS", 300);
    const std::string path = m_folder.filePath("damaged.h5");
    std::vector<std::string> wholes;
    for (const char* name : {"kinds", "external_storage", "external_link", "virtual", "texts", "deep"})
        wholes.push_back(fixture::readAll(fixtures + name + ".h5"));
    Random random(11);
    int opened = 0, refused = 0, ended = 0;
    for (int i = 0; i < mutations; ++i) {
        std::string bytes = wholes[i % 2 == 0 ? 0 : static_cast<std::size_t>(random.below(6))];
        for (int changes = 1 + random.below(4); changes > 0; --changes)
            bytes[static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())))] =
                static_cast<char>(random.below(256));
        fixture::writeAll(path, bytes);
        std::optional<ErrorKind> kind;
        const std::string message = readAllOf(path, kind);
        REQUIRE_MESSAGE(
            (!kind || kind == ErrorKind::Data || kind == ErrorKind::Unsupported || kind == ErrorKind::Limit),
            message);
        REQUIRE_MESSAGE((!kind || message.starts_with(path)), message);
        const bool helperEnded = message.find("the helper that reads HDF5 files") != std::string::npos;
        if (helperEnded) std::printf("%s\n", message.substr(path.size()).c_str());
        ++(!kind ? opened : helperEnded ? ended : refused);
    }
    struct rusage own {};
    ::getrusage(RUSAGE_SELF, &own);
    std::printf(
        "of %d damaged files %d opened, %d were refused, %d ended the helper; the largest helper had %ld kB, "
        "this "
        "process %ld kB\n",
        mutations, opened, refused, ended, mostMemory(), own.ru_maxrss);
    REQUIRE((opened > 0 && refused > 0));
#ifndef __SANITIZE_ADDRESS__
    REQUIRE(mostMemory() < own.ru_maxrss + 64'000);
#endif
}
