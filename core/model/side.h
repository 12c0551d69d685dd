// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/side_role.h"
#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"

namespace attn {

/// A text that a model reads or writes: its words, and how typed text becomes them.
struct Side {
    SideRole role = SideRole::Target;
    Vocabulary vocabulary;
    Tokeniser tokeniser;
};

/// All of a tokeniser that does not follow from the vocabulary.
struct TokeniserParts {
    TokeniserKind kind = TokeniserKind::Words;
    bool lowercase = false;    ///< typed text is lower-cased, as the training's was
    SentencePiecePtr pieces{}; ///< for the kind SentencePiece
    BpeCodesPtr codes{};       ///< for the kind Bpe
};

/// What does not fit: a SentencePiece model ("pieces") or BPE codes ("codes") that are missing or belong to
/// another kind of tokeniser, and a SentencePiece model of other pieces than the vocabulary's.
Findings tokeniserFaults(const TokeniserParts& parts, const Vocabulary& vocabulary);

/// A side whole; Moses' rules are those that the vocabulary shows. Throws Error(Data) with all
/// tokeniserFaults().
Side makeSide(SideRole role, Vocabulary vocabulary, const TokeniserParts& parts = {});

} // namespace attn
