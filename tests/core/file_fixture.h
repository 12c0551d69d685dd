// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Files for the tests of readers: bytes assembled by hand, in temporary folders.
namespace fixture {

/// A folder of its own under the system's temporary one, removed with everything in it on destruction.
/// Throws std::runtime_error if it cannot be created.
class TemporaryFolder {
public:
    TemporaryFolder() : m_path((std::filesystem::temp_directory_path() / "attn-test-XXXXXX").string()) {
        if (!::mkdtemp(m_path.data())) throw std::runtime_error("cannot create the folder " + m_path);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return m_path; }
    std::string filePath(const std::string& name) const { return m_path + "/" + name; }

private:
    std::string m_path;
};

/// Milliseconds since its construction.
class Stopwatch {
public:
    long elapsed() const {
        return static_cast<long>(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - m_start)
                .count());
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The text `count` times.
inline std::string repeated(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

/// printf's format, as a string: names of table rows.
template <typename... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
    char text[200];
    std::snprintf(text, sizeof text, format, arguments...);
    return text;
}

inline std::string littleEndian(std::uint64_t number) {
    std::string bytes(8, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(number & 0xFF);
        number >>= 8;
    }
    return bytes;
}

struct ProgramResult {
    int code = -1;      ///< exit code; -1 if a signal ended the program, 127 if it is not installed
    std::string output; ///< standard output and standard error
};

/// Runs a program, found in PATH, and waits for its end.
inline ProgramResult runProgram(const std::vector<std::string>& arguments) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        for (const int end : ends) ::close(end);
        std::vector<char*> argv;
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    ProgramResult result;
    char buffer[4096];
    for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        result.output.append(buffer, static_cast<std::size_t>(count));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
    return result;
}

/// An environment variable's number; `otherwise` if it is not set.
inline int environmentNumber(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text ? std::stoi(text) : otherwise;
}

/// A safetensors file with this header, valid or not.
inline std::string container(const std::string& header, const std::string& data) {
    return littleEndian(header.size()) + header + data;
}

inline std::string readAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void writeAll(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A safetensors file in parts, to be changed and reassembled.
struct Parts {
    nlohmann::ordered_json header;
    std::string data;

    explicit Parts(const std::string& bytes) {
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), 8);
        header = nlohmann::ordered_json::parse(bytes.substr(8, length));
        data = bytes.substr(8 + length);
    }
    std::string bytes() const { return container(header.dump(), data); }
};

/// Changes one JSON text inside the metadata.
inline void edit(Parts& parts, const char* key, const std::function<void(nlohmann::ordered_json&)>& change) {
    auto& text = parts.header["__metadata__"][key];
    auto value = nlohmann::ordered_json::parse(text.get<std::string>());
    change(value);
    text = value.dump();
}

/// Overwrites the first number of a tensor with these bytes.
inline void poke(Parts& parts, const char* tensor, const std::string& bytes) {
    parts.data.replace(parts.header[tensor]["data_offsets"][0].get<std::size_t>(), bytes.size(), bytes);
}

/// A valid model file with 19 source and 20 target words.
inline std::string soundModel() {
    return readAll(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors");
}

/// soundModel() with a self-test from the peer's numbers: its first greedy run that ends.
inline Parts testedModel() {
    Parts parts(soundModel());
    const auto reference =
        nlohmann::json::parse(readAll(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.json"));
    const auto tokens =
        nlohmann::json::parse(parts.header["__metadata__"]["target_vocabulary"].get<std::string>())["tokens"];
    for (const nlohmann::json& run : reference["runs"]) {
        if (!run["target"].is_null() || run["steps"].back()["word"] != 2) continue;
        nlohmann::ordered_json test = {{"source", run["source"]}, {"tolerance", 1e-3}};
        for (const nlohmann::json& step : run["steps"]) {
            const auto word = step["word"].get<std::size_t>();
            test["target"].push_back(tokens[word].get<std::string>());
            test["log_probs"].push_back(step["log_probs"][word].get<double>());
        }
        parts.header["__metadata__"]["self_test"] = test.dump();
        return parts;
    }
    throw std::logic_error("no greedy run of the fixture ends");
}

} // namespace fixture
