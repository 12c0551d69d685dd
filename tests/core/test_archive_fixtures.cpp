// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/base/random.h"
#include "tests/core/container_fixture.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

const std::string shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures";

#ifdef __SANITIZE_ADDRESS__
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

/// Whether ../shared/fixtures is missing, which is reported.
bool isAbsent() {
    const bool absent = !std::filesystem::exists(shared);
    if (absent) std::puts("skipped: ../shared/fixtures is not here");
    return absent;
}

std::string containerFile(const std::string& name) {
    return (shared + "/container/" + name);
}

/// Every checkpoint and array file that the toolkits wrote.
std::vector<std::string> realFiles() {
    std::vector<std::string> files;
    const std::set<std::string> endings{".pt", ".tar", ".ckpt", ".npz", ".safetensors"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared)) {
        const std::filesystem::path& path = entry.path();
        if (entry.is_regular_file() && endings.contains(path.extension().string()) &&
            !fixture::contains(path.string(), "/hostile/"))
            files.push_back(path.string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Names and numbers of all arrays, as one number that changes with each of them.
std::size_t fingerprint(const Archive& archive) {
    std::size_t sum = archive.arrays().size();
    std::vector<float> numbers;
    for (std::size_t i = 0; i < archive.arrays().size(); ++i) {
        const ArrayInfo& info = archive.arrays()[i];
        numbers.resize(static_cast<std::size_t>(info.elements()));
        archive.read(static_cast<int>(i), numbers);
        const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()), 4 * numbers.size());
        sum = sum * 31 + std::hash<std::string_view>()(bytes) + std::hash<std::string>()(info.name);
    }
    return sum;
}

struct Outcome {
    bool opened = false;
    char message[500] = "";
    long seconds100 = 0; ///< hundredths of a second
    long memory = 0;     ///< KB that the peak grew by
};

/// Opens a file and reads all of it in a process of its own.
Outcome openElsewhere(const std::string& path) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        const auto peak = [] {
            struct rusage usage {};
            ::getrusage(RUSAGE_SELF, &usage);
            return usage.ru_maxrss;
        };
        Outcome outcome;
        const long before = peak();
        const fixture::Stopwatch timer;
        try {
            fingerprint(*openArchive(path));
            outcome.opened = true;
        } catch (const Error& error) {
            std::strncpy(outcome.message, error.what(), sizeof outcome.message - 1);
        }
        outcome.seconds100 = static_cast<long>(timer.elapsed() / 10);
        outcome.memory = peak() - before;
        if (::write(ends[1], &outcome, sizeof outcome) != sizeof outcome) ::_exit(1);
        ::_exit(0);
    }
    ::close(ends[1]);
    Outcome outcome;
    const bool told = ::read(ends[0], &outcome, sizeof outcome) == sizeof outcome;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!told || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(path + ": the reader died");
    return outcome;
}

} // namespace

/// Files of ../shared/fixtures, written by real toolkits or made to attack a reader. Skipped without them.
TEST_SUITE_BEGIN("shared fixtures" * doctest::skip(isAbsent()));

namespace {

struct ValuesEqualTheReferenceRow {
    std::string row;
    std::string file;
    std::string reference;
};

std::vector<ValuesEqualTheReferenceRow> valuesEqualTheReferenceRows() {
    std::vector<ValuesEqualTheReferenceRow> rows;
    for (const char* name :
         {"mini.pt", "handmade.big-endian.pt", "handmade.deflated.pt", "handmade.torch2-layout.pt"})
        rows.push_back({name, std::string(name), "mini.expected.json"});
    for (const std::string kind : {"zip", "legacy"})
        for (const std::string protocol : {"2", "3", "4"}) {
            const std::string name = "torture." + kind + ".protocol" + protocol + ".pt";
            rows.push_back({name, name, "torture.expected.json"});
        }
    return rows;
}

} // namespace

