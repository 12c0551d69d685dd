// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
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

/// One JSON text inside the metadata, changed.
inline void edit(Parts& parts, const char* key, const std::function<void(nlohmann::ordered_json&)>& change) {
    auto& text = parts.header["__metadata__"][key];
    auto value = nlohmann::ordered_json::parse(text.get<std::string>());
    change(value);
    text = value.dump();
}

/// Puts other bytes in place of the first number of a tensor.
inline void poke(Parts& parts, const char* tensor, const std::string& bytes) {
    parts.data.replace(parts.header[tensor]["data_offsets"][0].get<std::size_t>(), bytes.size(), bytes);
}

/// A model file that is sound, of 19 source and 20 target words.
inline std::string soundModel() {
    return readAll(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors");
}

/// That model with a self-test out of the peer's numbers: its first greedy run that ends.
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
