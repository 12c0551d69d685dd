// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "core/base/error.h"
#include "tests/core/file_fixture.h"

/// Files of sentence pairs for tests.
inline std::string thrown(const std::function<void()>& act, attn::ErrorKind kind) {
    try {
        act();
    } catch (const attn::Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

struct CorpusFixture {
    std::string path(const std::string& name) const { return m_folder.filePath(name.c_str()); }
    std::string write(const std::string& name, const std::string& bytes) const {
        fixture::writeAll(path(name), bytes);
        return path(name);
    }
    /// By the program of that name, which shares nothing with the reader.
    std::string gzip(const std::string& name, const std::string& bytes) const {
        write(name, bytes);
        fixture::runProgram({"gzip", "-f", path(name)});
        return path(name) + ".gz";
    }
    /// A file of `count` different pairs of 1 to 7 words.
    std::string manyPairs(int count) const {
        std::string text;
        for (int i = 0; i < count; ++i) {
            std::string source = "s" + std::to_string(i), target = "t" + std::to_string(i);
            for (int k = 0; k < i % 7; ++k) source += " a";
            for (int k = 0; k < i % 5; ++k) target += " b";
            text += source + "\t" + target + "\t0-0\n";
        }
        return write("many.tsv", text);
    }
    fixture::TemporaryFolder m_folder;
};
