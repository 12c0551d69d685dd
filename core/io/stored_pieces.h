// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/error.h"
#include "core/text/sentence_piece.h"

namespace attn {

/// Reads {"hash": "16 hexadecimal digits", "model": "base64"}. What is malformed, too large, or does not have
/// the hash is a fault under `where`, and is not given to the library; the result is then nullptr.
SentencePiecePtr piecesFromJson(const nlohmann::json& json, const std::string& where, Findings& faults);

/// What piecesFromJson() reads.
nlohmann::ordered_json piecesJson(const SentencePiece& pieces);

} // namespace attn
