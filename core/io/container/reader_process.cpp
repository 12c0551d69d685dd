// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/reader_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longestMessage = 500;
constexpr std::chrono::milliseconds stopInterval{50};

[[noreturn]] void throwSystem(ErrorKind kind, const std::string& what) {
    throw Error(kind, what + ": " + std::strerror(errno));
}

/// An open file, closed when it goes out of use. Never one of the standard streams' numbers, which the helper
/// has its own for.
class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {
        if (m_number < 0 || m_number > STDERR_FILENO) return;
        const int above = ::fcntl(m_number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        ::close(std::exchange(m_number, above));
    }
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;

    void close() {
        if (m_number >= 0) ::close(std::exchange(m_number, -1));
    }
    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

struct Pipe {
    Descriptor read, write;

    static Pipe make() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throwSystem(ErrorKind::Bug, "no pipe can be made to the helper attn-reader");
        return {Descriptor(ends[0]), Descriptor(ends[1])};
    }
};

std::string programPath() {
    if (const char* given = std::getenv("ATTENTOSCOPE_READER"); given && *given) return given;
    std::error_code fault;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", fault);
    return (self.parent_path() / "attn-reader").string();
}

/// The helper while it runs: killed and waited for when it goes out of use.
class Helper {
public:
    Helper(ReaderTask task, int input, int output, int messages) {
        const std::string program = programPath();
        std::string name = "attn-reader", argument(toText(task)), libraries;
        char* arguments[] = {name.data(), argument.data(), nullptr};
        // An empty environment, since variables can make the libraries open files.
        char* environment[] = {nullptr, nullptr};
        if (const char* path = std::getenv("LD_LIBRARY_PATH")) {
            libraries = std::string("LD_LIBRARY_PATH=") + path;
            environment[0] = libraries.data();
        }
        posix_spawn_file_actions_t files;
        posix_spawnattr_t attributes;
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, messages, STDERR_FILENO);
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        const int fault =
            ::posix_spawn(&m_process, program.c_str(), &files, &attributes, arguments, environment);
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&files);
        if (fault != 0)
            throw Error(ErrorKind::Bug, program + ": the helper that reads such files cannot be started: " +
                                            std::strerror(fault) +
                                            ". It belongs beside this program; ATTENTOSCOPE_READER may name "
                                            "another place");
    }
    ~Helper() {
        if (m_ended) return;
        ::kill(m_process, SIGKILL);
        while (::waitpid(m_process, &m_status, 0) < 0 && errno == EINTR) {
        }
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;

    /// Whether it ended by itself before `end`; then status() is as waitpid() gives it.
    bool waitUntil(Clock::time_point end) {
        while (true) {
            const pid_t found = ::waitpid(m_process, &m_status, WNOHANG);
            if (found < 0 && errno != EINTR)
                throwSystem(ErrorKind::Bug, "the helper attn-reader cannot be waited for");
            m_ended = found == m_process;
            if (m_ended || Clock::now() >= end) return m_ended;
            ::poll(nullptr, 0, 1);
        }
    }
    int status() const { return m_status; }

private:
    pid_t m_process = -1;
    int m_status = 0;
    bool m_ended = false;
};

/// What a process that may be anybody's says, as one line of UTF-8.
std::string asLine(const std::string& said) {
    std::string text = soundUtf8(said);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    text.erase(text.find_last_not_of(' ') + 1);
    return shortened(std::move(text), longestMessage);
}

/// Reads what is there and appends it; closes at the end. False once there are more than `most` bytes.
template <typename Bytes>
bool drain(Descriptor& from, Bytes& to, std::uint64_t most) {
    std::array<char, 1 << 16> block;
    const ssize_t count = ::read(from.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) {
        from.close();
        return true;
    }
    if (static_cast<std::uint64_t>(count) > most - to.size()) return false;
    const auto* begin = reinterpret_cast<const typename Bytes::value_type*>(block.data());
    to.insert(to.end(), begin, begin + count);
    return true;
}

