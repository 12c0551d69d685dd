// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct gzFile_s;

namespace attn {

/// The most bytes of a line, and of a file's text, that are read.
inline constexpr std::size_t longestTextLine = 1'000'000;
inline constexpr std::uint64_t longestText = 4'000'000'000;

/// Lines of a UTF-8 text file, gzipped or not. A byte-order mark and carriage returns at the ends of lines
/// are removed. Error(Data) names file and line for what is not UTF-8 or not sound gzip data,
/// Error(Limit) for a line or text that is too long.
class LineReader {
public:
    /// Throws Error(Data) if the file cannot be opened.
    explicit LineReader(const std::string& path);
    /// Reads standard input.
    static LineReader standardInput();
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// Nothing after the last line.
    std::optional<std::string> next();
    /// Number of the line that next() returned last, from 1.
    long long number() const { return m_number; }
    /// "train.tsv, line 3".
    std::string where() const { return m_name + ", line " + std::to_string(m_number); }

private:
    LineReader(std::string name, gzFile_s* file);
    bool fill();

    std::string m_name; ///< for messages
    gzFile_s* m_file;
    std::vector<char> m_buffer;
    std::size_t m_at = 0, m_end = 0;
    std::uint64_t m_total = 0;
    long long m_number = 0;
};

} // namespace attn
