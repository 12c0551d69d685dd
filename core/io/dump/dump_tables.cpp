// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/json_text.h"
#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

/// Characters (code points) of UTF-8 text.
Words charactersOf(std::string_view text) {
    Words characters;
    for (const char byte : text) {
        if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) characters.emplace_back();
        characters.back() += byte;
    }
    return characters;
}

std::string joined(const Words& characters, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < std::min(to, characters.size()); ++i) text += characters[i];
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// A line without the time and level that a logger puts before it.
std::string_view withoutStamp(std::string_view line) {
    const std::size_t end = line.find(" INFO] ");
    return !line.empty() && line[0] == '[' && end != std::string_view::npos && end < 40 ? line.substr(end + 7)
                                                                                        : line;
}

/// The texts of a Python list of strings, ['a', "it's"]; nothing where it is none.
std::optional<Words> pythonList(std::string_view text) {
    Words words;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
    text = text.substr(1, text.size() - 2);
    while (!text.empty()) {
        const char quote = text.front();
        if (quote != '\'' && quote != '"') return std::nullopt;
        std::string word;
        std::size_t at = 1;
        for (; at < text.size() && text[at] != quote; ++at) {
            if (text[at] != '\\') {
                word += text[at];
                continue;
            }
            if (++at >= text.size() || std::string_view("\\'\"").find(text[at]) == std::string_view::npos)
                return std::nullopt; // \x, \u: characters that are not printed
            word += text[at];
        }
        if (at >= text.size()) return std::nullopt;
        words.push_back(std::move(word));
        text.remove_prefix(at + 1);
        if (text.starts_with(", ")) text.remove_prefix(2);
    }
    return words;
}

/// "SENT 3: ..." and the like: what stands behind the colon.
std::optional<std::string_view> said(std::string_view line, std::string_view what) {
    const std::size_t colon = line.find(": ");
    if (!line.starts_with(what) || colon == std::string_view::npos || colon <= what.size() ||
        !wholeNumberOf(line.substr(what.size(), colon - what.size())))
        return std::nullopt;
    return line.substr(colon + 2);
}

/// Whether words are those of labels that were cut after `longest` characters.
bool fits(const Words& words, const Words& labels, std::size_t longest) {
    return words.size() == labels.size() &&
           std::equal(words.begin(), words.end(), labels.begin(), [&](const auto& word, const auto& label) {
               return joined(charactersOf(word), 0, longest) == label;
           });
}

constexpr std::size_t labelWidth = 11; ///< of a column, the blank behind it included
constexpr std::size_t longestSource = 7, longestTarget = 10;

} // namespace

RawDump readOpenNmt(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::OpenNmt;
    raw.rows = DumpRows::Target;
    Words sent, predicted;
    bool cut = false;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        const std::string_view line = withoutStamp(text.lines[i]);
        if (const auto words = said(line, "SENT ")) {
            sent = pythonList(*words).value_or(wordsOf(*words));
            predicted.clear();
        }
        if (const auto words = said(line, "PRED ")) predicted = wordsOf(*words);
        const std::size_t first = line.find_first_not_of(' ');
        if (first == std::string_view::npos || first < labelWidth) continue;

        const Words characters = charactersOf(line);
        Words source, target;
        for (std::size_t at = labelWidth; at < characters.size(); at += labelWidth)
            source.push_back(joined(characters, at, at + labelWidth));
        RawSentence sentence;
        sentence.where = text.where(i);
        std::vector<std::vector<float>> rows;
        while (i + 1 < text.lines.size()) {
            const Words parts = wordsOf(text.lines[i + 1]);
            if (parts.size() != source.size() + 1 ||
                parts[1].find_first_not_of("*.0123456789") != std::string::npos)
                break;
            ++i;
            target.push_back(parts[0]);
            rows.emplace_back();
            for (std::size_t j = 1; j < parts.size(); ++j)
                rows.back().push_back(weightOf(std::string_view(parts[j]).substr(std::min(
                                                   parts[j].find_first_not_of('*'), parts[j].size())),
                                               text.where(i) + ", column " + std::to_string(j)));
        }
        if (rows.empty()) continue;
        sentence.maps.push_back(matrixOf(rows, sentence.where));
        if (fits(sent, source, longestSource)) source = sent;
        Words ended = predicted;
        ended.push_back("</s>");
        for (const Words& whole : {predicted, ended})
            if (fits(whole, target, longestTarget)) target = whole;
        const auto isCut = [](const Words& words, std::size_t longest) {
            return std::any_of(words.begin(), words.end(),
                               [&](const std::string& word) { return charactersOf(word).size() == longest; });
        };
        cut = cut || (source != sent && isCut(source, longestSource)) ||
              (target != predicted && target != ended && isCut(target, longestTarget));
        sentence.source = source;
        sentence.target = target;
        sentence.line = raw.sentences.size();
        sentence.name = std::to_string(raw.sentences.size() + 1);
        raw.sentences.push_back(std::move(sentence));
    }
    if (raw.sentences.empty())
        throw Error(ErrorKind::Data, text.path +
                                         " holds no table of attention: OpenNMT-py's translate prints them "
                                         "with -attn_debug.");
    raw.statements.push_back(
        "Tables of -attn_debug: a row for each target word, a column for each source word.");
    if (cut)
        raw.findings.push_back({Severity::Warning, "words",
                                "the tables cut words after 7 (source) and 10 (target) characters; -verbose "
                                "prints them whole, or files of words can be named"});
    return raw;
}

