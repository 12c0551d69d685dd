// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/side_pieces.h"

#include <algorithm>

#include "core/io/container/sentence_piece_file.h"
#include "core/io/mapped_file.h"
#include "core/text/bpe.h"

namespace attn {

namespace {

/// One side of a plan.
struct PieceSide {
    const char* name;
    std::string path;
    TokeniserKind& kind;
    SentencePiecePtr& pieces;
    BpeCodesPtr& codes;
    const std::optional<Vocabulary>& vocabulary;
};

void open(ImportPlan& plan, const PieceSide& side) {
    CompanionFile file{std::string(side.name) + " pieces", side.path, "", false};
    try {
        if (looksLikeSentencePiece(side.path)) {
            side.pieces = openSentencePieceFile(side.path);
            side.kind = TokeniserKind::SentencePiece;
            file.note =
                "a SentencePiece model of " + std::to_string(side.pieces->vocabulary().size()) + " pieces";
        } else {
            side.codes = BpeCodes::open(side.path);
            side.kind = TokeniserKind::Bpe;
            file.note = "BPE codes, " + std::to_string(side.codes->merges().size()) + " merges";
        }
    } catch (const Error& error) {
        plan.findings.push_back({Severity::Fault, file.role, error.what()});
        file.path.clear();
        file.note = "cannot be read";
    }
    plan.files.push_back(file);
}

/// What the vocabulary's tokens say that they are: pieces of SentencePiece, of BPE, or nothing of the kind.
void warnOfPieces(ImportPlan& plan, const PieceSide& side) {
    if (!side.vocabulary || side.pieces || side.codes || side.kind != TokeniserKind::Spaces) return;
    const auto share = [&](auto&& isPiece) {
        const auto& tokens = side.vocabulary->tokens();
        return 10 * std::count_if(tokens.begin(), tokens.end(), isPiece) >
               static_cast<std::ptrdiff_t>(tokens.size());
    };
    const bool sentencePiece = share([](const std::string& t) { return t.starts_with(pieceBlank); });
    const bool bpe = share([](const std::string& t) { return t.ends_with(bpeSeparator); });
    if (sentencePiece || bpe)
        plan.findings.push_back({Severity::Warning, std::string(side.name) + " tokeniser",
                                 std::string("the vocabulary holds pieces of words (") +
                                     (bpe ? "ending in @@" : "beginning with \u2581") + "); name the " +
                                     (bpe ? "BPE codes" : "SentencePiece model") +
                                     " (--pieces), or type pieces between blanks"});
}

} // namespace

bool looksLikeSentencePiece(const std::string& path) {
    const MappedFile file(path);
    constexpr std::size_t probe = 64;
    const auto head = file.bytes().first(std::min(probe, file.bytes().size()));
    // The first field of the serialised model is its first piece, a message of a few bytes.
    return head.size() > 2 && head[0] == std::byte{0x0A} &&
           std::any_of(head.begin() + 1, head.end(), [](std::byte b) { return b < std::byte{0x09}; });
}

void addPieces(ImportPlan& plan, const ImportOptions& options) {
    const auto chosen = [](const std::string& named, const std::string& found) {
        return named.empty() ? found : named;
    };
    const PieceSide sides[] = {
        {"source", chosen(options.sourcePieces, plan.sourcePieces), plan.sourceTokeniser.kind,
         plan.sourceTokeniser.pieces, plan.sourceTokeniser.codes, plan.source},
        {"target", chosen(options.targetPieces, plan.targetPieces), plan.targetTokeniser.kind,
         plan.targetTokeniser.pieces, plan.targetTokeniser.codes, plan.target}};
    for (const PieceSide& side : sides) {
        if (!side.path.empty() && !side.pieces) open(plan, side);
        warnOfPieces(plan, side);
    }
}

} // namespace attn
