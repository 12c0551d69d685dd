// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dump/settler.h"

namespace attn {

const RawLink* Settler::pastWords(DumpRows order, const RawSentence** where) const {
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

void Settler::settleLinkOrder() {
    m_order = m_options.rows.value_or(m_raw.rows.value_or(DumpRows::Source));
    const RawSentence* where = nullptr;
    if (const RawLink* link = pastWords(m_order, &where)) {
        const RawSentence* unused = nullptr;
        const DumpRows other = m_order == DumpRows::Source ? DumpRows::Target : DumpRows::Source;
        throw Error(m_options.rows ? ErrorKind::Argument : ErrorKind::Data,
                    where->where + ": link " + textOf(*link) + " points past the words" + wordCounts(*where) +
                        (pastWords(other, &unused)
                             ? ". Are these the words that were aligned?"
                             : ". Read with the " + std::string(toText(other)) +
                                   " position first, all links fit: state that the first number is the " +
                                   std::string(toText(other)) + "."));
    }
    state(std::string("A link's first number is the ") + std::string(toText(m_order)) +
          " position: " + (m_options.rows ? "as stated." : "so the format has it."));
}

std::string Settler::textOf(const RawLink& link) {
    return std::to_string(link.first) + (link.sure ? "-" : "p") + std::to_string(link.second);
}

std::string Settler::wordCounts(const RawSentence& sentence) {
    std::string text;
    if (sentence.source) text += counted(sentence.source->size(), "source word");
    if (sentence.target) text += (text.empty() ? "" : ", ") + counted(sentence.target->size(), "target word");
    return text.empty() ? "" : " (" + text + ")";
}

void Settler::settleBase() {
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

void Settler::settleLinkEnds() {
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
            throw Error(m_options.end ? ErrorKind::Argument : ErrorKind::Data,
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

void Settler::failPast(const RawSentence& sentence, const RawLink& link) const {
    throw Error(ErrorKind::Data, sentence.where + ": link " +
                                     textOf({link.first + m_base, link.second + m_base, link.sure}) +
                                     " points past the words" + wordCounts(sentence) + ".");
}

} // namespace attn
