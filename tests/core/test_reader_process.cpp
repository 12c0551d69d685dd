// SPDX-License-Identifier: GPL-3.0-or-later
// The helper's end, whatever it is, is an ordinary error that names the file and says how; nothing waits
// longer than it was told, and SentencePiece models that crash the library crash the helper alone.
#include <doctest/doctest.h>
#include <sentencepiece_trainer.h>

#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/io/container/reader_process.h"
#include "core/io/container/sentence_piece_file.h"
#include "core/tasks/task.h"
#include "core/text/tokeniser.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using namespace std::chrono_literals;

namespace {

struct Thrown {
    std::string text = "nothing was thrown";
    std::optional<ErrorKind> kind;

    bool says(ErrorKind expected, const std::string& part) const {
        return kind == expected && text.find(part) != std::string::npos;
    }
};

Thrown thrown(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        return {error.what(), error.kind()};
    }
    return {};
}

/// Reads files by a shell script in the helper's place.
class Instead {
public:
    Instead(const fixture::TemporaryFolder& folder, const std::string& script) {
        const std::string path = folder.filePath("instead");
        fixture::writeAll(path, "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        ::setenv("ATTENTOSCOPE_READER", path.c_str(), 1);
    }
    ~Instead() { ::unsetenv("ATTENTOSCOPE_READER"); }
    Instead(const Instead&) = delete;
    Instead& operator=(const Instead&) = delete;
};

std::vector<std::string> sentences() {
    const auto task = makeTask("en-fr");
    Random random(1);
    std::vector<std::string> lines;
    for (int i = 0; i < 1000; ++i)
        lines.push_back(detokenise(TokeniserKind::Words, task->generate(random).target));
    return lines;
}

/// A model as other programs train it, by the library's own defaults: text is normalised by NFKC, and there
/// is no padding.
std::string foreignModel() {
    class Lines : public sentencepiece::SentenceIterator {
    public:
        bool done() const override { return m_at == m_lines.size(); }
        void Next() override { ++m_at; }
        const std::string& value() const override { return m_lines[m_at]; }
        sentencepiece::util::Status status() const override { return {}; }

    private:
        std::vector<std::string> m_lines = sentences();
        std::size_t m_at = 0;
    } lines;
    std::string bytes;
    const auto status = sentencepiece::SentencePieceTrainer::Train(
        std::unordered_map<std::string, std::string>{
            {"vocab_size", "300"}, {"hard_vocab_limit", "false"}, {"minloglevel", "2"}},
        &lines, &bytes);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    return bytes;
}

} // namespace

struct ReaderProcessFixture {
    ReaderProcessFixture() {
        m_file = m_folder.filePath("some.h5");
        fixture::writeAll(m_file, "the file's bytes");
    }
    std::vector<std::byte> read(const ReaderLimits& limits = {.outputBytes = 1 << 22, .stop = {}}) const {
        return runReader(ReaderTask::Hdf5, ReaderInput(MappedFile(m_file)), limits);
    }
    fixture::TemporaryFolder m_folder;
    std::string m_file;
};

