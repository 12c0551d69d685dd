// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/apply_plan.h"

#include <algorithm>
#include <set>

namespace attn {

namespace {

/// A piece's block, in its own orientation.
struct Block {
    int firstRow = 0, rows = 0, firstColumn = 0, cols = 0;
};

std::string shapeText(int rows, int cols) {
    return std::to_string(rows) + " x " + std::to_string(cols);
}

std::string shapeText(const ParameterShape& shape) {
    std::string text;
    for (const int extent : shape.shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "scalar" : text;
}

/// "model.decoder.attn.linear_in.weight, rows 0 to 95, transposed".
std::string pieceText(const ArrayPiece& piece) {
    std::string text = piece.name;
    const auto range = [&](const char* what, int first, int count) {
        if (first == 0 && count < 0) return;
        text += std::string(", ") + what + " " + std::to_string(first);
        text += count < 0 ? " on" : " to " + std::to_string(first + count - 1);
    };
    range("rows", piece.firstRow, piece.rows);
    range("columns", piece.firstColumn, piece.columns);
    if (piece.transpose) text += ", transposed";
    if (piece.scale != 1) {
        std::string factor = std::to_string(piece.scale);
        factor.erase(factor.find_last_not_of('0') + 1);
        text += ", times " + factor;
    }
    return text;
}

std::string sourceText(const ParameterSource& source) {
    if (source.fill != PieceFill::None) return std::string(toText(source.fill));
    std::string text;
    for (const ArrayPiece& piece : source.pieces)
        text += (text.empty() ? "" : source.join == PieceJoin::Sum ? " + " : " | ") + pieceText(piece);
    return text;
}

class Applier {
public:
    Applier(const ImportPlan& plan, const ImportSource& source) : m_plan(plan), m_source(source) {}

    AppliedPlan apply();

private:
    void applyOne(const ParameterShape& shape, const ParameterSource& from);
    /// The block of a piece in its array; a text of what is wrong, or empty.
    std::string cut(const ArrayPiece& piece, Block& block) const;
    /// Gives whether all numbers are finite.
    bool copyInto(const ArrayPiece& piece, const Block& block, bool add, int row, int col, Matrix<float>& to);
    const std::vector<float>& numbersOf(const std::string& name);
    void reportRest();
    void report(ParameterState state, const ParameterShape& shape, const std::string& theirs,
                const std::string& found = "", const std::string& note = "") {
        m_result.report.push_back({state, shape.name, theirs, shapeText(shape), found, note});
    }

    const ImportPlan& m_plan;
    const ImportSource& m_source;
    AppliedPlan m_result;
    std::set<std::string, std::less<>> m_used;
    std::string m_readName; ///< whose numbers m_read holds
    std::vector<float> m_read;
    bool m_readFinite = true;
};

std::string Applier::cut(const ArrayPiece& piece, Block& block) const {
    const ArrayInfo* info = m_source.find(piece.name);
    const auto [rows, cols] = matrixShape(*info);
    block = {piece.firstRow, piece.rows < 0 ? rows - piece.firstRow : piece.rows, piece.firstColumn,
             piece.columns < 0 ? cols - piece.firstColumn : piece.columns};
    const bool inside = block.firstRow >= 0 && block.rows >= 0 && block.rows <= rows - block.firstRow &&
                        block.firstColumn >= 0 && block.cols >= 0 && block.cols <= cols - block.firstColumn;
    return inside ? ""
                  : piece.name + " is " + attn::shapeText(*info) + "; there is no block " +
                        shapeText(block.rows, block.cols) + " at row " + std::to_string(block.firstRow) +
                        ", column " + std::to_string(block.firstColumn);
}

const std::vector<float>& Applier::numbersOf(const std::string& name) {
    if (m_readName != name) {
        m_readName = name;
        m_read.resize(static_cast<std::size_t>(m_source.find(name)->elements()));
        m_readFinite = m_source.read(name, m_read);
    }
    return m_read;
}

bool Applier::copyInto(const ArrayPiece& piece, const Block& block, bool add, int row, int col,
                       Matrix<float>& to) {
    const auto scale = static_cast<float>(piece.scale);
    const int stride = m_source.cols(piece.name);
    const bool whole = !add && !piece.transpose && block.firstRow == 0 && block.firstColumn == 0 &&
                       block.rows == to.rows() && block.cols == to.cols() && block.cols == stride &&
                       m_source.rows(piece.name) == block.rows;
    if (whole) {
        const bool finite = m_source.read(piece.name, {to.data(), to.size()});
        if (scale != 1)
            for (float& x : to) x *= scale;
        return finite;
    }
    const std::vector<float>& numbers = numbersOf(piece.name);
    for (int i = 0; i < block.rows; ++i) {
        const float* from =
            numbers.data() + static_cast<std::size_t>(block.firstRow + i) * stride + block.firstColumn;
        for (int j = 0; j < block.cols; ++j) {
            float& place = piece.transpose ? to(row + j, col + i) : to(row + i, col + j);
            place = scale * from[j] + (add ? place : 0.0F);
        }
    }
    return m_readFinite;
}

void Applier::applyOne(const ParameterShape& shape, const ParameterSource& from) {
    const std::string theirs = sourceText(from);
    const int rows = shape.rows(), cols = shape.cols();
    if (from.fill != PieceFill::None) {
        Matrix<float> value(rows, cols, from.fill == PieceFill::Ones ? 1.0F : 0.0F);
        if (from.fill == PieceFill::Identity) {
            if (rows != cols)
                return report(ParameterState::Misshapen, shape, theirs, "", "an identity is square");
            for (int i = 0; i < rows; ++i) value(i, i) = 1;
        }
        m_result.parameters.add(shape, std::move(value));
        return report(ParameterState::Used, shape, theirs, "", "the checkpoint has none, and needs none");
    }
    std::string missing;
    for (const ArrayPiece& piece : from.pieces) {
        m_used.insert(piece.name);
        if (!m_source.has(piece.name)) missing += (missing.empty() ? "" : ", ") + piece.name;
    }
    if (!missing.empty() || from.pieces.empty())
        return report(ParameterState::Missing, shape, theirs, "",
                      missing.empty() ? "no array is named for it" : missing + " is not in the file");

    std::string found, wrong;
    std::vector<Block> blocks(from.pieces.size());
    int height = 0, width = 0;
    for (std::size_t k = 0; k < from.pieces.size(); ++k) {
        const ArrayPiece& piece = from.pieces[k];
        found += (k ? ", " : "") + attn::shapeText(*m_source.find(piece.name));
        if (const std::string fault = cut(piece, blocks[k]); !fault.empty()) wrong = fault;
        const int r = piece.transpose ? blocks[k].cols : blocks[k].rows,
                  c = piece.transpose ? blocks[k].rows : blocks[k].cols;
        const bool stacks = from.join == PieceJoin::Rows, joins = from.join == PieceJoin::Columns;
        if (k > 0 && ((!stacks && r != height) || (!joins && c != width)) && wrong.empty())
            wrong = piece.name + " gives " + shapeText(r, c) + ", which does not go with the one before it";
        height = k == 0 || !stacks ? r : height + r;
        width = k == 0 || !joins ? c : width + c;
    }
    // A vector may stand as a column (n x 1) or as a row.
    const bool turned = wrong.empty() && rows == 1 && width == 1 && height == cols && from.pieces.size() == 1;
    if (wrong.empty() && !turned && (height != rows || width != cols))
        wrong = "gives " + shapeText(height, width);
    if (!wrong.empty()) return report(ParameterState::Misshapen, shape, theirs, found, wrong);

    Matrix<float> value(rows, cols);
    int row = 0, col = 0;
    bool finite = true;
    for (std::size_t k = 0; k < from.pieces.size(); ++k) {
        ArrayPiece piece = from.pieces[k];
        if (turned) piece.transpose = !piece.transpose;
        finite &= copyInto(piece, blocks[k], from.join == PieceJoin::Sum && k > 0, row, col, value);
        if (from.join == PieceJoin::Rows) row += piece.transpose ? blocks[k].cols : blocks[k].rows;
        if (from.join == PieceJoin::Columns) col += piece.transpose ? blocks[k].rows : blocks[k].cols;
    }
    if (!finite)
        return report(ParameterState::Misshapen, shape, theirs, found, "holds a number that is not finite");
    m_result.parameters.add(shape, std::move(value));
    report(ParameterState::Used, shape, theirs, found);
}

void Applier::reportRest() {
    for (const std::string& name : m_source.names()) {
        if (m_used.contains(name)) continue;
        const std::string* why = nullptr;
        for (const auto& [key, reason] : m_plan.ignored) {
            const bool begins = key.ends_with('*');
            if (begins ? name.starts_with(std::string_view(key).substr(0, key.size() - 1)) : name == key)
                why = &reason;
        }
        m_result.report.push_back({why ? ParameterState::Ignored : ParameterState::Unused, "", name, "",
                                   attn::shapeText(*m_source.find(name)), why ? *why : ""});
    }
}

AppliedPlan Applier::apply() {
    const Schema schema = m_plan.spec.schema();
    std::set<std::string_view> known;
    for (const ParameterShape& shape : schema) {
        known.insert(shape.name);
        const auto from = std::find_if(m_plan.parameters.begin(), m_plan.parameters.end(),
                                       [&](const ParameterSource& p) { return p.ours == shape.name; });
        if (from == m_plan.parameters.end())
            report(ParameterState::Missing, shape, "", "", "no array is named for it");
        else
            applyOne(shape, *from);
    }
    for (const ParameterSource& from : m_plan.parameters)
        if (!known.contains(from.ours))
            m_result.report.push_back({ParameterState::Misshapen, from.ours, sourceText(from), "", "",
                                       "this wiring has no parameter of that name"});
    m_result.complete =
        std::none_of(m_result.report.begin(), m_result.report.end(), [](const ParameterReport& r) {
            return r.state == ParameterState::Missing || r.state == ParameterState::Misshapen;
        });
    reportRest();
    return std::move(m_result);
}

} // namespace

AppliedPlan applyPlan(const ImportPlan& plan, const ImportSource& source) {
    return Applier(plan, source).apply();
}

std::vector<Side> makeSides(const ImportPlan& plan) {
    TokeniserParts source = plan.sourceTokeniser, target = plan.targetTokeniser;
    source.lowercase = target.lowercase = plan.lowercase;
    return {makeSide(SideRole::Source, *plan.source, source),
            makeSide(SideRole::Target, *plan.target, target)};
}

} // namespace attn
