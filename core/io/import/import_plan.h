// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model/model.h"

namespace attn {

/// A block of one of their arrays. An array is seen as a matrix: a vector as 1 x n, extents of 1 in front
/// left out. The block is cut first, in their orientation, then transposed, then scaled.
struct ArrayPiece {
    std::string name; ///< in the container
    bool transpose = false;
    int firstRow = 0, rows = -1; ///< rows from firstRow on; -1: all that follow
    int firstColumn = 0, columns = -1;
    double scale = 1;

    bool operator==(const ArrayPiece&) const = default;
};

/// How several pieces become one matrix.
enum class PieceJoin { Rows, Columns, Sum };
template <>
struct EnumNames<PieceJoin> {
    static constexpr std::array names{std::pair{PieceJoin::Rows, std::string_view("rows")},
                                      std::pair{PieceJoin::Columns, std::string_view("columns")},
                                      std::pair{PieceJoin::Sum, std::string_view("sum")}};
};

/// What stands where they have no array.
enum class PieceFill { None, Zeros, Ones, Identity };
template <>
struct EnumNames<PieceFill> {
    static constexpr std::array names{std::pair{PieceFill::None, std::string_view("none")},
                                      std::pair{PieceFill::Zeros, std::string_view("zeros")},
                                      std::pair{PieceFill::Ones, std::string_view("ones")},
                                      std::pair{PieceFill::Identity, std::string_view("identity")}};
};

/// Where the numbers of one parameter of ours (schema()) come from: `fill`, or `pieces` joined.
struct ParameterSource {
    std::string ours;
    std::vector<ArrayPiece> pieces;
    PieceJoin join = PieceJoin::Rows;
    PieceFill fill = PieceFill::None;

    bool operator==(const ParameterSource&) const = default;
};

/// A file that belongs to a checkpoint beside its container: found, or asked for.
struct CompanionFile {
    std::string role; ///< "source vocabulary", "settings", "decoder"
    std::string path; ///< where it was found; empty: not found
    std::string note; ///< what it holds ("4,000 words"), or which names were looked for and where
    bool needed = true;
};

/// What a convention makes of a container: all of a model but its numbers, and where each of those comes
/// from.
struct ImportPlan {
    std::string toolkit;               ///< "OpenNMT-py", as people call it
    std::vector<std::string> evidence; ///< why it was taken for that, a line each
    ModelCard card;
    EncoderDecoderSpec spec;
    std::optional<Vocabulary> source, target; ///< absent: not found; `files` says what is asked for
    /// Tokens stand between blanks where a checkpoint names no tokeniser.
    TokeniserParts sourceTokeniser{TokeniserKind::Spaces}, targetTokeniser{TokeniserKind::Spaces};
    bool lowercase = false; ///< both sides' typed text is lower-cased
    /// Files beside the checkpoint that split words into pieces, as its settings name them; empty: none.
    std::string sourcePieces, targetPieces;
    std::vector<ParameterSource> parameters;
    /// Their arrays that are left out, and why ("the optimiser's", "never used by the toolkit either").
    std::map<std::string, std::string> ignored;
    std::vector<CompanionFile> files;
    Findings findings; ///< what is not run as it was trained, or cannot be run
    /// Sentence for the self-test; empty: one is made from the source vocabulary.
    std::string example;
};

} // namespace attn
