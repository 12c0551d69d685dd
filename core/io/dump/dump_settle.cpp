// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/json_text.h"
#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

bool isEndWord(const std::string& word) {
    return word == "</s>" || word == "<eos>" || word == "<EOS>" || word == "EOS" || word == "<\\s>";
}

std::string count(std::size_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

/// One side of all sentences: where its words and positions are.
struct Side {
    const char* name; ///< "source"
    std::optional<Words> RawSentence::*words;
    bool end = false; ///< the last position is the end symbol
};

/// Settles a dump step by step; each step states what it took and why.
class Settler {
public:
    Settler(RawDump raw, const DumpOptions& options, Dump& dump)
        : m_raw(std::move(raw)), m_options(options), m_dump(dump) {}

    void run() {
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

private:
    void state(const std::string& text) { m_dump.statements.push_back(text); }
    bool known(const Side& side) const {
        return std::all_of(m_raw.sentences.begin(), m_raw.sentences.end(),
                           [&](const RawSentence& sentence) { return (sentence.*side.words).has_value(); });
    }

    /// The words of a side out of a text file.
    void takeWords(const std::string& path, const Side& side) {
        if (path.empty()) return;
        const TextLines text = readLines(path);
        for (RawSentence& sentence : m_raw.sentences) {
            if (sentence.line >= text.lines.size())
                throw Error(ErrorKind::Argument, path + " has " + count(text.lines.size(), "line") +
                                                     ", but " + sentence.where + " belongs to line " +
                                                     std::to_string(sentence.line + 1) +
                                                     " of it. A file of words has a line for each sentence.");
            sentence.*side.words = wordsOf(text.lines[sentence.line]);
        }
        state(std::string("The ") + side.name + " words are those of " + path + ".");
    }

    // Matrices.

    /// Positions beyond the words, at both sides, if rows are read as `rows`; -1 where the counts cannot be.
    int spare(const RawSentence& sentence, DumpRows rows) const {
        const Matrix<float>& map = sentence.maps.front();
        const int targets = rows == DumpRows::Target ? map.rows() : map.cols();
        const int sources = rows == DumpRows::Target ? map.cols() : map.rows();
        const int moreTargets = sentence.target ? targets - static_cast<int>(sentence.target->size()) : 0;
        const int moreSources = sentence.source ? sources - static_cast<int>(sentence.source->size()) : 0;
        const bool possible =
            moreTargets >= 0 && moreSources >= 0 && (m_raw.padded || (moreTargets <= 1 && moreSources <= 1));
        return possible ? moreTargets + moreSources : -1;
    }

    std::string countsOf(const RawSentence& sentence) const {
        const Matrix<float>& map = sentence.maps.front();
        std::string text =
            std::to_string(map.rows()) + " rows and " + std::to_string(map.cols()) + " columns";
        if (sentence.target) text += ", " + count(sentence.target->size(), "target word");
        if (sentence.source) text += ", " + count(sentence.source->size(), "source word");
        return text;
    }

    void settleRows() {
        const RawSentence* misfit[2] = {nullptr, nullptr};
        for (const RawSentence& sentence : m_raw.sentences)
            for (const DumpRows rows : {DumpRows::Target, DumpRows::Source})
                if (const auto i = static_cast<std::size_t>(rows); !misfit[i] && spare(sentence, rows) < 0)
                    misfit[i] = &sentence;
        const bool target = !misfit[0], source = !misfit[1];
        if (!target && !source) {
            const RawSentence& sentence = misfit[0]->where.size() ? *misfit[0] : *misfit[1];
            throw Error(ErrorKind::Data,
                        sentence.where + ": " + countsOf(sentence) +
                            ". A side has a position for each word, or one more for the end "
                            "symbol, and that fits in neither orientation. Are these the words "
                            "(or pieces of words) that the model read?");
        }
        DumpRows rows = DumpRows::Target;
        std::string why;
        if (m_options.rows) {
            rows = *m_options.rows;
            why = "as stated";
        } else if (target != source) {
            rows = target ? DumpRows::Target : DumpRows::Source;
            why = "the numbers of words fit no other way";
        } else if (m_raw.rows) {
            rows = *m_raw.rows;
            why = "so the format has it";
        } else {
            throw DumpQuestion(DumpField::Rows, m_dump.path + " does not say what a row is: " +
                                                    countsOf(m_raw.sentences.front()) +
                                                    " fit both ways. State whether rows are target or source "
                                                    "words" +
                                                    sumsHint() + ".");
        }
        if (const RawSentence* bad = misfit[static_cast<std::size_t>(rows)])
            throw Error(ErrorKind::Argument, bad->where + ": rows cannot be " + std::string(toText(rows)) +
                                                 " words: " + countsOf(*bad) +
                                                 ". Read the other way round, the numbers fit.");
        state(std::string("Rows are ") + std::string(toText(rows)) + " words: " + why + ".");
        if (rows == DumpRows::Target) return;
        for (RawSentence& sentence : m_raw.sentences)
            for (Matrix<float>& map : sentence.maps) {
                Matrix<float> turned(map.cols(), map.rows());
                for (int r = 0; r < map.rows(); ++r)
                    for (int c = 0; c < map.cols(); ++c) turned(c, r) = map(r, c);
                map = std::move(turned);
            }
    }

    /// ", (here each row sums to 1)": what speaks for an answer.
    std::string sumsHint() const {
        bool rows = true, columns = true;
        for (const RawSentence& sentence : m_raw.sentences) {
            const Matrix<float>& map = sentence.maps.front();
            std::vector<double> sums(static_cast<std::size_t>(map.cols()), 0.0);
            for (int r = 0; r < map.rows(); ++r) {
                double sum = 0;
                for (int c = 0; c < map.cols(); ++c) {
                    sum += map(r, c);
                    sums[static_cast<std::size_t>(c)] += map(r, c);
                }
                rows = rows && std::abs(sum - 1) < 0.01;
            }
            for (const double sum : sums) columns = columns && std::abs(sum - 1) < 0.01;
        }
        return rows == columns ? ""
               : rows          ? " (each row sums to 1, as a target word's weights do)"
                               : " (each column sums to 1, as a target word's weights do)";
    }

    static int positions(const RawSentence& sentence, const Side& side) {
        return std::string_view(side.name) == "source" ? sentence.maps.front().cols()
                                                       : sentence.maps.front().rows();
    }

    /// Maps of one batch are as large as its longest sentence's; what is beyond a sentence's own words goes.
    void cutPadding() {
        bool cut = false;
        for (RawSentence& sentence : m_raw.sentences) {
            int keep[2];
            int at = 0;
            for (const Side* side : {&m_target, &m_source}) {
                const auto& words = sentence.*side->words;
                const int all = positions(sentence, *side);
                keep[at] = all;
                if (words && static_cast<int>(words->size()) < all) {
                    if (!m_options.end && !(words->size() && isEndWord(words->back())))
                        throw DumpQuestion(DumpField::End,
                                           sentence.where + ": " + countsOf(sentence) +
                                               ". What is beyond the words may be padding: state "
                                               "whether the end symbol stands behind them.");
                    const bool end = m_options.end &&
                                     (*m_options.end == DumpEnd::Both ||
                                      (*m_options.end == DumpEnd::Source) == (side == &m_source)) &&
                                     *m_options.end != DumpEnd::None;
                    keep[at] = static_cast<int>(words->size()) + (end ? 1 : 0);
                }
                ++at;
            }
            for (Matrix<float>& map : sentence.maps) {
                if (keep[0] == map.rows() && keep[1] == map.cols()) continue;
                cut = true;
                Matrix<float> kept(keep[0], keep[1]);
                for (int t = 0; t < keep[0]; ++t)
                    for (int s = 0; s < map.cols(); ++s) {
                        if (s < keep[1])
                            kept(t, s) = map(t, s);
                        else if (map(t, s) != 0)
                            throw Error(ErrorKind::Data,
                                        sentence.where + ": the weight of target position " +
                                            std::to_string(t + 1) + " for source position " +
                                            std::to_string(s + 1) + " is not 0, but there are only " +
                                            count(static_cast<std::size_t>(keep[1]), "source position") +
                                            ". Are these the words that the model read?");
                    }
                map = std::move(kept);
            }
        }
        if (cut) state("Positions beyond a sentence's words are padding and were cut off.");
    }

    void settleMapEnds() {
        for (Side* side : {&m_target, &m_source}) {
            const bool isSource = side == &m_source;
            std::optional<bool> stated, byFormat;
            const auto of = [&](const std::optional<DumpEnd>& end) -> std::optional<bool> {
                if (!end) return std::nullopt;
                return *end == DumpEnd::Both || *end == (isSource ? DumpEnd::Source : DumpEnd::Target);
            };
            stated = of(m_options.end);
            byFormat = of(m_raw.end);
            const std::string what = std::string("the last ") + (isSource ? "column" : "row");
            if (!known(*side)) {
                if (!stated && !byFormat)
                    throw DumpQuestion(DumpField::End,
                                       m_dump.path + " does not say whether " + what + " is the " +
                                           side->name +
                                           "'s end symbol, and its words are not known. State it, or "
                                           "name the file of the " +
                                           side->name + " words.");
                side->end = stated ? *stated : *byFormat;
                stateEnd(*side, stated ? "as stated" : "so the format has it");
                continue;
            }
            const RawSentence *with = nullptr, *without = nullptr;
            bool endWords = true;
            for (const RawSentence& sentence : m_raw.sentences) {
                const Words& words = *(sentence.*side->words);
                (positions(sentence, *side) > static_cast<int>(words.size()) ? with : without) = &sentence;
                endWords = endWords && !words.empty() && isEndWord(words.back());
            }
            if (with && without && isSource)
                throw Error(ErrorKind::Data, with->where + " has " + std::to_string(positions(*with, *side)) +
                                                 " source positions for " +
                                                 count((with->*side->words)->size(), "word") + ", " +
                                                 without->where +
                                                 " as many as words. The source's end symbol is in all " +
                                                 "sentences or in none.");
            if (!with && endWords) {
                // The words spell it themselves.
                for (RawSentence& sentence : m_raw.sentences) (sentence.*side->words)->pop_back();
                with = without;
                without = nullptr;
            }
            side->end = with != nullptr;
            if (stated && *stated != side->end) {
                const RawSentence& sentence = with ? *with : *without;
                throw Error(ErrorKind::Argument,
                            sentence.where + ": " + what + (side->end ? " has to be" : " cannot be") +
                                " the " + side->name +
                                "'s end symbol: " + std::to_string(positions(sentence, *side)) +
                                " positions, " + count((sentence.*side->words)->size(), "word") + ".");
            }
            stateEnd(*side, std::string(stated ? "as stated" : "as the numbers of words tell") +
                                (with && without ? ", but for sentences that were ended without one (" +
                                                       without->where + ")"
                                                 : ""));
        }
    }

    void stateEnd(const Side& side, const std::string& why) {
        const char* const what = &side == &m_source ? "column" : "row";
        state(side.end
                  ? std::string("The last ") + what + " is the " + side.name + "'s end symbol: " + why + "."
                  : std::string("No ") + what + " is the " + side.name + "'s end symbol: " + why + ".");
    }

    // Links.

    int sourceOf(const RawLink& link) const { return m_order == DumpRows::Source ? link.first : link.second; }
    int targetOf(const RawLink& link) const { return m_order == DumpRows::Source ? link.second : link.first; }

    /// Whether every link of every sentence can be, read in that order, the end symbols allowed for.
    const RawLink* pastWords(DumpRows order, const RawSentence** where) const {
        const int base = m_options.base.value_or(m_raw.base.value_or(1));
        for (const RawSentence& sentence : m_raw.sentences)
            for (const RawLink& link : sentence.links) {
                const int source = (order == DumpRows::Source ? link.first : link.second) - base;
                const int target = (order == DumpRows::Source ? link.second : link.first) - base;
                if ((sentence.source && source > static_cast<int>(sentence.source->size())) ||
                    (sentence.target && target > static_cast<int>(sentence.target->size()))) {
                    *where = &sentence;
                    return &link;
                }
            }
        return nullptr;
    }

    void settleLinkOrder() {
        m_order = m_options.rows.value_or(m_raw.rows.value_or(DumpRows::Source));
        const RawSentence* where = nullptr;
        if (const RawLink* link = pastWords(m_order, &where)) {
            const RawSentence* unused = nullptr;
            const DumpRows other = m_order == DumpRows::Source ? DumpRows::Target : DumpRows::Source;
            throw Error(m_options.rows ? ErrorKind::Argument : ErrorKind::Data,
                        where->where + ": link " + textOf(*link) + " points past the words" +
                            wordCounts(*where) +
                            (pastWords(other, &unused)
                                 ? ". Are these the words that were aligned?"
                                 : ". Read with the " + std::string(toText(other)) +
                                       " position first, all links fit: state that the first number is the " +
                                       std::string(toText(other)) + "."));
        }
        state(std::string("A link's first number is the ") + std::string(toText(m_order)) +
              " position: " + (m_options.rows ? "as stated." : "so the format has it."));
    }

    static std::string textOf(const RawLink& link) {
        return std::to_string(link.first) + (link.sure ? "-" : "p") + std::to_string(link.second);
    }
    static std::string wordCounts(const RawSentence& sentence) {
        std::string text;
        if (sentence.source) text += count(sentence.source->size(), "source word");
        if (sentence.target)
            text += (text.empty() ? "" : ", ") + count(sentence.target->size(), "target word");
        return text.empty() ? "" : " (" + text + ")";
    }

    void settleBase() {
        const RawSentence* zero = nullptr;
        for (const RawSentence& sentence : m_raw.sentences)
            for (const RawLink& link : sentence.links)
                if (!zero && (link.first == 0 || link.second == 0)) zero = &sentence;
        if (m_options.base) {
            m_base = *m_options.base;
            if (m_base == 1 && zero)
                throw Error(ErrorKind::Argument,
                            zero->where + ": links cannot count from 1: this line holds the position 0.");
        } else if (zero) {
            m_base = 0;
        } else if (m_raw.base) {
            m_base = *m_raw.base;
        } else {
            throw DumpQuestion(DumpField::Base, m_dump.path +
                                                    " does not say whether its links count from 0 or 1: "
                                                    "none holds a 0. State it.");
        }
        state("Links count from " + std::to_string(m_base) + ": " +
              (m_options.base ? "as stated."
               : zero         ? "the position 0 occurs."
                              : "so the format has it."));
        for (RawSentence& sentence : m_raw.sentences)
            for (RawLink& link : sentence.links) {
                link.first -= m_base;
                link.second -= m_base;
            }
    }

    void settleLinkEnds() {
        for (Side* side : {&m_target, &m_source}) {
            const bool isSource = side == &m_source;
            const RawSentence* past = nullptr;
            for (const RawSentence& sentence : m_raw.sentences) {
                if (!(sentence.*side->words)) continue;
                const int words = static_cast<int>((sentence.*side->words)->size());
                for (const RawLink& link : sentence.links) {
                    const int at = isSource ? sourceOf(link) : targetOf(link);
                    if (at > words) failPast(sentence, link);
                    if (at == words) past = &sentence;
                }
            }
            const DumpEnd mine = isSource ? DumpEnd::Source : DumpEnd::Target;
            const auto end = m_options.end ? m_options.end : m_raw.end;
            side->end = end ? *end == DumpEnd::Both || *end == mine : past != nullptr;
            if (past && !side->end)
                throw Error(
                    m_options.end ? ErrorKind::Argument : ErrorKind::Data,
                    past->where + ": a link points to " + side->name + " position " +
                        std::to_string((past->*side->words)->size() + static_cast<std::size_t>(m_base)) +
                        ", one past the words" + wordCounts(*past) +
                        ". That can only be the end symbol, which " +
                        (m_options.end ? "was stated not to be there." : "this format does not align."));
            if (side->end || m_options.end)
                state(std::string("The end symbol of the ") + side->name +
                      (side->end ? " is behind the words: " : " is not aligned: ") +
                      (m_options.end ? "as stated."
                       : past        ? "links point one past the words (" + past->where + ")."
                                     : "so the format has it."));
        }
    }

    [[noreturn]] void failPast(const RawSentence& sentence, const RawLink& link) const {
        throw Error(ErrorKind::Data, sentence.where + ": link " +
                                         textOf({link.first + m_base, link.second + m_base, link.sure}) +
                                         " points past the words" + wordCounts(sentence) + ".");
    }

    // What comes out.

    static Words numbered(int positions) {
        Words words;
        for (int i = 1; i <= positions; ++i) words.push_back(std::to_string(i));
        return words;
    }

    void add(RawSentence& raw) {
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
            return side.end &&
                   (m_raw.links || !words || positions(raw, side) > static_cast<int>(words->size()));
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
            Matrix<float> map(static_cast<int>(sentence.target.size()),
                              static_cast<int>(sentence.source.size()), 0);
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

    void takeGold() {
        RawDump gold = readPharaoh(readLines(m_options.gold));
        DumpOptions options;
        options.base = m_options.base;
        for (std::size_t i = 0; i < m_raw.sentences.size(); ++i) {
            const std::size_t line = m_raw.sentences[i].line;
            if (line >= gold.sentences.size())
                throw Error(ErrorKind::Argument, m_options.gold + " has " +
                                                     count(gold.sentences.size(), "line") + ", but " +
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

    void noteUnknownWords() {
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

    void noteSums() {
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
                                       "the weights of a target word sum to between " +
                                           std::to_string(least) + " and " + std::to_string(most) +
                                           ", not to 1; they are shown as they are"});
    }

    RawDump m_raw;
    const DumpOptions& m_options;
    Dump& m_dump;
    Side m_source{"source", &RawSentence::source};
    Side m_target{"target", &RawSentence::target};
    DumpRows m_order = DumpRows::Source;
    int m_base = 0;
    std::size_t m_cells = 0;
};

} // namespace

void settle(RawDump raw, const DumpOptions& options, Dump& dump) {
    Settler(std::move(raw), options, dump).run();
}

} // namespace attn
