// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "core/base/json_text.h"
#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

bool isScore(std::string_view text) {
    const std::size_t point = text.find('.');
    return point != std::string_view::npos && text.size() - point == 7 && numberOf(text).has_value();
}

[[noreturn]] void fail(const TextLines& text, std::size_t line, const std::string& what) {
    throw Error(ErrorKind::Data, text.where(line) + ": " + what);
}

/// Links or a matrix out of one field; an empty one is neither.
void parseAlignment(std::string_view field, const std::string& at, RawSentence& sentence, bool& links,
                    bool& maps) {
    const Words parts = wordsOf(field);
    if (parts.empty()) return;
    if (linkOf(parts.front())) {
        links = true;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto link = linkOf(parts[i]);
            if (!link)
                throw Error(ErrorKind::Data, at + ", item " + std::to_string(i + 1) +
                                                 ": expected a link such as 0-0 or 1p2, found \"" +
                                                 shortened(parts[i], 40) + "\".");
            sentence.links.push_back(*link);
        }
        return;
    }
    maps = true;
    std::vector<std::vector<float>> rows;
    for (std::size_t r = 0; r < parts.size(); ++r) {
        std::vector<float>& row = rows.emplace_back();
        std::string_view rest = parts[r];
        while (true) {
            const std::size_t comma = rest.find(',');
            row.push_back(weightOf(rest.substr(0, comma), at + ", row " + std::to_string(r + 1) +
                                                              ", column " + std::to_string(row.size() + 1)));
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    sentence.maps.push_back(matrixOf(rows, at));
}

void requireOneKind(const TextLines& text, std::size_t line, bool links, bool maps) {
    if (links && maps)
        fail(text, line,
             "the lines before hold " + std::string(maps ? "matrices" : "links") +
                 " and this one the other. A file holds links or matrices, not both.");
}

} // namespace

RawDump readMarian(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::Marian;
    raw.rows = DumpRows::Target;
    // "text TAB links" is how Sockeye writes the same.
    std::vector<std::vector<std::string_view>> lines;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        std::string_view line = text.lines[i];
        auto fields = fieldsOf(line);
        const std::size_t tab = line.rfind('\t');
        if (fields.size() == 1 && tab != std::string_view::npos)
            fields = {line.substr(0, tab), line.substr(tab + 1)};
        if (!lines.empty() && fields.size() != lines.front().size())
            fail(text, i,
                 "has " + std::to_string(fields.size()) + " fields between |||, the first line has " +
                     std::to_string(lines.front().size()) + ".");
        lines.push_back(std::move(fields));
    }
    if (lines.empty()) throw Error(ErrorKind::Data, text.path + " is empty.");
    const std::size_t fields = lines.front().size();
    const bool best = fields >= 4;
    const bool scorer = !best && fields >= 2 && std::all_of(lines.begin(), lines.end(), [](const auto& line) {
        return isScore(line.front());
    });
    bool links = false, maps = false;
    std::map<long long, int> hypotheses;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        RawSentence sentence;
        sentence.where = text.where(i);
        sentence.line = i;
        sentence.name = std::to_string(i + 1);
        std::size_t alignment = 0;
        if (best) {
            const auto number = wholeNumberOf(lines[i].front());
            if (!number || *number < 0 || *number >= static_cast<long long>(mostDumpSentences))
                fail(text, i,
                     "an n-best line begins with the sentence's number from 0, found \"" +
                         shortened(std::string(lines[i].front()), 40) + "\".");
            sentence.line = static_cast<std::size_t>(*number);
            sentence.name =
                std::to_string(*number + 1) + ", hypothesis " + std::to_string(++hypotheses[*number]);
            sentence.target = wordsOf(lines[i][1]);
            alignment = 2;
        } else if (fields >= 2) {
            if (!scorer) sentence.target = wordsOf(lines[i].front());
            alignment = 1;
        }
        parseAlignment(lines[i][alignment], sentence.where, sentence, links, maps);
        requireOneKind(text, i, links, maps);
        raw.sentences.push_back(std::move(sentence));
    }
    if (!links && !maps)
        throw Error(ErrorKind::Data, text.path +
                                         " holds no alignment: marian-decoder writes them with "
                                         "--alignment soft (or hard).");
    raw.links = links;
    if (links) {
        raw.base = 0;
        raw.rows = DumpRows::Source;
    } else {
        raw.end = DumpEnd::Both;
        std::erase_if(raw.sentences, [](const RawSentence& sentence) { return sentence.maps.empty(); });
    }
    raw.statements.push_back(
        links ? "Links: a source position, then a target position, from 0, as Marian, OpenNMT-py and Sockeye "
                "write them."
        : best   ? "N-best lines: a row for each target word, then one for its end symbol."
        : scorer ? "Lines of marian-scorer: they hold no words."
                 : "Lines of marian-decoder: a row for each target word, then one for its end symbol.");
    return raw;
}

