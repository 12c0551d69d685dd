// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/text/sentence_piece.h"

namespace attn {

/// Opens a SentencePiece model from another program. The library can crash on damaged models, on some of them
/// only for certain text: the helper attn-reader checks and tries the model first, and only a model that
/// passes is read in this process. Throws Error(Data) naming the file, Error(Limit) for one above
/// largestSentencePiece.
SentencePiecePtr openSentencePieceFile(const std::string& path);

} // namespace attn
