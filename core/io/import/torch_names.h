// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/io/import/import_source.h"

namespace attn {

/// A plan being made: what the conventions of PyTorch's layers have in common.
class PlanMaker {
public:
    PlanMaker(ImportPlan& plan, const ImportSource& source) : m_plan(plan), m_source(source) {}

    /// Ours is theirs as it stands.
    void take(const std::string& ours, const std::string& theirs) { take(ours, ArrayPiece{theirs}); }
    void take(const std::string& ours, ArrayPiece piece) {
        m_plan.parameters.push_back({ours, {std::move(piece)}, PieceJoin::Rows, PieceFill::None});
    }
    void join(const std::string& ours, PieceJoin how, std::vector<ArrayPiece> pieces) {
        m_plan.parameters.push_back({ours, std::move(pieces), how, PieceFill::None});
    }
    void fill(const std::string& ours, PieceFill how) {
        m_plan.parameters.push_back({ours, {}, PieceJoin::Rows, how});
    }
    /// Theirs if it is there, else zeros.
    void takeOrZeros(const std::string& ours, const std::string& theirs) {
        if (m_source.has(theirs))
            take(ours, theirs);
        else
            fill(ours, PieceFill::Zeros);
    }
    /// Columns of theirs in another order: [first `count` | rest] becomes [rest | first].
    void takeSwapped(const std::string& ours, const std::string& theirs, int count);
    /// b_input and b_hidden, W_input and W_hidden of a cell from weight_ih, weight_hh, bias_ih, bias_hh with
    /// these words around them: `before` + "weight_ih" + `after`.
    void takeCell(const std::string& ours, const std::string& before, const std::string& after);
    /// All layers of nn.GRU, nn.LSTM or nn.RNN: `theirs` is its name with the dot ("encoder.rnn."). Fills
    /// what the shapes say into `rnn`: layers, bidirectional, width; the kind is told by the rows, or by
    /// `kind` where both are possible.
    void takeEncoder(RnnSpec& rnn, const std::string& theirs);
    /// nn.GRU and so on as a decoder of one direction.
    void takeDecoder(RnnSpec& rnn, const std::string& theirs);

    /// Kind and width of a cell by its W_hidden, gates x width by width; false with a fault where that is
    /// neither.
    bool cellFrom(CellSpec& cell, const std::string& weightHidden);

    void fault(const std::string& where, const std::string& text) {
        m_plan.findings.push_back({Severity::Fault, where, text});
    }
    void warn(const std::string& where, const std::string& text) {
        m_plan.findings.push_back({Severity::Warning, where, text});
    }
    void ignore(const std::string& theirs, const std::string& why) { m_plan.ignored[theirs] = why; }

    ImportPlan& plan() { return m_plan; }
    const ImportSource& source() const { return m_source; }

private:
    ImportPlan& m_plan;
    const ImportSource& m_source;
};

/// The wiring that follows from the others: vocabularies' and embeddings' sizes by the two arrays' shapes;
/// the attention's query, key and value widths.
void setEmbeddings(ImportPlan& plan, const ImportSource& source, const std::string& sourceEmbedding,
                   const std::string& targetEmbedding);
void setAttentionWidths(EncoderDecoderSpec& spec);

/// A vocabulary of a list of tokens that has `rows` rows in the model: special symbols by their names (the
/// first of each list that is among the tokens; none: absent). Tokens that stand twice, are empty or lacking
/// get made-up names. Without special.eos, or with more tokens than rows, there is none, and a fault says
/// why.
struct SpecialNames {
    std::vector<std::string> pad, bos, eos, unk;
};
std::optional<Vocabulary> vocabularyOf(std::vector<std::string> tokens, int rows, const SpecialNames& names,
                                       const std::string& side, Findings& findings);

/// Reads the vocabulary file of a side, named by the person or found, and notes it among the plan's files;
/// one that is not there is asked for, with the names that were looked for.
std::vector<std::string> companionTokens(ImportPlan& plan, const std::string& side, const std::string& named,
                                         const std::string& folder, const std::vector<std::string>& names,
                                         int rows);

} // namespace attn
