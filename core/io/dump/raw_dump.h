// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/dump/dump.h"

namespace attn {

/// What is read of a dump at most.
inline constexpr std::size_t mostDumpBytes = 400'000'000;
inline constexpr std::size_t mostDumpSentences = 200'000;
inline constexpr std::size_t mostDumpNumbers = 100'000'000;
inline constexpr int mostDumpWords = 10'000;

using Words = std::vector<std::string>;

struct RawLink {
    int first = 0, second = 0; ///< as the file counts
    bool sure = true;
};

/// A sentence as its file has it, before anyone has said what its rows are.
struct RawSentence {
    std::string where; ///< "line 3"
    std::string name;
    std::size_t line = 0;                ///< its line in files of words, from 0
    std::optional<Words> source, target; ///< without end symbols that the format adds
    std::vector<Matrix<float>> maps;     ///< all of one shape
    std::vector<RawLink> links;
};

/// What a reader found, and what its format lays down.
struct RawDump {
    DumpFormat format = DumpFormat::Marian;
    std::vector<RawSentence> sentences;
    bool links = false;  ///< sentences hold links, not maps
    bool gold = false;   ///< the links are sure and possible ones
    bool padded = false; ///< maps may be filled up with zeros to a common shape
    std::optional<DumpRows> rows;
    std::optional<DumpEnd> end;
    std::optional<int> base;
    std::vector<std::string> statements;
    Findings findings;
};

/// A file's text in lines, checked to be UTF-8.
struct TextLines {
    std::string path;
    Words lines;
    std::string where(std::size_t line) const { return path + ", line " + std::to_string(line + 1); }
};
/// Throws Error(Data) and Error(Limit) as LineReader does.
TextLines readLines(const std::string& path);

/// Split at blanks and tabs.
Words wordsOf(std::string_view text);
/// Split at "|||", blanks about the parts left out.
std::vector<std::string_view> fieldsOf(std::string_view line);
/// The whole text as a number; nothing where it is none.
std::optional<double> numberOf(std::string_view text);
std::optional<long long> wholeNumberOf(std::string_view text);
/// "1-2", "1p2", "1?2"; nothing where the text is none.
std::optional<RawLink> linkOf(std::string_view text);
/// Weights at `at` (a place for messages), checked to be finite and not negative.
float weightOf(std::string_view text, const std::string& at);
/// Rows of equal length as a matrix. `at` names the place of the rows.
Matrix<float> matrixOf(const std::vector<std::vector<float>>& rows, const std::string& at);

RawDump readMarian(const TextLines& text);
RawDump readPharaoh(const TextLines& text);
RawDump readTalp(const TextLines& text);
RawDump readFairseq(const TextLines& text);
RawDump readOpenNmt(const TextLines& text);
/// Nematus' and Sockeye's blocks.
RawDump readBlocks(const TextLines& text, DumpFormat format);
RawDump readSockeyeText(const TextLines& text);
RawDump readJsonDump(const std::string& path, DumpFormat format);
RawDump readNumpy(const std::string& path, const DumpOptions& options);

/// The format that the first bytes of a file speak of; nothing where they do not, or speak of several.
std::optional<DumpFormat> formatOf(const std::string& path);

/// Replaces words by those of the files named, and settles rows, end symbols and index base.
void settle(RawDump raw, const DumpOptions& options, Dump& dump);

} // namespace attn
