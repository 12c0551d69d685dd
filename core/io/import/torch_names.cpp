// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/torch_names.h"

#include <algorithm>
#include <unordered_set>

#include "core/io/container/sentence_piece_file.h"
#include "core/io/import/side_pieces.h"
#include "core/io/vocabulary_file.h"

namespace attn {

void PlanMaker::takeSwapped(const std::string& ours, const std::string& theirs, int count) {
    ArrayPiece first{theirs}, rest{theirs};
    first.columns = rest.firstColumn = count;
    join(ours, PieceJoin::Columns, {rest, first});
}

void PlanMaker::takeCell(const std::string& ours, const std::string& before, const std::string& after) {
    take(ours + "W_input", before + "weight_ih" + after);
    take(ours + "W_hidden", before + "weight_hh" + after);
    takeOrZeros(ours + "b_input", before + "bias_ih" + after);
    takeOrZeros(ours + "b_hidden", before + "bias_hh" + after);
}

bool PlanMaker::cellFrom(CellSpec& cell, const std::string& weightHidden) {
    const int rows = m_source.rows(weightHidden), width = m_source.cols(weightHidden);
    cell.width = width;
    const int gates = width > 0 && rows % width == 0 ? rows / width : 0;
    if (gates == 1 || gates == 3 || gates == 4) {
        cell.kind = gates == 1 ? CellKind::Elman : gates == 3 ? CellKind::Gru : CellKind::Lstm;
        return true;
    }
    fault(weightHidden, width == 0
                            ? "is missing; the kind and width of the cells follow from it"
                            : "is " + std::to_string(rows) + " x " + std::to_string(width) +
                                  "; expected 4 (lstm), 3 (gru) or 1 (rnn) times as many rows as columns");
    return false;
}

void PlanMaker::takeEncoder(RnnSpec& rnn, const std::string& theirs) {
    if (!cellFrom(rnn.cell, theirs + "weight_hh_l0")) return;
    rnn.bidirectional = m_source.has(theirs + "weight_hh_l0_reverse");
    rnn.layers = 0;
    while (m_source.has(theirs + "weight_hh_l" + std::to_string(rnn.layers))) {
        const std::string layer = std::to_string(rnn.layers++);
        for (const bool backward : {false, true}) {
            if (backward && !rnn.bidirectional) continue;
            takeCell("encoder.layer" + layer + (backward ? ".backward." : ".forward."), theirs,
                     "_l" + layer + (backward ? "_reverse" : ""));
        }
    }
}

void PlanMaker::takeDecoder(RnnSpec& rnn, const std::string& theirs) {
    if (!cellFrom(rnn.cell, theirs + "weight_hh_l0")) return;
    rnn.layers = 0;
    while (m_source.has(theirs + "weight_hh_l" + std::to_string(rnn.layers))) {
        const std::string layer = std::to_string(rnn.layers++);
        takeCell("decoder.layer" + layer + ".", theirs, "_l" + layer);
    }
}

void setEmbeddings(ImportPlan& plan, const ImportSource& source, const std::string& sourceEmbedding,
                   const std::string& targetEmbedding) {
    plan.spec.sourceVocabulary = source.rows(sourceEmbedding);
    plan.spec.sourceEmbedding = source.cols(sourceEmbedding);
    plan.spec.targetVocabulary = source.rows(targetEmbedding);
    plan.spec.targetEmbedding = source.cols(targetEmbedding);
    PlanMaker make(plan, source);
    make.take("source_embedding.W", sourceEmbedding);
    make.take("target_embedding.W", targetEmbedding);
}

void setAttentionWidths(EncoderDecoderSpec& spec) {
    if (!spec.attention) return;
    spec.attention->queryWidth = spec.queryWidth();
    spec.attention->keyWidth = spec.attention->valueWidth = spec.encoder.outputWidth();
}

std::optional<Vocabulary> vocabularyOf(std::vector<std::string> tokens, int rows, const SpecialNames& names,
                                       const std::string& side, Findings& findings) {
    const auto size = static_cast<int>(tokens.size());
    if (size == 0) return std::nullopt;
    if (size > rows) {
        findings.push_back({Severity::Fault, side + " vocabulary",
                            "has " + std::to_string(size) + " tokens, the embedding " + std::to_string(rows) +
                                " rows: it belongs to another model"});
        return std::nullopt;
    }
    if (size < rows)
        findings.push_back({Severity::Note, side + " vocabulary",
                            "has " + std::to_string(size) + " tokens, the embedding " + std::to_string(rows) +
                                " rows; the rows without a token are called <row " + std::to_string(size) +
                                "> and so on"});
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i].empty() || !seen.insert(tokens[i]).second)
            tokens[i] = "<row " + std::to_string(i) + ">";
    addMadeUpTokens(tokens, rows);
    const auto idOf = [&](const std::vector<std::string>& wanted) {
        for (const std::string& name : wanted)
            if (const auto at = std::find(tokens.begin(), tokens.end(), name); at != tokens.end())
                return static_cast<int>(at - tokens.begin());
        return -1;
    };
    SpecialTokens special{idOf(names.pad), idOf(names.bos), idOf(names.eos), idOf(names.unk)};
    const Findings faults = vocabularyFaults(tokens, special);
    for (Finding fault : faults) {
        fault.where = side + " vocabulary, " + fault.where;
        findings.push_back(fault);
    }
    if (!faults.empty()) return std::nullopt;
    return Vocabulary(std::move(tokens), special);
}

std::vector<std::string> companionTokens(ImportPlan& plan, const std::string& side, const std::string& named,
                                         const std::string& folder, const std::vector<std::string>& names,
                                         int rows) {
    CompanionFile file{side + " vocabulary", named.empty() ? firstFile(folder, names) : named, "", true};
    std::vector<std::string> tokens;
    if (file.path.empty()) {
        for (const std::string& name : names) file.note += (file.note.empty() ? "looked for " : ", ") + name;
    } else {
        try {
            if (looksLikeSentencePiece(file.path)) { // its pieces are the words
                const SentencePiecePtr pieces = openSentencePieceFile(file.path);
                (side == "source" ? plan.sourceTokeniser.pieces : plan.targetTokeniser.pieces) = pieces;
                (side == "source" ? plan.sourceTokeniser.kind : plan.targetTokeniser.kind) =
                    TokeniserKind::SentencePiece;
                tokens = pieces->vocabulary().tokens();
                file.note = "a SentencePiece model of " + std::to_string(tokens.size()) + " pieces";
                plan.files.push_back(file);
                return tokens;
            }
            VocabularyFile read = readVocabularyFile(file.path, {}, rows);
            tokens = std::move(read.tokens);
            file.note = std::to_string(tokens.size()) + " tokens";
            for (Finding finding : read.findings) {
                finding.where = file.path + ", " + finding.where;
                plan.findings.push_back(finding);
            }
        } catch (const Error& error) {
            plan.findings.push_back({Severity::Fault, side + " vocabulary", error.what()});
            file.path.clear();
            file.note = "cannot be read";
        }
    }
    plan.files.push_back(file);
    return tokens;
}

} // namespace attn
