// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/bpe.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/text/line_reader.h"
#include "core/text/tokeniser.h"

namespace attn {

namespace {

constexpr std::string_view wordEnd = "</w>";
constexpr std::string_view versionMark = "#version:";
constexpr std::size_t longestWord = 10'000;

std::uint64_t keyOf(int left, int right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
}

/// Where the blank of "a b" stands; npos if it is not that.
std::size_t blankOf(std::string_view merge) {
    const std::size_t blank = merge.find(' ');
    const bool pair = blank != std::string_view::npos && blank > 0 && blank + 1 < merge.size() &&
                      merge.find(' ', blank + 1) == std::string_view::npos;
    return pair ? blank : std::string_view::npos;
}

/// "a b 123": the pair alone; else the line as it is.
std::string_view withoutCount(std::string_view line) {
    const std::size_t last = line.rfind(' ');
    if (last == std::string_view::npos || last + 1 == line.size()) return line;
    const bool number = std::all_of(line.begin() + static_cast<std::ptrdiff_t>(last) + 1, line.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    const std::string_view pair = line.substr(0, last);
    return number && blankOf(pair) != std::string_view::npos ? pair : line;
}

BpeVersion versionOf(std::string_view line, const std::string& where) {
    std::string_view text = line.substr(versionMark.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    while (text.ends_with(".0")) text.remove_suffix(2);
    if (const auto version = fromText<BpeVersion>(text)) return *version;
    throw Error(ErrorKind::Unsupported, where + ": BPE codes of version " + std::string(text) +
                                            "; read are " + allNames<BpeVersion>());
}

} // namespace

BpeCodes::BpeCodes(std::vector<std::string> merges, BpeVersion version, std::string separator)
    : m_merges(std::move(merges)), m_version(version), m_separator(std::move(separator)) {
    if (m_separator.empty() || m_separator.find(' ') != std::string::npos)
        throw Error(ErrorKind::Data,
                    "the separator of BPE codes is \"" + m_separator + "\"; expected text without blanks");
    if (m_merges.size() > mostBpeMerges)
        throw Error(ErrorKind::Limit, "there are " + std::to_string(m_merges.size()) +
                                          " BPE merges; at most " + std::to_string(mostBpeMerges) +
                                          " are read");
    const auto symbol = [&](std::string text) {
        return m_symbols.emplace(std::move(text), static_cast<int>(m_symbols.size())).first->second;
    };
    m_pairs.reserve(m_merges.size());
    for (std::size_t rank = 0; rank < m_merges.size(); ++rank) {
        const std::string& merge = m_merges[rank];
        const std::size_t blank = blankOf(merge);
        if (blank == std::string::npos)
            throw Error(ErrorKind::Data, "BPE merge " + std::to_string(rank) + " is \"" +
                                             shortened(merge, 60) +
                                             "\"; expected two symbols with a blank between them");
        const int left = symbol(merge.substr(0, blank)), right = symbol(merge.substr(blank + 1));
        const int joined = symbol(merge.substr(0, blank) + merge.substr(blank + 1));
        m_pairs.emplace(keyOf(left, right), Merge{static_cast<int>(rank), joined});
    }
}

BpeCodesPtr BpeCodes::open(const std::string& path, std::string separator) {
    LineReader reader(path);
    std::optional<BpeVersion> version;
    std::vector<std::string> merges;
    std::optional<bool> counted; // as the first line has it
    std::size_t blankLines = 0;
    while (std::optional<std::string> line = reader.next()) {
        if (reader.number() == 1 && line->starts_with(versionMark)) {
            version = versionOf(*line, reader.where());
            continue;
        }
        while (line->ends_with(' ')) line->pop_back();
        if (line->empty()) {
            ++blankLines;
            continue;
        }
        const std::string_view pair = version ? std::string_view(*line) : withoutCount(*line);
        const bool hasCount = pair.size() < line->size();
        if (!counted) counted = hasCount;
        if (blankLines > 0 || blankOf(pair) == std::string_view::npos || hasCount != *counted)
            throw Error(ErrorKind::Data, reader.where() +
                                             ": expected a merge of BPE codes, two symbols with a blank "
                                             "between them, found \"" +
                                             shortened(*line, 60) + "\"" +
                                             (blankLines > 0 ? " behind a blank line" : ""));
        if (merges.size() == mostBpeMerges)
            throw Error(ErrorKind::Limit,
                        reader.where() + ": more than " + std::to_string(mostBpeMerges) + " BPE merges");
        merges.emplace_back(pair);
    }
    if (merges.empty())
        throw Error(ErrorKind::Data, path +
                                         ": holds no BPE codes; expected \"#version: 0.2\" and a merge, two "
                                         "symbols, on each line");
    if (!version) version = *counted ? BpeVersion::Together : BpeVersion::Apart;
    return std::make_shared<const BpeCodes>(std::move(merges), *version, std::move(separator));
}

int BpeCodes::symbolOf(std::string_view text) const {
    const auto found = m_symbols.find(std::string(text));
    return found == m_symbols.end() ? -1 : found->second; // -1 is in no pair
}

std::vector<Token> BpeCodes::tokenise(std::string_view utf8) const {
    std::vector<Token> tokens;
    const auto isBlank = [&](int at) {
        const char c = utf8[static_cast<std::size_t>(at)];
        return c == ' ' || c == '\n' || c == '\r';
    };
    const auto size = static_cast<int>(utf8.size());
    for (int at = 0; at < size; ++at) {
        if (isBlank(at)) continue;
        const int begin = at;
        while (at < size && !isBlank(at)) ++at;
        splitWord(utf8, begin, at, tokens);
    }
    return tokens;
}

void BpeCodes::splitWord(std::string_view utf8, int begin, int end, std::vector<Token>& tokens) const {
    struct Piece {
        int symbol, begin, end;
    };
    const auto text = [&](int from, int to) {
        return utf8.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    };
    std::vector<Piece> word;
    for (int at = begin; at < end;) {
        const int from = at;
        UChar32 c = 0;
        U8_NEXT(utf8.data(), at, end, c);
        word.push_back({symbolOf(text(from, at)), from, at});
    }
    if (word.size() > longestWord)
        throw Error(ErrorKind::Limit, "a word has more than " + std::to_string(longestWord) +
                                          " characters; expected words with blanks between them");
    if (word.size() > 1) {
        if (m_version == BpeVersion::Apart)
            word.push_back({symbolOf(wordEnd), end, end});
        else
            word.back().symbol =
                symbolOf(std::string(text(word.back().begin, word.back().end)) + std::string(wordEnd));
    }
    const auto mergeOf = [&](std::size_t i) -> const Merge* {
        if (word[i].symbol < 0 || word[i + 1].symbol < 0) return nullptr;
        const auto found = m_pairs.find(keyOf(word[i].symbol, word[i + 1].symbol));
        return found == m_pairs.end() ? nullptr : &found->second;
    };
    while (word.size() > 1) {
        const Merge* first = nullptr;
        for (std::size_t i = 0; i + 1 < word.size(); ++i)
            if (const Merge* merge = mergeOf(i); merge && (!first || merge->rank < first->rank))
                first = merge;
        if (!first) break;
        std::vector<Piece> joined; // from left to right: of "x x x" the first two
        for (std::size_t i = 0; i < word.size(); ++i) {
            const bool merges = i + 1 < word.size() && mergeOf(i) == first;
            joined.push_back(merges ? Piece{first->symbol, word[i].begin, word[i + 1].end} : word[i]);
            i += merges;
        }
        word = std::move(joined);
    }
    if (word.back().begin == word.back().end) word.pop_back(); // the end of the word by itself
    for (const Piece& piece : word) {
        Token token{std::string(text(piece.begin, piece.end)), piece.begin, piece.end};
        if (piece.end != end) token.text += m_separator;
        tokens.push_back(std::move(token));
    }
}

} // namespace attn
