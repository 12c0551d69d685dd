// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Shared by the tests of the command line, which start the program and check its exit code, output and
// messages.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/core/file_fixture.h"

namespace attn::tests {

using nlohmann::json;
namespace fs = std::filesystem;

inline void check(bool holds, const std::string& text) {
    CHECK_MESSAGE(holds, text);
}

struct Result {
    int code = -1; ///< exit code; -1 if a signal ended the program
    std::string out, err;
};

struct Setting {
    std::string stdoutPath;  ///< standard output goes to this file instead of into Result::out
    bool closedPipe = false; ///< standard output is a pipe that nobody reads
    std::string interruptAt; ///< SIGINT is sent once standard error holds this
    bool terminal = false;   ///< standard error is a terminal
};

/// Opens a terminal's two ends: what is written to ends[1] is read from ends[0].
inline bool openTerminal(int (&ends)[2]) {
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
    if (ends[0] < 0 || grantpt(ends[0]) != 0 || unlockpt(ends[0]) != 0) return false;
    ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY);
    return ends[1] >= 0;
}

/// Whether this system gives out pseudo-terminals: a container or chroot without /dev/pts does not.
inline bool hasTerminals() {
    int ends[2] = {-1, -1};
    const bool opened = openTerminal(ends);
    for (const int end : ends)
        if (end >= 0) close(end);
    return opened;
}

inline Result runProgram(const std::vector<std::string>& arguments, const Setting& setting = {}) {
    int out[2], err[2];
    if (pipe(out) != 0 || !(setting.terminal ? openTerminal(err) : pipe(err) == 0)) std::abort();
    const pid_t child = fork();
    if (child == 0) {
        const int target = setting.stdoutPath.empty() ? out[1] : open(setting.stdoutPath.c_str(), O_WRONLY);
        dup2(target, STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        for (const int descriptor : {out[0], out[1], err[0], err[1]}) close(descriptor);
        std::vector<char*> argv{const_cast<char*>("attn")};
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        execv(ATTN_PROGRAM, argv.data());
        _exit(127);
    }
    close(out[1]);
    close(err[1]);
    Result result;
    bool interrupted = setting.interruptAt.empty();
    pollfd streams[] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
    if (setting.closedPipe) {
        close(out[0]);
        streams[0].fd = -1;
    }
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        poll(streams, 2, -1);
        for (pollfd& stream : streams) {
            if (stream.fd < 0 || !stream.revents) continue;
            char buffer[65536];
            const ssize_t count = read(stream.fd, buffer, sizeof buffer);
            if (count > 0) {
                (&stream == streams ? result.out : result.err)
                    .append(buffer, static_cast<std::size_t>(count));
            } else {
                close(stream.fd);
                stream.fd = -1;
            }
        }
        if (!interrupted && result.err.find(setting.interruptAt) != std::string::npos) {
            kill(child, SIGINT);
            interrupted = true;
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
    return result;
}

inline std::string shown(const std::vector<std::string>& arguments) {
    std::string text = "attn";
    for (const std::string& argument : arguments) text += " " + argument;
    return text;
}

/// Results: exit code 0, something on standard output.
inline Result expectDone(const std::vector<std::string>& arguments) {
    const Result result = runProgram(arguments);
    check(result.code == 0,
          shown(arguments) + ": exit code " + std::to_string(result.code) + "\n" + result.err);
    check(!result.out.empty(), shown(arguments) + ": nothing on standard output");
    return result;
}

/// Refusals: the exit code, nothing on standard output, a message that holds each of `words`.
inline void expectRefused(int code, const std::vector<std::string>& arguments,
                          const std::vector<std::string>& words) {
    const Result result = runProgram(arguments);
    check(result.code == code, shown(arguments) + ": exit code " + std::to_string(result.code) +
                                   ", expected " + std::to_string(code) + "\n" + result.err);
    check(result.out.empty(), shown(arguments) + ": a refusal wrote to standard output: " + result.out);
    for (const std::string& word : words)
        check(result.err.find(word) != std::string::npos,
              shown(arguments) + ": the message does not mention \"" + word + "\":\n" + result.err);
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline const fixture::TemporaryFolder g_temporary;
inline const fs::path g_folder = g_temporary.path(); ///< of this program's files

inline std::string inFolder(const std::string& name) {
    return (g_folder / name).string();
}

inline void writeFile(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline json parsed(const std::string& text, const std::string& what) {
    json value = json::parse(text, nullptr, false);
    check(!value.is_discarded(), what + ": not JSON: " + text.substr(0, 200));
    return value;
}

inline const std::string g_models = ATTENTOSCOPE_FIXTURES "/models/";
/// A copy of a peer's model with another attention in its spec.
inline std::string withAttention(const std::string& peer, const std::string& name, const json& attention) {
    const std::string whole = readFile(g_models + peer);
    std::uint64_t length = 0;
    std::memcpy(&length, whole.data(), sizeof length);
    json header = parsed(whole.substr(8, length), peer);
    json spec = parsed(header["__metadata__"]["spec"].get<std::string>(), peer);
    spec["attention"].update(attention);
    header["__metadata__"]["spec"] = spec.dump();
    const std::string text = header.dump();
    std::string bytes(8, '\0');
    const std::uint64_t written = text.size();
    std::memcpy(bytes.data(), &written, sizeof written);
    writeFile(inFolder(name), bytes + text + whole.substr(8 + length));
    return inFolder(name);
}

} // namespace attn::tests
