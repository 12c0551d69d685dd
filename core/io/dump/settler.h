// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/dump/raw_dump.h"

namespace attn {

/// "1 word", "2 words".
std::string counted(std::size_t number, const char* what);

/// Settles what a dump's rows, end symbols and links are, step by step: as stated, as the words tell, or as
/// the format lays down. Each step states what it took and why; what is left open is a DumpQuestion, and what
/// contradicts itself an Error.
class Settler {
public:
    Settler(RawDump raw, const DumpOptions& options, Dump& dump)
        : m_raw(std::move(raw)), m_options(options), m_dump(dump) {}

    void run();

private:
    /// One side of all sentences: where its words and positions are.
    struct Side {
        const char* name; ///< "source"
        std::optional<Words> RawSentence::*words;
        bool end = false; ///< the last position is the end symbol
    };

    void state(const std::string& text) { m_dump.statements.push_back(text); }
    /// Whether the words of every sentence are known.
    bool known(const Side& side) const;
    /// The words of a side out of a text file.
    void takeWords(const std::string& path, const Side& side);

    // Matrices: settle_maps.cpp.
    /// Positions beyond the words, at both sides, if rows are read as `rows`; -1 where the counts cannot be.
    int spare(const RawSentence& sentence, DumpRows rows) const;
    std::string countsOf(const RawSentence& sentence) const;
    void settleRows();
    /// ", (here each row sums to 1)": what speaks for an answer.
    std::string sumsHint() const;
    static int positions(const RawSentence& sentence, const Side& side);
    /// Maps of one batch are as large as its longest sentence's; what is beyond a sentence's own words goes.
    void cutPadding();
    void settleMapEnds();
    void stateEnd(const Side& side, const std::string& why);

    // Links: settle_links.cpp.
    int sourceOf(const RawLink& link) const { return m_order == DumpRows::Source ? link.first : link.second; }
    int targetOf(const RawLink& link) const { return m_order == DumpRows::Source ? link.second : link.first; }
    /// The first link that points past the words, read in that order, the end symbols allowed for; nullptr if
    /// none does.
    const RawLink* pastWords(DumpRows order, const RawSentence** where) const;
    void settleLinkOrder();
    static std::string textOf(const RawLink& link);
    static std::string wordCounts(const RawSentence& sentence);
    void settleBase();
    void settleLinkEnds();
    [[noreturn]] void failPast(const RawSentence& sentence, const RawLink& link) const;

    // What comes out.
    static Words numbered(int positions);
    void add(RawSentence& raw);
    void takeGold();
    void noteUnknownWords();
    void noteSums();

    RawDump m_raw;
    const DumpOptions& m_options;
    Dump& m_dump;
    Side m_source{"source", &RawSentence::source};
    Side m_target{"target", &RawSentence::target};
    DumpRows m_order = DumpRows::Source;
    int m_base = 0;
    std::size_t m_cells = 0; ///< pairs of words of all links so far
};

} // namespace attn
