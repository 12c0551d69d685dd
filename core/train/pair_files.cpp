// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/pair_files.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>

#include "core/train/links.h"

namespace attn {

namespace {

/// Lines of a text file, gzipped or not.
class LineReader {
public:
    explicit LineReader(const std::string& path) : m_path(path), m_buffer(1 << 16) {
        errno = 0;
        m_file = gzopen(path.c_str(), "rb");
        if (!m_file)
            throw Error(ErrorKind::Data, "Could not read \"" + path +
                                             "\": " + (errno ? std::strerror(errno) : "out of memory") + ".");
    }
    ~LineReader() { gzclose(m_file); }
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// Of the line that next() gave last, from 1.
    long long number() const { return m_number; }
    std::string where() const { return m_path + ", line " + std::to_string(m_number); }

    /// Nothing after the last line.
    std::optional<std::string> next() {
        ++m_number;
        std::string line;
        for (;;) {
            if (m_at == m_end && !fill()) {
                if (line.empty()) return std::nullopt;
                break;
            }
            const char* const begin = m_buffer.data() + m_at;
            const char* const newline =
                std::find(begin, static_cast<const char*>(m_buffer.data() + m_end), '\n');
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

private:
    bool fill() {
        errno = 0;
        const int count = gzread(m_file, m_buffer.data(), static_cast<unsigned>(m_buffer.size()));
        int code = Z_OK;
        const char* const text = gzerror(m_file, &code);
        // A file cut off within its gzip data reads to its end, and then has this code.
        if (count < 0 || code == Z_BUF_ERROR) {
            if (code == Z_ERRNO)
                throw Error(ErrorKind::Data,
                            "Could not read \"" + m_path + "\": " + std::strerror(errno) + ".");
            throw Error(ErrorKind::Data, where() + ": the gzip data are damaged or cut off here (" +
                                             (code == Z_BUF_ERROR ? "unexpected end of file" : text) +
                                             "); fetch the file again");
        }
        m_at = 0;
        m_end = static_cast<std::size_t>(count);
        m_total += m_end;
        if (m_total > longestText)
            throw Error(ErrorKind::Limit, m_path + ": has more than " + std::to_string(longestText) +
                                              " bytes of text; cut it into smaller files");
        return count > 0;
    }

    std::string m_path;
    gzFile m_file = nullptr;
    std::vector<char> m_buffer;
    std::size_t m_at = 0, m_end = 0;
    std::uint64_t m_total = 0;
    long long m_number = 0;
};

bool isBlank(const std::string& text) {
    return tokenise(TokeniserKind::Whitespace, text).empty();
}

/// Called with each pair, those with blank sides too.
void readTabbed(const std::string& path, const std::function<void(TextPair)>& take) {
    LineReader reader(path);
    while (const std::optional<std::string> line = reader.next()) {
        TextPair pair;
        pair.line = reader.number();
        const auto tabs = std::count(line->begin(), line->end(), '\t');
        if (!isBlank(*line)) {
            if (tabs < 1 || tabs > 2)
                throw Error(ErrorKind::Data,
                            reader.where() +
                                ": expected source, TAB, target, and perhaps TAB and links; found " +
                                std::to_string(tabs) + " TABs");
            const std::size_t first = line->find('\t'), second = line->find('\t', first + 1);
            pair.source = line->substr(0, first);
            pair.target = line->substr(first + 1, second == std::string::npos ? second : second - first - 1);
            if (second != std::string::npos) pair.links = line->substr(second + 1);
        }
        take(std::move(pair));
    }
}

void readParallel(const std::string& sourcePath, const std::string& targetPath,
                  const std::function<void(TextPair)>& take) {
    LineReader sources(sourcePath), targets(targetPath);
    for (;;) {
        std::optional<std::string> source = sources.next(), target = targets.next();
        if (!source && !target) return;
        if (source && target) {
            take({std::move(*source), std::move(*target), "", sources.number()});
            continue;
        }
        while (source) source = sources.next();
        while (target) target = targets.next();
        throw Error(ErrorKind::Data, sourcePath + " has " + std::to_string(sources.number() - 1) +
                                         " lines but " + targetPath + " has " +
                                         std::to_string(targets.number() - 1) +
                                         "; line i of one has to belong to line i of the other");
    }
}

} // namespace

std::vector<TextPair> readPairFiles(const std::vector<std::string>& paths, Findings& findings,
                                    HalfBlank halfBlank) {
    std::vector<TextPair> pairs;
    long long blank = 0;
    const auto take = [&](TextPair pair) {
        const bool noSource = isBlank(pair.source), noTarget = isBlank(pair.target);
        if (noSource != noTarget && halfBlank == HalfBlank::Refuse)
            throw Error(ErrorKind::Data, paths[0] + ", line " + std::to_string(pair.line) + ": the " +
                                             (noSource ? "source" : "target") + " is empty");
        if (noSource || noTarget)
            ++blank;
        else
            pairs.push_back(std::move(pair));
    };
    if (paths.size() == 1)
        readTabbed(paths[0], take);
    else if (paths.size() == 2)
        readParallel(paths[0], paths[1], take);
    else
        throw Error(ErrorKind::Argument, "found " + std::to_string(paths.size()) +
                                             " files of pairs; expected one with TABs, or a source and a "
                                             "target file");
    if (pairs.empty())
        throw Error(ErrorKind::Data, paths[0] + ": no sentence pairs" +
                                         (paths.size() == 1 ? "; expected source, TAB, target on each line."
                                                            : " that have words on both sides."));
    if (blank > 0)
        findings.push_back({Severity::Note, paths[0],
                            std::to_string(blank) + (blank == 1 ? " line is" : " lines are") +
                                " blank on a side and left out"});
    return pairs;
}

Example splitPair(const TextPair& pair, const Tokeniser& source, const Tokeniser& target) {
    Example example;
    Resplit sides[2];
    const auto split = [&](const std::string& text, const Tokeniser& tokeniser, Resplit& side,
                           std::vector<std::string>& texts) {
        side.to = tokeniser.tokenise(text);
        for (const Token& token : side.to) texts.push_back(token.text);
        if (pair.links.empty()) return;
        side.from = tokeniser.kind() == TokeniserKind::SentencePiece
                        ? tokenise(TokeniserKind::Whitespace, text)
                        : side.to;
    };
    split(pair.source, source, sides[0], example.source);
    split(pair.target, target, sides[1], example.target);
    if (pair.links.empty()) return example;
    example.links = parseLinks(pair.links, sides[0].from.size(), sides[1].from.size());
    if (source.kind() == TokeniserKind::SentencePiece || target.kind() == TokeniserKind::SentencePiece)
        example.links = carryLinks(example.links, sides[0], sides[1]);
    return example;
}

} // namespace attn
