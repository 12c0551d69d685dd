// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/io/dump/settler.h"

namespace attn {

namespace {
bool isEndWord(const std::string& word) {
    return word == "</s>" || word == "<eos>" || word == "<EOS>" || word == "EOS" || word == "<\\s>";
}
} // namespace

int Settler::spare(const RawSentence& sentence, DumpRows rows) const {
    const Matrix<float>& map = sentence.maps.front();
    const int targets = rows == DumpRows::Target ? map.rows() : map.cols();
    const int sources = rows == DumpRows::Target ? map.cols() : map.rows();
    const int moreTargets = sentence.target ? targets - static_cast<int>(sentence.target->size()) : 0;
    const int moreSources = sentence.source ? sources - static_cast<int>(sentence.source->size()) : 0;
    const bool possible =
        moreTargets >= 0 && moreSources >= 0 && (m_raw.padded || (moreTargets <= 1 && moreSources <= 1));
    return possible ? moreTargets + moreSources : -1;
}

std::string Settler::countsOf(const RawSentence& sentence) const {
    const Matrix<float>& map = sentence.maps.front();
    std::string text = std::to_string(map.rows()) + " rows and " + std::to_string(map.cols()) + " columns";
    if (sentence.target) text += ", " + counted(sentence.target->size(), "target word");
    if (sentence.source) text += ", " + counted(sentence.source->size(), "source word");
    return text;
}

void Settler::settleRows() {
    const RawSentence* misfit[2] = {nullptr, nullptr};
    for (const RawSentence& sentence : m_raw.sentences)
        for (const DumpRows rows : {DumpRows::Target, DumpRows::Source})
            if (const auto i = static_cast<std::size_t>(rows); !misfit[i] && spare(sentence, rows) < 0)
                misfit[i] = &sentence;
    const bool target = !misfit[0], source = !misfit[1];
    if (!target && !source) {
        const RawSentence& sentence = misfit[0]->where.size() ? *misfit[0] : *misfit[1];
        throw Error(ErrorKind::Data, sentence.where + ": " + countsOf(sentence) +
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
        throw DumpQuestion(DumpField::Rows,
                           m_dump.path + " does not say what a row is: " + countsOf(m_raw.sentences.front()) +
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

std::string Settler::sumsHint() const {
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

int Settler::positions(const RawSentence& sentence, const Side& side) {
    return std::string_view(side.name) == "source" ? sentence.maps.front().cols()
                                                   : sentence.maps.front().rows();
}

void Settler::cutPadding() {
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
                    throw DumpQuestion(DumpField::End, sentence.where + ": " + countsOf(sentence) +
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
                                        counted(static_cast<std::size_t>(keep[1]), "source position") +
                                        ". Are these the words that the model read?");
                }
            map = std::move(kept);
        }
    }
    if (cut) state("Positions beyond a sentence's words are padding and were cut off.");
}

void Settler::settleMapEnds() {
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
                                   m_dump.path + " does not say whether " + what + " is the " + side->name +
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
            throw Error(ErrorKind::Data,
                        with->where + " has " + std::to_string(positions(*with, *side)) +
                            " source positions for " + counted((with->*side->words)->size(), "word") + ", " +
                            without->where + " as many as words. The source's end symbol is in all " +
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
                        sentence.where + ": " + what + (side->end ? " has to be" : " cannot be") + " the " +
                            side->name + "'s end symbol: " + std::to_string(positions(sentence, *side)) +
                            " positions, " + counted((sentence.*side->words)->size(), "word") + ".");
        }
        stateEnd(*side, std::string(stated ? "as stated" : "as the numbers of words tell") +
                            (with && without
                                 ? ", but for sentences that were ended without one (" + without->where + ")"
                                 : ""));
    }
}

void Settler::stateEnd(const Side& side, const std::string& why) {
    const char* const what = &side == &m_source ? "column" : "row";
    state(side.end ? std::string("The last ") + what + " is the " + side.name + "'s end symbol: " + why + "."
                   : std::string("No ") + what + " is the " + side.name + "'s end symbol: " + why + ".");
}

} // namespace attn