TEST_CASE("values equal the reference") {
    for (const ValuesEqualTheReferenceRow& row : valuesEqualTheReferenceRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string& reference = row.reference;
        const auto archive = openArchive(containerFile(file));
        const auto expected = nlohmann::json::parse(fixture::readAll(containerFile(reference)));
        const std::string prefix = reference.starts_with("torture") ? "tensors." : "";
        REQUIRE(archive->arrays().size() == expected.size());
        for (const auto& [name, tensor] : expected.items()) {
            const int index = archive->find(prefix + name);
            REQUIRE_MESSAGE(index >= 0, name);
            const ArrayInfo& info = archive->arrays()[static_cast<std::size_t>(index)];
            REQUIRE(std::string(toText(info.type)) == tensor["dtype"].get<std::string>());
            REQUIRE_MESSAGE(info.shape == tensor["shape"].get<std::vector<std::int64_t>>(), name);
            const std::vector<float> numbers = made::numbersOf(*archive, index);
            REQUIRE(numbers.size() == tensor["values"].size());
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                const auto& value = tensor["values"][i];
                const double real =
                    value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
                const auto single = static_cast<float>(real);
                REQUIRE_MESSAGE((std::isnan(single) ? std::isnan(numbers[i])
                                                    : numbers[i] == single &&
                                                          std::signbit(numbers[i]) == std::signbit(single)),
                                (name + " " + std::to_string(i)));
            }
        }
    }
}

namespace {

struct EveryRealFileIsReadRow {
    std::string row;
    std::string file;
};

std::vector<EveryRealFileIsReadRow> everyRealFileIsReadRows() {
    std::vector<EveryRealFileIsReadRow> rows;
    for (const std::string& file : realFiles())
        rows.push_back({std::filesystem::relative(file, shared).string(), file});
    return rows;
}

} // namespace

TEST_CASE("every real file is read") {
    for (const EveryRealFileIsReadRow& row : everyRealFileIsReadRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const auto archive = openArchive(file);
        REQUIRE(!archive->arrays().empty());
        fingerprint(*archive);
    }
}

/// The same model saved four ways.
TEST_CASE("containers of one model agree") {
    const std::string base = (shared + "/pytorch-classics/tutorial-bahdanau/decoder.");
    const auto zip = openArchive(base + "pt");
    for (const char* other : {"legacy.pt", "safetensors", "half.pt", "bf16.pt"}) {
        const auto archive = openArchive(base + other);
        REQUIRE(archive->arrays().size() == zip->arrays().size());
        const double precision = std::string(other) == "half.pt"   ? std::ldexp(1.0, -11)
                                 : std::string(other) == "bf16.pt" ? std::ldexp(1.0, -8)
                                                                   : 0;
        for (std::size_t i = 0; i < zip->arrays().size(); ++i) {
            const std::vector<float> ours = made::numbersOf(*zip, static_cast<int>(i));
            const std::vector<float> theirs = made::numbersOf(*archive, zip->arrays()[i].name);
            REQUIRE(theirs.size() == ours.size());
            for (std::size_t k = 0; k < ours.size(); ++k)
                if (std::abs(ours[k] - theirs[k]) >
                    precision * std::abs(ours[k]) + (precision > 0 ? 1e-7 : 0))
                    FAIL(zip->arrays()[i].name);
        }
    }
}

