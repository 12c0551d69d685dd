// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/side.h"

namespace attn {

Findings tokeniserFaults(const TokeniserParts& parts, const Vocabulary& vocabulary) {
    Findings faults;
    const std::string kind(toText(parts.kind));
    const auto check = [&](const char* where, TokeniserKind wanted, bool there) {
        if (parts.kind == wanted && !there)
            faults.push_back({Severity::Fault, where, "is missing; the side's tokeniser is " + kind});
        else if (parts.kind != wanted && there)
            faults.push_back({Severity::Fault, where,
                              "stands beside the tokeniser " + kind + "; it goes with " +
                                  std::string(toText(wanted)) + " only"});
    };
    check("pieces", TokeniserKind::SentencePiece, parts.pieces != nullptr);
    check("codes", TokeniserKind::Bpe, parts.codes != nullptr);
    if (parts.kind == TokeniserKind::SentencePiece && parts.pieces && !parts.pieces->splitsFor(vocabulary))
        faults.push_back(
            {Severity::Fault, "pieces",
             "has other pieces than the vocabulary has tokens: less than half of these are its pieces"});
    return faults;
}

Side makeSide(SideRole role, Vocabulary vocabulary, const TokeniserParts& parts) {
    throwFaults(ErrorKind::Data, "the " + std::string(toText(role)) + " side does not fit together:",
                tokeniserFaults(parts, vocabulary));
    const MosesRules rules = parts.kind == TokeniserKind::Moses ? mosesRulesOf(vocabulary) : MosesRules{};
    Tokeniser tokeniser(parts.kind, parts.lowercase, parts.pieces, parts.codes, rules);
    return {role, std::move(vocabulary), std::move(tokeniser)};
}

} // namespace attn