TEST_CASE_FIXTURE(ReaderProcessFixture, "what is written comes back") {
    const auto asText = [](const std::vector<std::byte>& bytes) {
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    const Instead script(m_folder, "printf '%s ' $1; cat");
    REQUIRE(asText(read()) == "hdf5 the file's bytes");
    const std::string memory(300'000, 'm'); // more than a pipe holds
    REQUIRE(asText(runReader(ReaderTask::SentencePiece, ReaderInput(std::as_bytes(std::span(memory)), "name"),
                             {.outputBytes = 400'000, .stop = {}})) == "sentencepiece " + memory);
}

namespace {

struct EveryEndIsToldRow {
    std::string row;
    std::string script;
    int kind;
    std::string text;
};

std::vector<EveryEndIsToldRow> everyEndIsToldRows() {
    std::vector<EveryEndIsToldRow> rows;
    const auto row = [&](const char* name, const char* script, ErrorKind kind, const char* text) {
        rows.push_back({name, std::string(script), static_cast<int>(kind), std::string(text)});
    };
    row("data", "echo 'w: is broken' >&2; exit 3", ErrorKind::Data, "some.h5: w: is broken");
    row("unsupported", "echo linked >&2; exit 4", ErrorKind::Unsupported, "some.h5: linked");
    row("limit", "echo large >&2; exit 6", ErrorKind::Limit, "some.h5: large");
    row("without a reason", "exit 3", ErrorKind::Data, "ended with status 3");
    row("another status", "echo why >&2; exit 77", ErrorKind::Data, "ended with status 77 (why)");
    row("segmentation fault", "kill -SEGV $$", ErrorKind::Data, "ended by signal 11 (Segmentation fault)");
    row("abort after output", "echo much; kill -ABRT $$", ErrorKind::Data, "ended by signal 6 (Aborted)");
    row("processor time", "kill -XCPU $$", ErrorKind::Data, "processor time");
    row("no text", "printf 'a\\377\\033b' >&2; exit 3", ErrorKind::Data, "some.h5: a\uFFFD b");
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(ReaderProcessFixture, "every end is told") {
    for (const EveryEndIsToldRow& row : everyEndIsToldRows()) {
        CAPTURE(row.row);
        const std::string& script = row.script;
        const int kind = row.kind;
        const std::string& text = row.text;
        const Instead instead(m_folder, script);
        const Thrown error = thrown([this] { read(); });
        REQUIRE_MESSAGE(error.says(static_cast<ErrorKind>(kind), text), error.text);
        REQUIRE(error.text.starts_with(m_file));
    }
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "time and output are bounded") {
    const fixture::Stopwatch clock;
    for (const char* script : {"exec sleep 60", "exec sleep 60 >&- 2>&-", "echo x; exec sleep 60"}) {
        const Instead instead(m_folder, script);
        const Thrown error = thrown([this] { read({.outputBytes = 100, .time = 300ms, .stop = {}}); });
        REQUIRE_MESSAGE(error.says(ErrorKind::Data, "some.h5: was still being read after 0.3"), error.text);
    }
    {
        const Instead instead(m_folder, "exec yes");
        const Thrown error = thrown([this] { read(); });
        REQUIRE_MESSAGE(error.says(ErrorKind::Data, "more than 4194304 bytes"), error.text);
    }
    {
        const Instead instead(m_folder, "yes >&2");
        const Thrown error = thrown([this] { read({.outputBytes = 100, .time = 2s, .stop = {}}); });
        REQUIRE_MESSAGE((error.kind == ErrorKind::Data && error.text.size() < 900), error.text);
    }
    REQUIRE(clock.elapsed() < 20'000);
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "stop ends the helper") {
    const Instead instead(m_folder, "exec sleep 60");
    std::stop_source source;
    auto error = std::async(std::launch::async, [&] {
        return thrown([&] { read({.outputBytes = 100, .stop = source.get_token()}); });
    });
    REQUIRE(error.wait_for(100ms) == std::future_status::timeout);
    source.request_stop();
    REQUIRE(error.wait_for(10s) == std::future_status::ready);
    REQUIRE(error.get().says(ErrorKind::Interrupted, "stopped"));
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "several threads read at once") {
    const Instead script(m_folder, "cat");
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 10; ++i) {
                const std::string own(100'000, static_cast<char>('a' + thread));
                const auto bytes = std::as_bytes(std::span(own));
                const auto back = runReader(ReaderTask::Hdf5, ReaderInput(bytes, "own"),
                                            {.outputBytes = 200'000, .stop = {}});
                if (std::ranges::equal(back, bytes)) ++right;
            }
        });
    threads.clear();
    REQUIRE(right.load() == 40);
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "the environment stays here") {
    // by which the libraries can be told to open files
    ::setenv("HDF5_PLUGIN_PATH", "/somewhere", 1);
    const Instead script(m_folder, "echo \"<$HDF5_PLUGIN_PATH$HOME>\"");
    const auto bytes = read();
    ::unsetenv("HDF5_PLUGIN_PATH");
    REQUIRE(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == "<>\n");
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "a missing helper is told") {
    ::setenv("ATTENTOSCOPE_READER", "/nowhere/attn-reader", 1);
    const Thrown error = thrown([this] { read(); });
    ::unsetenv("ATTENTOSCOPE_READER");
    REQUIRE_MESSAGE(error.says(ErrorKind::Bug, "/nowhere/attn-reader"), error.text);
    REQUIRE_MESSAGE(error.says(ErrorKind::Bug, "cannot be started: No such file"), error.text);
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "refusals name the file") {
    const Thrown error = thrown([this] { read(); });
    REQUIRE_MESSAGE(error.says(ErrorKind::Data, m_file + ": its HDF5 structure cannot be read"), error.text);
    const std::string empty = m_folder.filePath("empty");
    fixture::writeAll(empty, "");
    for (const ReaderTask task : {ReaderTask::Hdf5, ReaderTask::SentencePiece})
        REQUIRE(thrown([&] {
                    runReader(task, ReaderInput(MappedFile(empty)), {.outputBytes = 100, .stop = {}});
                }).says(ErrorKind::Data, empty + ": is empty"));
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "foreign pieces open") {
    const std::string path = m_folder.filePath("foreign.model"), bytes = foreignModel();
    fixture::writeAll(path, bytes);
    const SentencePiecePtr pieces = openSentencePieceFile(path);
    REQUIRE(pieces->bytes() == bytes);
    std::string joined;
    for (const Token& token : pieces->tokenise("ﬁn")) joined += token.text;
    REQUIRE(joined == "▁fin"); // NFKC takes the ligature apart
    const std::string ours = m_folder.filePath("ours.model");
    const auto trained = SentencePiece::train(sentences(), 300, PieceAlgorithm::Bpe);
    fixture::writeAll(ours, trained->bytes());
    REQUIRE(openSentencePieceFile(ours)->vocabulary().tokens() == trained->vocabulary().tokens());

    const std::string large = m_folder.filePath("large.model");
    fixture::writeAll(large, std::string(largestSentencePiece + 1, 'x'));
    REQUIRE(thrown([&] { openSentencePieceFile(large); }).says(ErrorKind::Limit, large + ": has 16000001"));
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "damaged pieces never crash this process") {
    const std::string whole = foreignModel(), path = m_folder.filePath("damaged.model");
    // ATTENTOSCOPE_MUTATIONS=2000 takes two minutes of processor time.
    const int mutations = fixture::environmentNumber("ATTENTOSCOPE_MUTATIONS", 200);
    Random random(7);
    const auto below = [&](std::size_t n) {
        return static_cast<std::size_t>(random.below(static_cast<int>(n)));
    };
    int opened = 0, refused = 0;
    for (int i = 0; i < mutations; ++i) {
        std::string bytes = whole;
        // The first half anywhere, the other where the library was seen to crash: the normalisation table.
        const std::size_t at = i % 2 == 0 ? below(bytes.size()) : bytes.size() / 2 + below(bytes.size() / 2);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        if (i % 50 == 0) bytes.resize(below(bytes.size()));
        fixture::writeAll(path, bytes);
        const Thrown error = thrown([&] {
            const SentencePiecePtr pieces = openSentencePieceFile(path);
            for (const char* text : {"Le chat dort.", "ﬁn ½ ①", "猫 e\u0301 \xF0\x9F\x98\x80"})
                pieces->tokenise(text);
        });
        REQUIRE_MESSAGE((!error.kind || error.kind == ErrorKind::Data), error.text);
        REQUIRE_MESSAGE(
            (!error.kind || error.text.starts_with(path) || error.text.find("text") != std::string::npos),
            error.text);
        ++(error.kind ? refused : opened);
    }
    std::printf("%d damaged models opened, %d were refused\n", opened, refused);
    REQUIRE((refused > mutations / 10 && opened > mutations / 10));
}

TEST_CASE_FIXTURE(ReaderProcessFixture, "tables that point outside are refused") {
    const auto field = [](int number, const std::string& bytes) {
        std::string text(1, static_cast<char>(number << 3 | 2));
        for (std::size_t size = bytes.size();; size >>= 7) {
            text += static_cast<char>((size & 0x7F) | (size >= 0x80 ? 0x80 : 0));
            if (size < 0x80) break;
        }
        return text + bytes;
    };
    const auto little = [](std::uint32_t number) { return fixture::littleEndian(number).substr(0, 4); };
    const auto refusal = [&](const std::vector<std::uint32_t>& units, const std::string& texts) {
        std::string table = little(static_cast<std::uint32_t>(4 * units.size()));
        for (const std::uint32_t unit : units) table += little(unit);
        const std::string path = m_folder.filePath("made.model");
        fixture::writeAll(path, field(3, field(2, table + texts)));
        return thrown([&] { openSentencePieceFile(path); }).text;
    };
    const std::string texts("x\0", 2);
    std::vector<std::uint32_t> units(256, 0x80000000U); // leaves everywhere, which stand for no byte
    units[0] = 0;
    // A sound table: the fault that is told is then that there are no pieces.
    REQUIRE_MESSAGE(refusal(units, texts).find("table") == std::string::npos, refusal(units, texts));
    REQUIRE(refusal(units, "x").find("do not end") != std::string::npos);
    REQUIRE(refusal(std::vector<std::uint32_t>(255, 0), texts).find("outside of itself") !=
            std::string::npos);
    units['a'] = 0x1000000U | 'a'; // a node for "a" whose children would stand far away
    REQUIRE(refusal(units, texts).find("outside of itself") != std::string::npos);
    units['a'] = 'b'; // no node
    REQUIRE(refusal(units, texts).find("outside") == std::string::npos);
    units['a'] = 'a' | 0x100U | ('a' ^ 'z') << 10; // its leaf stands at "z"
    units['z'] = 0x80000000U | 1;
    REQUIRE(refusal(units, texts).find("outside") == std::string::npos);
    units['z'] = 0x80000000U | 2;
    REQUIRE(refusal(units, texts).find("outside of its texts") != std::string::npos);
}