RawDump readBlocks(const TextLines& text, DumpFormat format) {
    RawDump raw;
    raw.format = format;
    const bool sockeye = format == DumpFormat::Sockeye;
    raw.rows = sockeye ? DumpRows::Source : DumpRows::Target;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        if (text.lines[i].find_first_not_of(" \t") == std::string::npos) continue;
        const auto fields = fieldsOf(text.lines[i]);
        if (fields.size() != (sockeye ? 6U : 5U))
            throw Error(ErrorKind::Data,
                        text.where(i) + ": expected \"id ||| target words ||| score ||| source words ||| " +
                            (sockeye ? "source length ||| target length" : "source length target length") +
                            "\", found \"" + shortened(text.lines[i], 60) + "\".");
        RawSentence sentence;
        sentence.where = text.where(i);
        sentence.name = std::string(fields[0]);
        sentence.target = wordsOf(fields[1]);
        sentence.source = wordsOf(fields[3]);
        sentence.line = raw.sentences.size();
        std::vector<std::vector<float>> rows;
        while (i + 1 < text.lines.size() && text.lines[i + 1].find_first_not_of(" \t") != std::string::npos &&
               text.lines[i + 1].find("|||") == std::string::npos) {
            ++i;
            rows.emplace_back();
            for (const std::string& part : wordsOf(text.lines[i]))
                rows.back().push_back(
                    weightOf(part, text.where(i) + ", column " + std::to_string(rows.back().size() + 1)));
        }
        if (rows.empty())
            throw Error(ErrorKind::Data, sentence.where + ": no row of weights follows this line.");
        sentence.maps.push_back(matrixOf(rows, sentence.where));
        raw.sentences.push_back(std::move(sentence));
    }
    if (raw.sentences.empty()) throw Error(ErrorKind::Data, text.path + " is empty.");
    raw.statements.push_back(
        sockeye ? "Blocks of translation_with_alignment_matrix: Sockeye writes a row for each source word."
                : "Blocks of Nematus: a row for each target word.");
    return raw;
}

RawDump readSockeyeText(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::SockeyeText;
    raw.links = raw.gold = true;
    raw.rows = DumpRows::Source;
    raw.base = 0;
    raw.end = DumpEnd::None;
    const auto isRule = [](std::string_view line) {
        return line.size() >= 5 && line.starts_with("  ") && line.size() % 3 == 2 &&
               line.find_first_not_of('-', 2) == std::string_view::npos;
    };
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        if (!isRule(text.lines[i])) continue;
        const std::size_t columns = (text.lines[i].size() - 2) / 3;
        RawSentence sentence;
        sentence.where = text.where(i);
        sentence.source.emplace();
        for (++i; i < text.lines.size() && !isRule(text.lines[i]); ++i) {
            const std::string_view line = text.lines[i];
            const std::size_t words = 2 + 3 * columns;
            if (!line.starts_with(" |") || line.size() < words + 3 || line.substr(words, 3) != " | ")
                throw Error(ErrorKind::Data, text.where(i) + ": expected a row of the box with " +
                                                 std::to_string(columns) +
                                                 " columns, then \" | \" and its source word.");
            for (std::size_t j = 0; j < columns; ++j) {
                const std::string_view cell = line.substr(2 + 3 * j, 3);
                if (cell == "   ") continue;
                if (cell != "(*)" && cell != "(?)")
                    throw Error(ErrorKind::Data, text.where(i) + ", column " + std::to_string(j + 1) +
                                                     ": expected (*), (?) or blanks, found \"" +
                                                     std::string(cell) + "\".");
                sentence.links.push_back(
                    {static_cast<int>(sentence.source->size()), static_cast<int>(j), cell == "(*)"});
            }
            sentence.source->emplace_back(line.substr(words + 3));
        }
        if (i >= text.lines.size())
            throw Error(ErrorKind::Data, sentence.where + ": the box that begins here is not closed.");
        Words target(columns);
        for (++i; i < text.lines.size() && text.lines[i].find_first_not_of(' ') != std::string::npos &&
                  !isRule(text.lines[i]);
             ++i) {
            const Words letters = charactersOf(text.lines[i]);
            for (std::size_t j = 0; j < columns; ++j)
                if (3 + 3 * j < letters.size() && letters[3 + 3 * j] != " ") target[j] += letters[3 + 3 * j];
        }
        if (i < text.lines.size() && isRule(text.lines[i])) --i;
        sentence.target = std::move(target);
        sentence.line = raw.sentences.size();
        sentence.name = std::to_string(raw.sentences.size() + 1);
        raw.sentences.push_back(std::move(sentence));
    }
    if (raw.sentences.empty()) throw Error(ErrorKind::Data, text.path + " holds no box of align_text.");
    raw.statements.push_back(
        "Boxes of align_text: (*) a sure link, (?) a possible one; weights are not in the file.");
    return raw;
}

} // namespace attn
