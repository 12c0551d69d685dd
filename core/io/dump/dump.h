// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/matrix.h"
#include "core/trace/gold_link.h"
#include "core/trace/trace.h"

namespace attn {

/// A layout that attention or word alignments are written in. `attn dump --help` lists them.
enum class DumpFormat {
    Marian,      ///< lines "text ||| 0.9,0.1 0.2,0.8", "text ||| 0-0 1-1", n-best and scorer lines
    Pharaoh,     ///< lines "0-0 1p2 2?3"
    Talp,        ///< lines "sentence source target S|P", a link each
    OpenNmt,     ///< tables of -attn_debug
    Fairseq,     ///< S-, H- and A- lines of generate and interactive
    Nematus,     ///< "id ||| target ||| score ||| source ||| 4 5", then a row a line
    NematusJson, ///< objects with "matrix", or lists of [target, source, weight, id, id]
    Sockeye,     ///< "id ||| target ||| score ||| source ||| 4 ||| 5", then a row a line
    SockeyeText, ///< boxes of (*) and (?) of align_text; "text TAB 0-0 1-1" is read as Marian's
    NeatVision,  ///< JSON: {"text": [...], "attention": [...]}
    BertViz,     ///< JSON: left_text, right_text, attn [layer][head][left][right]; or tokens and attention
    Native,      ///< JSON of `attn run --json`
    Numpy,       ///< .npy and .npz arrays
};
template <>
struct EnumNames<DumpFormat> {
    static constexpr std::array names{
        std::pair{DumpFormat::Marian, std::string_view("marian")},
        std::pair{DumpFormat::Pharaoh, std::string_view("pharaoh")},
        std::pair{DumpFormat::Talp, std::string_view("talp")},
        std::pair{DumpFormat::OpenNmt, std::string_view("opennmt")},
        std::pair{DumpFormat::Fairseq, std::string_view("fairseq")},
        std::pair{DumpFormat::Nematus, std::string_view("nematus")},
        std::pair{DumpFormat::NematusJson, std::string_view("nematus-json")},
        std::pair{DumpFormat::Sockeye, std::string_view("sockeye")},
        std::pair{DumpFormat::SockeyeText, std::string_view("sockeye-text")},
        std::pair{DumpFormat::NeatVision, std::string_view("neat-vision")},
        std::pair{DumpFormat::BertViz, std::string_view("bertviz")},
        std::pair{DumpFormat::Native, std::string_view("native")},
        std::pair{DumpFormat::Numpy, std::string_view("numpy")},
    };
};

/// What a matrix has a row for, and what the first number of a link counts.
enum class DumpRows { Target, Source };
template <>
struct EnumNames<DumpRows> {
    static constexpr std::array names{std::pair{DumpRows::Target, std::string_view("target")},
                                      std::pair{DumpRows::Source, std::string_view("source")}};
};

/// Which sides' last position is the end symbol, behind the words.
enum class DumpEnd { None, Source, Target, Both };
template <>
struct EnumNames<DumpEnd> {
    static constexpr std::array names{std::pair{DumpEnd::None, std::string_view("no")},
                                      std::pair{DumpEnd::Source, std::string_view("source")},
                                      std::pair{DumpEnd::Target, std::string_view("target")},
                                      std::pair{DumpEnd::Both, std::string_view("yes")}};
};

/// What the first of an array's three axes counts.
enum class DumpAxis { Sentences, Heads };
template <>
struct EnumNames<DumpAxis> {
    static constexpr std::array names{std::pair{DumpAxis::Sentences, std::string_view("sentences")},
                                      std::pair{DumpAxis::Heads, std::string_view("heads")}};
};

/// What the user states about a dump. What is not stated is taken from the file and reported, or asked for.
struct DumpOptions {
    std::optional<DumpFormat> format;
    std::string source, target; ///< text files, a sentence a line, in place of the dump's own words
    std::string gold;           ///< Pharaoh links, a sentence a line
    std::optional<DumpRows> rows;
    std::optional<DumpEnd> end;
    std::optional<int> base; ///< 0 or 1: what links count from, those of `gold` too
    std::optional<DumpAxis> axis;

    bool operator==(const DumpOptions&) const = default;
};

/// A field of DumpOptions that a file leaves open.
enum class DumpField { Format, Rows, End, Base, Axis };

/// Error(Argument): the file can be read in more than one way, and `field` has to be stated.
class DumpQuestion : public Error {
public:
    DumpQuestion(DumpField field, const std::string& message)
        : Error(ErrorKind::Argument, message), m_field(field) {}
    DumpField field() const { return m_field; }

private:
    DumpField m_field;
};

/// One sentence's attention: a row for each of T target positions, a column for each of S source positions.
struct DumpSentence {
    std::string name;                ///< the file's own number or name, else the place in the file from 1
    std::vector<std::string> source; ///< S, an end symbol included; "1", "2", ... where no words are known
    std::vector<std::string> target; ///< T
    bool sourceEnd = false, targetEnd = false;   ///< the last position is the end symbol
    bool sourceKnown = true, targetKnown = true; ///< false: positions are numbered for want of words
    std::vector<Matrix<float>> heads;            ///< T x S each; of links, 1 where one is
    std::vector<GoldLink> gold;                  ///< of words, not of end symbols
};

struct Dump {
    std::string path;
    DumpFormat format = DumpFormat::Marian;
    std::vector<DumpSentence> sentences;
    std::vector<std::string> statements; ///< what was taken to be, and why; a line each
    Findings findings;                   ///< warnings: words that are not known, rows that do not sum to 1
};
using DumpPtr = std::shared_ptr<const Dump>;

/// Reads a dump. Throws DumpQuestion where the file leaves something open; Error(Argument) where what is
/// stated and the file contradict each other; Error(Data) naming line and column for what is malformed;
/// Error(Limit) for more than is read.
DumpPtr readDump(const std::string& path, const DumpOptions& options = {});

/// Whether a file's first bytes are those of a dump, not of a model. False where it cannot be read.
bool looksLikeDump(const std::string& path);

/// The sentence as a trace of one path, with words, weights and gold links and nothing else.
TracePtr dumpTrace(const Dump& dump, std::size_t sentence);

} // namespace attn
