// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "core/io/dump/dump.h"
#include "tests/core/file_fixture.h"

/// Files as other programs write their attention, assembled by hand.
namespace attn::tests {

using Words = std::vector<std::string>;

/// Splits at a character, by the standard library alone.
inline Words split(const std::string& text, char at) {
    Words parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
    return parts;
}

inline DumpOptions as(DumpFormat format) {
    DumpOptions options;
    options.format = format;
    return options;
}

/// A .npy file of version 1: `type` as NumPy names it, the shape as a tuple, the elements.
inline std::string npy(const std::string& type, const std::string& shape, const std::string& elements) {
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header.resize((header.size() + 11) / 64 * 64 + 64 - 11, ' ');
    header += '\n';
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() & 0xFF) +
           static_cast<char>(header.size() >> 8) + header + elements;
}

inline std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Texts as NumPy stores them: UTF-32, filled up with zeros.
inline std::string utf32(const Words& texts, std::size_t length) {
    std::string bytes;
    for (const std::string& text : texts)
        for (std::size_t i = 0; i < length; ++i)
            bytes += {i < text.size() ? text[i] : '\0', '\0', '\0', '\0'};
    return bytes;
}

inline std::string little(std::uint64_t number, int bytes) {
    return fixture::littleEndian(number).substr(0, std::size_t(bytes));
}

/// A zip archive of stored files.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string archive, directory;
    for (const auto& [name, content] : files) {
        std::uint32_t crc = 0xFFFFFFFFU;
        for (const char c : content) {
            crc ^= static_cast<unsigned char>(c);
            for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1U ? 0xEDB88320U : 0U);
        }
        const std::string about = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) +
                                  little(0x21, 2) + little(~crc, 4) + little(content.size(), 4) +
                                  little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + about + little(0, 2) + little(0, 2) + little(0, 2) +
                     little(0, 4) + little(archive.size(), 4) + name;
        archive += "PK\x03\x04" + about + name + content;
    }
    const std::size_t start = archive.size();
    return archive + directory + "PK\x05\x06" + little(0, 4) + little(files.size(), 2) +
           little(files.size(), 2) + little(directory.size(), 4) + little(start, 4) + little(0, 2);
}

struct DumpFixture {
    fixture::TemporaryFolder m_folder;
    std::string write(const std::string& text, const char* name = "dump") {
        const std::string path = m_folder.filePath(name);
        fixture::writeAll(path, text);
        return path;
    }
    DumpPtr read(const std::string& text, const DumpOptions& options = {}) {
        return readDump(write(text), options);
    }
    /// The message and kind of the refusal; an empty message if there was none.
    std::pair<std::string, ErrorKind> refusal(const std::string& text, const DumpOptions& options = {}) {
        try {
            read(text, options);
        } catch (const Error& error) {
            return {error.what(), error.kind()};
        }
        return {"", ErrorKind::Bug};
    }
    void expectRefused(const std::string& text, const DumpOptions& options, ErrorKind kind,
                       const std::vector<std::string>& parts) {
        const auto [message, found] = refusal(text, options);
        REQUIRE(int(found) == int(kind));
        for (const std::string& part : parts)
            REQUIRE_MESSAGE(message.find(part) != std::string::npos, (part + "  is not in:  " + message));
    }
    /// The field that is asked for; nothing if the dump is read or refused otherwise.
    std::optional<DumpField> asked(const std::string& text, const DumpOptions& options = {}) {
        try {
            read(text, options);
        } catch (const DumpQuestion& question) {
            return question.field();
        } catch (const Error&) {
        }
        return std::nullopt;
    }
    static bool states(const Dump& dump, const std::string& part) {
        for (const std::string& statement : dump.statements)
            if (statement.find(part) != std::string::npos) return true;
        return false;
    }
    static std::vector<float> numbers(const Matrix<float>& map) { return {map.begin(), map.end()}; }
};

} // namespace attn::tests
