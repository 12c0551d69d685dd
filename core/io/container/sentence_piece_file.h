// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/text/sentence_piece.h"

namespace attn {

/// Opens a SentencePiece model that another program wrote. The library can crash on damaged ones, some only
/// when they meet a certain text: the helper attn-reader checks and tries them first, and only what came
/// through is read in this process. Throws Error(Data) naming the file, Error(Limit) for one above
/// largestSentencePiece.
SentencePiecePtr openSentencePieceFile(const std::string& path);

} // namespace attn