RawDump readPharaoh(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::Pharaoh;
    raw.links = true;
    raw.rows = DumpRows::Source;
    bool links = false, maps = false;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        RawSentence sentence;
        sentence.where = text.where(i);
        sentence.name = std::to_string(i + 1);
        sentence.line = i;
        parseAlignment(text.lines[i], sentence.where, sentence, links, maps);
        if (maps)
            fail(text, i,
                 "expected links such as 0-0 or 1p2, found \"" + shortened(text.lines[i], 40) + "\".");
        for (const RawLink& link : sentence.links) raw.gold = raw.gold || !link.sure;
        raw.sentences.push_back(std::move(sentence));
    }
    if (!links) throw Error(ErrorKind::Data, text.path + " holds no link.");
    raw.statements.push_back(
        raw.gold ? "Pharaoh links with possible ones (p or ?): a reference, so they are gold links too."
                 : "Pharaoh links, all of one kind.");
    return raw;
}

RawDump readTalp(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::Talp;
    raw.links = raw.gold = true;
    raw.rows = DumpRows::Source;
    raw.base = 1;
    std::map<long long, RawSentence> sentences;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        const Words parts = wordsOf(text.lines[i]);
        if (parts.empty()) continue;
        const bool form = parts.size() >= 3 && parts.size() <= 5;
        const auto number = form ? wholeNumberOf(parts[0]) : std::nullopt;
        const auto source = form ? wholeNumberOf(parts[1]) : std::nullopt;
        const auto target = form ? wholeNumberOf(parts[2]) : std::nullopt;
        const std::string kind = parts.size() > 3 ? parts[3] : "S";
        const bool confidence = parts.size() < 5 || numberOf(parts[4]).has_value();
        if (!number || !source || !target || *number < 0 || *source < 0 || *target < 0 ||
            *source > mostDumpWords || *target > mostDumpWords || (kind != "S" && kind != "P") || !confidence)
            fail(text, i,
                 "expected a link as \"sentence source target S\" (or P), found \"" +
                     shortened(text.lines[i], 60) + "\".");
        if (sentences.size() >= mostDumpSentences)
            throw Error(ErrorKind::Limit,
                        text.path + " holds more than " + std::to_string(mostDumpSentences) + " sentences.");
        RawSentence& sentence = sentences[*number];
        if (sentence.where.empty()) sentence.where = text.where(i);
        sentence.links.push_back({static_cast<int>(*source), static_cast<int>(*target), kind == "S"});
    }
    if (sentences.empty()) throw Error(ErrorKind::Data, text.path + " holds no link.");
    const long long first = sentences.begin()->first > 0 ? 1 : 0;
    for (auto& [number, sentence] : sentences) {
        sentence.name = std::to_string(number);
        sentence.line = static_cast<std::size_t>(number - first);
        raw.sentences.push_back(std::move(sentence));
    }
    raw.statements.push_back("A link a line: sentence, source word, target word, S sure or P possible.");
    return raw;
}

RawDump readFairseq(const TextLines& text) {
    RawDump raw;
    raw.format = DumpFormat::Fairseq;
    std::map<std::string, Words, std::less<>> sources, targets;
    std::map<std::string, int> hypotheses;
    bool links = false, maps = false;
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        const std::string_view line = text.lines[i];
        const std::size_t tab = line.find('\t');
        if (tab == std::string_view::npos || tab < 3 || line[1] != '-') continue;
        const std::string id(line.substr(2, tab - 2));
        const auto number = wholeNumberOf(id);
        if (!number || *number < 0) continue;
        const std::string_view rest = line.substr(tab + 1);
        if (line[0] == 'S') sources[id] = wordsOf(rest);
        if (line[0] == 'H') {
            const std::size_t second = rest.find('\t');
            if (second == std::string_view::npos || !numberOf(rest.substr(0, second)))
                fail(text, i, "an H- line holds a score, a tab and the hypothesis.");
            targets[id] = wordsOf(rest.substr(second + 1));
        }
        if (line[0] != 'A') continue;
        RawSentence sentence;
        sentence.where = text.where(i);
        sentence.line = static_cast<std::size_t>(*number);
        const int hypothesis = ++hypotheses[id];
        sentence.name = id + (hypothesis > 1 ? ", hypothesis " + std::to_string(hypothesis) : "");
        if (const auto found = sources.find(id); found != sources.end()) sentence.source = found->second;
        if (const auto found = targets.find(id); found != targets.end()) sentence.target = found->second;
        parseAlignment(rest, sentence.where, sentence, links, maps);
        requireOneKind(text, i, links, maps);
        raw.sentences.push_back(std::move(sentence));
    }
    if (raw.sentences.empty())
        throw Error(ErrorKind::Data, text.path +
                                         " holds no A- line: fairseq-generate writes them with "
                                         "--print-alignment (hard or soft).");
    raw.links = !maps;
    if (raw.links) {
        raw.base = 0;
        raw.rows = DumpRows::Source;
        raw.end = DumpEnd::None;
        raw.statements.push_back("A- lines with links: source position, then target position, from 0.");
    } else {
        raw.rows = DumpRows::Target;
        raw.end = DumpEnd::Both;
        raw.statements.push_back(
            "A- lines with weights: a row for each target word, then one for its end symbol.");
        std::erase_if(raw.sentences, [](const RawSentence& sentence) { return sentence.maps.empty(); });
    }
    return raw;
}

} // namespace attn
