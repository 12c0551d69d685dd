// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

/// Files for the tests of readers: bytes put together by hand, in a folder that goes away.
namespace fixture {

inline std::string littleEndian(std::uint64_t number) {
    std::string bytes(8, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(number & 0xFF);
        number >>= 8;
    }
    return bytes;
}

/// A safetensors file of that header, whatever it says.
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

/// A safetensors file taken apart, to be changed and put together again.
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

} // namespace fixture
