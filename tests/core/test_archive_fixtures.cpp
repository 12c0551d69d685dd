// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/random.h"
#include "tests/core/container_fixture.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

const QString shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures";

#ifdef __SANITIZE_ADDRESS__
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

std::string containerFile(const QString& name) {
    return (shared + "/container/" + name).toStdString();
}

/// Every checkpoint and array file that the toolkits wrote.
QStringList realFiles() {
    QStringList files;
    QDirIterator at(shared, {"*.pt", "*.tar", "*.ckpt", "*.npz", "*.safetensors"}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (at.hasNext())
        if (const QString file = at.next(); !file.contains("/hostile/")) files << file;
    files.sort();
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
        QElapsedTimer timer;
        timer.start();
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

/// The files of ../shared/fixtures, which real toolkits and hostile hands made.
class TestArchiveFixtures : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!QDir(shared).exists()) QSKIP("skipped: ../shared/fixtures is not here");
    }

    void valuesEqualTheReference_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reference");
        for (const char* name :
             {"mini.pt", "handmade.big-endian.pt", "handmade.deflated.pt", "handmade.torch2-layout.pt"})
            QTest::newRow(name) << QString(name) << "mini.expected.json";
        for (const QString kind : {"zip", "legacy"})
            for (const QString protocol : {"2", "3", "4"}) {
                const QString name = "torture." + kind + ".protocol" + protocol + ".pt";
                QTest::newRow(name.toUtf8()) << name << "torture.expected.json";
            }
    }
    void valuesEqualTheReference() {
        QFETCH(QString, file);
        QFETCH(QString, reference);
        const auto archive = openArchive(containerFile(file));
        const auto expected = nlohmann::json::parse(fixture::readAll(containerFile(reference)));
        const std::string prefix = reference.startsWith("torture") ? "tensors." : "";
        QCOMPARE(archive->arrays().size(), expected.size());
        for (const auto& [name, tensor] : expected.items()) {
            const int index = archive->find(prefix + name);
            QVERIFY2(index >= 0, name.c_str());
            const ArrayInfo& info = archive->arrays()[static_cast<std::size_t>(index)];
            QCOMPARE(std::string(toText(info.type)), tensor["dtype"].get<std::string>());
            QVERIFY2(info.shape == tensor["shape"].get<std::vector<std::int64_t>>(), name.c_str());
            const std::vector<float> numbers = made::numbersOf(*archive, index);
            QCOMPARE(numbers.size(), tensor["values"].size());
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                const auto& value = tensor["values"][i];
                const double real =
                    value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
                const auto single = static_cast<float>(real);
                QVERIFY2(std::isnan(single)
                             ? std::isnan(numbers[i])
                             : numbers[i] == single && std::signbit(numbers[i]) == std::signbit(single),
                         (name + " " + std::to_string(i)).c_str());
            }
        }
    }

    void everyRealFileIsRead_data() {
        QTest::addColumn<QString>("file");
        for (const QString& file : realFiles())
            QTest::newRow(QDir(shared).relativeFilePath(file).toUtf8()) << file;
    }
    void everyRealFileIsRead() {
        QFETCH(QString, file);
        const auto archive = openArchive(file.toStdString());
        QVERIFY(!archive->arrays().empty());
        fingerprint(*archive);
    }

    /// The same model saved four ways.
    void containersOfOneModelAgree() {
        const std::string base = (shared + "/pytorch-classics/tutorial-bahdanau/decoder.").toStdString();
        const auto zip = openArchive(base + "pt");
        for (const char* other : {"legacy.pt", "safetensors", "half.pt", "bf16.pt"}) {
            const auto archive = openArchive(base + other);
            QCOMPARE(archive->arrays().size(), zip->arrays().size());
            const double precision = std::string(other) == "half.pt"   ? std::ldexp(1.0, -11)
                                     : std::string(other) == "bf16.pt" ? std::ldexp(1.0, -8)
                                                                       : 0;
            for (std::size_t i = 0; i < zip->arrays().size(); ++i) {
                const std::vector<float> ours = made::numbersOf(*zip, static_cast<int>(i));
                const std::vector<float> theirs = made::numbersOf(*archive, zip->arrays()[i].name);
                QCOMPARE(theirs.size(), ours.size());
                for (std::size_t k = 0; k < ours.size(); ++k)
                    if (std::abs(ours[k] - theirs[k]) >
                        precision * std::abs(ours[k]) + (precision > 0 ? 1e-7 : 0))
                        QFAIL(zip->arrays()[i].name.c_str());
            }
        }
    }

    void hostileFilesAreRefusedOrInert_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reason"); ///< empty: read, with what is hostile inert
        const auto row = [](const char* name, const char* reason) {
            QTest::newRow(name) << name << QString(reason);
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
    }
    void hostileFilesAreRefusedOrInert() {
        QFETCH(QString, file);
        QFETCH(QString, reason);
        const std::string path = containerFile("hostile/" + file);
        const Outcome outcome = openElsewhere(path);
        QVERIFY2(outcome.opened == reason.isEmpty(), outcome.message);
        QVERIFY2(QString(outcome.message).contains(reason), outcome.message);
        QVERIFY(!QFile::exists("/tmp/ptfixture_executed"));
        qInfo("%ld.%02ld s, peak grew by %ld KB", outcome.seconds100 / 100, outcome.seconds100 % 100,
              outcome.memory);
        QVERIFY(outcome.seconds100 < 200);
        if (!isSanitized)
            QVERIFY(outcome.memory < (64 << 10) + QFile(QString::fromStdString(path)).size() / 1024);
    }

    void everyHostileFileIsTried() {
        const QStringList files = QDir(shared + "/container/hostile").entryList({"*.pt"}, QDir::Files);
        QCOMPARE(files.size(), 30);
    }

    /// Cut or changed anywhere, a file is refused or sound. ATTENTOSCOPE_ALL_FLIPS=1 asks for 2,000 changes
    /// of each.
    void cutAndChangedFilesAreRefusedOrSound_data() { everyRealFileIsRead_data(); }
    void cutAndChangedFilesAreRefusedOrSound() {
        QFETCH(QString, file);
        const std::string whole = fixture::readAll(file.toStdString());
        const std::size_t original = fingerprint(*made::opened(whole));
        const bool all = qEnvironmentVariableIsSet("ATTENTOSCOPE_ALL_FLIPS");
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
            QVERIFY2(!tried(made::bytesOf(cut)), std::to_string(length).c_str());
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
                if (isChecked && *found != original)
                    QFAIL(("byte " + std::to_string(at) + " went unnoticed").c_str());
            }
            changed[at] = whole[at];
        }
        qInfo("%d changed files were opened", opened);
    }
};

QTEST_GUILESS_MAIN(TestArchiveFixtures)
#include "test_archive_fixtures.moc"
