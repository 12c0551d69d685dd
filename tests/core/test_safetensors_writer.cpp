// SPDX-License-Identifier: GPL-3.0-or-later
// Writing the container: numbers come through, files appear whole, a failed write is reported.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <filesystem>

#include "core/base/random.h"
#include "core/io/safetensors.h"
#include "tests/core/file_fixture.h"

using namespace attn;

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

template <typename Call>
bool throws(Call&& call) {
    try {
        call();
    } catch (const Error&) {
        return true;
    }
    return false;
}

struct WriterFixture {
    fixture::TemporaryFolder m_folder;
    std::string path(const std::string& name = "file.safetensors") const { return m_folder.filePath(name); }
};

} // namespace

TEST_CASE_FIXTURE(WriterFixture, "what was written is read back") {
    Random random(3);
    std::vector<float> matrix(6), vector(5), scalar{0.25F};
    for (float& x : matrix) x = static_cast<float>(random.uniform(-3, 3));
    for (float& x : vector) x = static_cast<float>(random.below(4000) - 2000) / 16; // exact in half
    const std::vector<TensorToWrite> tensors{
        {"m", {2, 3}, matrix}, {"v \"quoted\" \n 中", {5}, vector}, {"s", {}, scalar}, {"empty", {0, 4}, {}}};
    for (const Dtype dtype : {Dtype::F32, Dtype::F16}) {
        writeSafetensors(path(), {{"key", "value \"中\""}}, tensors, dtype);
        const SafetensorsFile file(path());
        REQUIRE(file.metadata().at("key") == "value \"中\"");
        REQUIRE(file.tensors().size() == tensors.size());
        REQUIRE(std::bit_cast<std::uintptr_t>(file.tensors().front().bytes.data()) % 8 == std::uintptr_t(0));
        for (const TensorToWrite& tensor : tensors) {
            Findings faults;
            const TensorView* view = file.find(tensor.name);
            REQUIRE(view);
            REQUIRE(view->dtype == dtype);
            const Matrix<float> read = toFloat(*view, faults);
            REQUIRE(faults.empty());
            REQUIRE(read.size() == tensor.values.size());
            const double precision = dtype == Dtype::F32 || tensor.name != "m" ? 0 : std::ldexp(1.0, -11);
            for (std::size_t i = 0; i < read.size(); ++i)
                REQUIRE(std::abs(read.data()[i] - tensor.values[i]) <=
                        precision * std::abs(tensor.values[i]));
        }
    }
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder.path()))
        files += entry.path().filename().string().starts_with("file");
    REQUIRE(files == 1);
}

TEST_CASE_FIXTURE(WriterFixture, "numbers that do not fit are not written") {
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
    REQUIRE(message(65505, Dtype::F16).find("layer.W: number 1 is 65505") != std::string::npos);
    REQUIRE(message(-1e9F, Dtype::F16).find("layer.W") != std::string::npos);
    REQUIRE(message(NAN, Dtype::F32).find("layer.W: number 1 is nan") != std::string::npos);
    REQUIRE(fixture::readAll(path("old")) == before);
    REQUIRE(message(65504, Dtype::F16) == "");
    REQUIRE(message(65505, Dtype::F32) == "");
    REQUIRE(throws([&] { writeSafetensors(path(), {}, {{"a", {0}, {}}, {"a", {0}, {}}}, Dtype::F32); }));
    REQUIRE(throws([&] { writeSafetensors(path(), {{"k", "\xFF"}}, {}, Dtype::F32); }));
}

TEST_CASE_FIXTURE(WriterFixture, "a failed write names path and reason") {
    const auto message = [](const std::string& where) -> std::string {
        try {
            writeSafetensors(where, {}, {}, Dtype::F32);
        } catch (const Error& error) {
            return (error.kind() == ErrorKind::Output ? "" : "another kind: ") + std::string(error.what());
        }
        return "was written";
    };
    const std::string missing = path("none/model.safetensors");
    REQUIRE(message(missing) == missing + ": cannot be written: No such file or directory");
    const std::string folder = m_folder.path();
    REQUIRE(message(folder) == folder + ": cannot be written: not a regular file");
    REQUIRE(message("/dev/full").find("not a regular file") != std::string::npos);
}

TEST_CASE_FIXTURE(WriterFixture, "a link is followed and permissions are kept") {
    fixture::writeAll(path("real"), "old");
    REQUIRE(::chmod(path("real").c_str(), 0640) == 0);
    REQUIRE(::symlink(path("real").c_str(), path("link").c_str()) == 0);
    writeSafetensors(path("link"), {}, {}, Dtype::F32);
    struct stat status {};
    REQUIRE(::lstat(path("link").c_str(), &status) == 0);
    REQUIRE(S_ISLNK(status.st_mode));
    REQUIRE(::stat(path("real").c_str(), &status) == 0);
    REQUIRE((status.st_mode & 07777) == mode_t(0640));
    REQUIRE(SafetensorsFile(path("real")).tensors().size() == 0);
}

TEST_CASE_FIXTURE(WriterFixture, "a link to nothing is followed too") {
    REQUIRE(std::filesystem::create_directory(path("deep")));
    REQUIRE(::symlink("deep/second", path("first").c_str()) == 0); // told from the folder of the link
    REQUIRE(::symlink("new", path("deep/second").c_str()) == 0);
    writeSafetensors(path("first"), {}, {}, Dtype::F32);
    REQUIRE(std::filesystem::is_symlink(path("first")));
    REQUIRE(std::filesystem::is_symlink(path("deep/second")));
    REQUIRE(std::filesystem::is_regular_file(path("deep/new")));
    REQUIRE(SafetensorsFile(path("first")).tensors().size() == 0);

    REQUIRE(::symlink("loop", path("loop").c_str()) == 0);
    REQUIRE(throws([&] { writeSafetensors(path("loop"), {}, {}, Dtype::F32); }));
    REQUIRE(std::filesystem::is_symlink(path("loop")));
}

TEST_CASE_FIXTURE(WriterFixture, "a folder that cannot be flushed is told as it is") {
    fixture::writeAll(path("written"), "old");
    g_foldersCannotBeFlushed = true;
    std::string message;
    try {
        writeSafetensors(path("written"), {}, {}, Dtype::F32);
    } catch (const Error& error) {
        message = error.what();
    }
    g_foldersCannotBeFlushed = false;
    REQUIRE(fixture::readAll(path("written")) != "old");
    REQUIRE_MESSAGE(message.starts_with(path("written") + ": the new file is in place, but its folder"),
                    message);
    REQUIRE_MESSAGE(message.find("Input/output error") != std::string::npos, message);
}

TEST_CASE_FIXTURE(WriterFixture, "what the reader would refuse is not written") {
    const auto message = [&](const std::vector<std::pair<std::string, std::string>>& metadata,
                             const std::vector<TensorToWrite>& tensors) -> std::string {
        try {
            writeSafetensors(path("refused"), metadata, tensors, Dtype::F32);
        } catch (const Error& error) {
            return (error.kind() == ErrorKind::Argument ? "" : "another kind: ") + std::string(error.what());
        }
        return "was written";
    };
    REQUIRE(message({}, {{"", {0}, {}}}).starts_with(path("refused") + ": cannot be written"));
    const std::string header = message({{"long", std::string(100'000'000, 'x')}}, {});
    REQUIRE_MESSAGE(header.find("more than the 100000000 the format allows") != std::string::npos, header);
    REQUIRE(!std::filesystem::exists(path("refused")));
}