[[noreturn]] void throwEnd(const std::string& name, ReaderTask task, int status, const std::string& said) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    for (const ErrorKind kind : {ErrorKind::Data, ErrorKind::Unsupported, ErrorKind::Limit})
        if (code == static_cast<int>(kind) && !said.empty()) throw Error(kind, name + ": " + said);
    std::string how;
    if (!WIFSIGNALED(status)) {
        how = "ended with status " + std::to_string(code) + (said.empty() ? "" : " (" + said + ")");
    } else if (WTERMSIG(status) == SIGXCPU) {
        how = "was ended for taking more processor time than a sound file of its size does";
    } else {
        const char* description = ::sigdescr_np(WTERMSIG(status));
        how = "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
              (description ? description : "unknown") + ")";
    }
    throw Error(ErrorKind::Data, name + ": the helper that reads " +
                                     (task == ReaderTask::Hdf5 ? "HDF5 files " : "SentencePiece models ") +
                                     how + " while reading; the file is damaged or hostile");
}

/// A file of memory with these bytes in it.
int inMemory(std::span<const std::byte> bytes) {
    Descriptor memory(::memfd_create("attn-reader input", MFD_CLOEXEC));
    while (memory.isOpen() && !bytes.empty()) {
        const ssize_t count = ::write(memory.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    if (!memory.isOpen() || !bytes.empty())
        throwSystem(ErrorKind::Bug, "no memory can be shared with the helper attn-reader");
    ::lseek(memory.number(), 0, SEEK_SET);
    return memory.release();
}

} // namespace

ReaderInput::ReaderInput(const MappedFile& file)
    : m_name(file.path()),
      m_descriptor(file.descriptor() >= 0 ? ::fcntl(file.descriptor(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                                          : inMemory(file.bytes())),
      m_size(file.bytes().size()) {}

ReaderInput::ReaderInput(std::span<const std::byte> bytes, std::string name)
    : m_name(std::move(name)), m_descriptor(inMemory(bytes)), m_size(bytes.size()) {}

ReaderInput::~ReaderInput() {
    ::close(m_descriptor);
}

std::vector<std::byte> runReader(ReaderTask task, const ReaderInput& input, const ReaderLimits& limits) {
    Pipe output = Pipe::make(), messages = Pipe::make();
    const Clock::time_point end = Clock::now() + limits.time;
    Helper helper(task, input.descriptor(), output.write.number(), messages.write.number());
    output.write.close();
    messages.write.close();

    std::vector<std::byte> result;
    result.reserve(std::min(limits.outputBytes, input.size() + (1 << 16))); // what most files come to
    std::string said;
    const auto tooLong = [&] {
        return Error(ErrorKind::Data, input.name() + ": was still being read after " +
                                          std::to_string(limits.time.count() / 1000.0).substr(0, 4) +
                                          " s; the file is damaged or hostile");
    };
    while (output.read.isOpen() || messages.read.isOpen()) {
        if (limits.stop.stop_requested())
            throw Error(ErrorKind::Interrupted, input.name() + ": stopped while it was read");
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        if (left.count() <= 0) throw tooLong();
        std::array<pollfd, 2> wait{pollfd{output.read.number(), POLLIN, 0},
                                   pollfd{messages.read.number(), POLLIN, 0}};
        const auto most = limits.stop.stop_possible() ? std::min(left, stopInterval) : left;
        if (::poll(wait.data(), wait.size(), static_cast<int>(most.count())) <= 0) continue;
        if (wait[0].revents != 0 && !drain(output.read, result, limits.outputBytes))
            throw Error(ErrorKind::Data, input.name() + ": came to more than " +
                                             std::to_string(limits.outputBytes) +
                                             " bytes; the file is damaged or hostile");
        if (wait[1].revents != 0 && !drain(messages.read, said, 1 << 20)) messages.read.close();
    }
    if (!helper.waitUntil(end)) throw tooLong();
    if (!WIFEXITED(helper.status()) || WEXITSTATUS(helper.status()) != 0)
        throwEnd(input.name(), task, helper.status(), asLine(said));
    return result;
}

} // namespace attn
