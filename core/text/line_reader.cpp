// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/line_reader.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/text/tokeniser.h"

namespace attn {

LineReader::LineReader(std::string name, gzFile_s* file)
    : m_name(std::move(name)), m_file(file), m_buffer(1 << 16) {
    if (!m_file)
        throw Error(ErrorKind::Data, "Could not read \"" + m_name +
                                         "\": " + (errno ? std::strerror(errno) : "out of memory") + ".");
}

LineReader::LineReader(const std::string& path) : LineReader(path, (errno = 0, gzopen(path.c_str(), "rb"))) {}

LineReader LineReader::standardInput() {
    errno = 0;
    return LineReader("standard input", gzdopen(::dup(STDIN_FILENO), "rb"));
}

LineReader::~LineReader() {
    gzclose(m_file);
}

std::optional<std::string> LineReader::next() {
    ++m_number;
    std::string line;
    for (;;) {
        if (m_at == m_end && !fill()) {
            if (line.empty()) return std::nullopt;
            break;
        }
        const char* const begin = m_buffer.data() + m_at;
        const char* const newline = std::find(begin, static_cast<const char*>(m_buffer.data() + m_end), '\n');
        line.append(begin, newline);
        m_at = static_cast<std::size_t>(newline - m_buffer.data());
        if (line.size() > longestTextLine)
            throw Error(ErrorKind::Limit, where() + ": has more than " + std::to_string(longestTextLine) +
                                              " bytes; expected a sentence on each line");
        if (m_at == m_end) continue;
        ++m_at;
        break;
    }
    if (m_number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    try {
        checkUtf8(line);
    } catch (const Error& error) {
        throw Error(error.kind(), where() + ": " + error.what());
    }
    return line;
}

bool LineReader::fill() {
    errno = 0;
    const int count = gzread(m_file, m_buffer.data(), static_cast<unsigned>(m_buffer.size()));
    int code = Z_OK;
    const char* const text = gzerror(m_file, &code);
    // A file cut off within its gzip data reads to its end, and then has this code.
    if (count < 0 || code == Z_BUF_ERROR) {
        if (code == Z_ERRNO)
            throw Error(ErrorKind::Data, "Could not read \"" + m_name + "\": " + std::strerror(errno) + ".");
        throw Error(ErrorKind::Data, where() + ": the gzip data are damaged or cut off here (" +
                                         (code == Z_BUF_ERROR ? "unexpected end of file" : text) +
                                         "); fetch the file again");
    }
    m_at = 0;
    m_end = static_cast<std::size_t>(count);
    m_total += m_end;
    if (m_total > longestText)
        throw Error(ErrorKind::Limit, m_name + ": has more than " + std::to_string(longestText) +
                                          " bytes of text; cut it into smaller files");
    return count > 0;
}

} // namespace attn
