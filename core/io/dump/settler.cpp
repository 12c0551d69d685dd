// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dump/settler.h"

#include <algorithm>

namespace attn {

std::string counted(std::size_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

void Settler::run() {
    m_dump.format = m_raw.format;
    m_dump.statements = m_raw.statements;
    m_dump.findings = m_raw.findings;
    takeWords(m_options.source, m_source);
    takeWords(m_options.target, m_target);
    if (m_raw.links) {
        settleLinkOrder();
        settleBase();
        settleLinkEnds();
    } else {
        settleRows();
        if (m_raw.padded) cutPadding();
        settleMapEnds();
    }
    for (RawSentence& sentence : m_raw.sentences) add(sentence);
    if (!m_options.gold.empty()) takeGold();
    noteUnknownWords();
    if (!m_raw.links) noteSums();
}

bool Settler::known(const Side& side) const {
    return std::all_of(m_raw.sentences.begin(), m_raw.sentences.end(),
                       [&](const RawSentence& sentence) { return (sentence.*side.words).has_value(); });
}

void Settler::takeWords(const std::string& path, const Side& side) {
    if (path.empty()) return;
    const TextLines text = readLines(path);
    for (RawSentence& sentence : m_raw.sentences) {
        if (sentence.line >= text.lines.size())
            throw Error(ErrorKind::Argument, path + " has " + counted(text.lines.size(), "line") + ", but " +
                                                 sentence.where + " belongs to line " +
                                                 std::to_string(sentence.line + 1) +
                                                 " of it. A file of words has a line for each sentence.");
        sentence.*side.words = wordsOf(text.lines[sentence.line]);
    }
    state(std::string("The ") + side.name + " words are those of " + path + ".");
}

Words Settler::numbered(int positions) {
    Words words;
    for (int i = 1; i <= positions; ++i) words.push_back(std::to_string(i));
    return words;
}

void Settler::add(RawSentence& raw) {
    DumpSentence sentence;
    sentence.name = raw.name;
    int extent[2] = {0, 0}; // source, target
    if (m_raw.links) {
        for (const RawLink& link : raw.links) {
            extent[0] = std::max(extent[0], sourceOf(link) + 1);
            extent[1] = std::max(extent[1], targetOf(link) + 1);
        }
    } else {
        extent[0] = raw.maps.front().cols();
        extent[1] = raw.maps.front().rows();
    }
    sentence.sourceKnown = raw.source.has_value();
    sentence.targetKnown = raw.target.has_value();
    // A search that was cut short ends without an end symbol.
    const auto hasEnd = [&](const Side& side) {
        const auto& words = raw.*side.words;
        return side.end && (m_raw.links || !words || positions(raw, side) > static_cast<int>(words->size()));
    };
    sentence.sourceEnd = hasEnd(m_source);
    sentence.targetEnd = hasEnd(m_target);
    sentence.source = raw.source ? std::move(*raw.source)
                                 : numbered(extent[0] - (sentence.sourceEnd && extent[0] > 0 ? 1 : 0));
    sentence.target = raw.target ? std::move(*raw.target)
                                 : numbered(extent[1] - (sentence.targetEnd && extent[1] > 0 ? 1 : 0));
    const int sourceWords = static_cast<int>(sentence.source.size());
    const int targetWords = static_cast<int>(sentence.target.size());
    if (sentence.sourceEnd) sentence.source.push_back("</s>");
    if (sentence.targetEnd) sentence.target.push_back("</s>");
    if (m_raw.links) {
        if (sentence.source.size() * sentence.target.size() > mostDumpNumbers)
            throw Error(ErrorKind::Limit, raw.where + ": too many words to draw links between.");
        m_cells += sentence.source.size() * sentence.target.size();
        if (m_cells > mostDumpNumbers)
            throw Error(ErrorKind::Limit, raw.where + ": with it the dump has more than " +
                                              std::to_string(mostDumpNumbers) + " pairs of words.");
        Matrix<float> map(static_cast<int>(sentence.target.size()), static_cast<int>(sentence.source.size()),
                          0);
        for (const RawLink& link : raw.links) {
            map(targetOf(link), sourceOf(link)) = 1;
            if (m_raw.gold && sourceOf(link) < sourceWords && targetOf(link) < targetWords)
                sentence.gold.push_back({sourceOf(link), targetOf(link), link.sure});
        }
        sentence.heads.push_back(std::move(map));
    } else {
        sentence.heads = std::move(raw.maps);
    }
    m_dump.sentences.push_back(std::move(sentence));
}

void Settler::takeGold() {
    RawDump gold = readPharaoh(readLines(m_options.gold));
    DumpOptions options;
    options.base = m_options.base;
    for (std::size_t i = 0; i < m_raw.sentences.size(); ++i) {
        const std::size_t line = m_raw.sentences[i].line;
        if (line >= gold.sentences.size())
            throw Error(ErrorKind::Argument, m_options.gold + " has " +
                                                 counted(gold.sentences.size(), "line") + ", but " +
                                                 m_raw.sentences[i].where + " belongs to line " +
                                                 std::to_string(line + 1) + " of it.");
    }
    // Its lines are settled as a dump of their own, against these words.
    RawDump own = gold;
    own.sentences.clear();
    own.gold = true;
    own.end = DumpEnd::None;
    for (std::size_t i = 0; i < m_raw.sentences.size(); ++i) {
        RawSentence sentence = gold.sentences[m_raw.sentences[i].line];
        const DumpSentence& with = m_dump.sentences[i];
        sentence.source = Words(with.source.begin(), with.source.end() - (with.sourceEnd ? 1 : 0));
        sentence.target = Words(with.target.begin(), with.target.end() - (with.targetEnd ? 1 : 0));
        own.sentences.push_back(std::move(sentence));
    }
    Dump settled;
    settled.path = m_options.gold;
    settle(std::move(own), options, settled);
    for (std::size_t i = 0; i < m_dump.sentences.size(); ++i)
        m_dump.sentences[i].gold = std::move(settled.sentences[i].gold);
    for (const std::string& statement : settled.statements) state("Gold: " + statement);
}

void Settler::noteUnknownWords() {
    const auto note = [&](const char* side) {
        m_dump.findings.push_back(
            {Severity::Warning, std::string(side) + " words",
             std::string("not in the file: positions are numbered from 1; a file of the ") + side +
                 " words, a sentence a line, can be named"});
    };
    const auto& all = m_dump.sentences;
    if (std::any_of(all.begin(), all.end(), [](const auto& sentence) { return !sentence.sourceKnown; }))
        note("source");
    if (std::any_of(all.begin(), all.end(), [](const auto& sentence) { return !sentence.targetKnown; }))
        note("target");
}

void Settler::noteSums() {
    double least = 1, most = 1;
    for (const DumpSentence& sentence : m_dump.sentences)
        for (const Matrix<float>& map : sentence.heads)
            for (int t = 0; t < map.rows(); ++t) {
                double sum = 0;
                for (int s = 0; s < map.cols(); ++s) sum += map(t, s);
                least = std::min(least, sum);
                most = std::max(most, sum);
            }
    if (least < 0.99 || most > 1.01)
        m_dump.findings.push_back({Severity::Warning, "weights",
                                   "the weights of a target word sum to between " + std::to_string(least) +
                                       " and " + std::to_string(most) +
                                       ", not to 1; they are shown as they are"});
}

void settle(RawDump raw, const DumpOptions& options, Dump& dump) {
    Settler(std::move(raw), options, dump).run();
}

} // namespace attn
