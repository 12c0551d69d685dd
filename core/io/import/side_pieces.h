// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/import/import.h"

namespace attn {

/// Opens what splits words into pieces, a SentencePiece model or subword-nmt codes, as the content says, for
/// the sides whose file the person or the settings named, and makes it the plan's tokeniser. What cannot be
/// read is a fault in the plan; a vocabulary of pieces without such a file is a warning.
void addPieces(ImportPlan& plan, const ImportOptions& options);

/// Whether a file holds a SentencePiece model: binary, and beginning as one.
bool looksLikeSentencePiece(const std::string& path);

} // namespace attn