namespace {

struct HostileFilesAreRefusedOrInertRow {
    std::string row;
    std::string file;
    std::string reason; ///< empty: read, with what is hostile inert
};

std::vector<HostileFilesAreRefusedOrInertRow> hostileFilesAreRefusedOrInertRows() {
    std::vector<HostileFilesAreRefusedOrInertRow> rows;
    const auto row = [&](const char* name, const char* reason) {
        rows.push_back({name, name, std::string(reason)});
    };
    row("reduce-os-system.pt", "");
    row("reduce-os-system.legacy.pt", "");
    row("deep-nesting.pt", "");
    row("self-reference.pt", "");
    row("memo-bomb.pt", "");
    row("not-utf8-key.pt", "");
    row("empty.pt", "is empty");
    row("garbage.pt", "none of the files that are read");
    row("just-pk.pt", "damaged");
    row("truncated-half.pt", "lacks the directory at its end");
    row("truncated-no-eocd.pt", "lacks the directory at its end");
    row("pickle-empty.pt", "ends early");
    row("pickle-truncated.pt", "ends early");
    row("no-stop.pt", "ends early");
    row("stack-underflow.pt", "takes from the stack what is not there");
    row("mark-missing.pt", "mark that is not there");
    row("memo-missing.pt", "never remembered");
    row("string-length-lies.pt", "2147483647 bytes expected, 4 left");
    row("storage-missing.pt", "names the storage 0, but there is no entry");
    row("storage-short.pt", "has 92 bytes, but is said to hold 24");
    row("numel-lies.pt", "is said to hold 1099511627776");
    row("storage-key-traversal.pt", "no entry x/data/../../../etc/passwd");
    row("stride-out-of-range.pt", "reaches element 1805");
    row("negative-offset.pt", "element -1");
    row("negative-stride.pt", "[-6, 1]");
    row("negative-size.pt", "[-4, 6]");
    row("huge-size.pt", "more bytes than 64 bits");
    row("overflow-product.pt", "more bytes than 64 bits");
    row("unknown-storage.pt", "QInt8Storage");
    row("unknown-persid-tag.pt", "no storage");
    return rows;
}

} // namespace

TEST_CASE("hostile files are refused or inert") {
    for (const HostileFilesAreRefusedOrInertRow& row : hostileFilesAreRefusedOrInertRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string& reason = row.reason;
        const std::string path = containerFile("hostile/" + file);
        const Outcome outcome = openElsewhere(path);
        REQUIRE_MESSAGE(outcome.opened == reason.empty(), outcome.message);
        REQUIRE_MESSAGE(fixture::contains(outcome.message, reason), outcome.message);
        REQUIRE(!std::filesystem::exists("/tmp/ptfixture_executed"));
        std::printf("%ld.%02ld s, peak grew by %ld KB\n", outcome.seconds100 / 100, outcome.seconds100 % 100,
                    outcome.memory);
        REQUIRE(outcome.seconds100 < 200);
        if (!isSanitized)
            REQUIRE(outcome.memory < (64 << 10) + static_cast<long>(std::filesystem::file_size(path) / 1024));
    }
}

TEST_CASE("every hostile file is tried") {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(shared + "/container/hostile"))
        files += entry.path().extension() == ".pt";
    REQUIRE(files == 30);
}

TEST_CASE("cut and changed files are refused or sound") {
    for (const EveryRealFileIsReadRow& row : everyRealFileIsReadRows()) {
        CAPTURE(row.row);
        const std::string& file = row.file;
        const std::string whole = fixture::readAll(file);
        const std::size_t original = fingerprint(*made::opened(whole));
        const bool all = (std::getenv("ATTENTOSCOPE_ALL_FLIPS") != nullptr);
        const auto tried = [](std::span<const std::byte> bytes) -> std::optional<std::size_t> {
            try {
                return fingerprint(*openArchiveBytes(bytes, "changed"));
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::Bug || error.kind() == ErrorKind::Argument) throw;
                return std::nullopt;
            }
        };
        const std::size_t step = all || whole.size() < 1'000'000 ? 1'000 : 20'000;
        for (std::size_t length = 0; length < whole.size(); length += step) {
            const std::string cut = whole.substr(0, length); // of its own, so that a byte too far is noticed
            REQUIRE_MESSAGE(!tried(made::bytesOf(cut)), std::to_string(length));
        }
        Random random(11);
        std::string changed = whole;
        // Zip archives know what their content was; the other containers do not.
        const bool isChecked = whole.starts_with("PK");
        int opened = 0;
        for (int i = 0, flips = all ? 2'000 : whole.size() < 100'000 ? 500 : 20; i < flips; ++i) {
            const auto at = static_cast<std::size_t>(random.below(static_cast<int>(whole.size())));
            changed[at] = static_cast<char>(changed[at] ^ (1 + random.below(255)));
            if (const auto found = tried(made::bytesOf(changed))) {
                ++opened;
                if (isChecked && *found != original) FAIL(("byte " + std::to_string(at) + " went unnoticed"));
            }
            changed[at] = whole[at];
        }
        std::printf("%d changed files were opened\n", opened);
    }
}
