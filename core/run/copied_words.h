// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/encoder_decoder/network.h"
#include "core/text/vocabulary.h"

namespace attn {

/// Says which output each word of a batch of one stands for, for a model that copies: `words` as they are
/// written, one a position. Gives the words that the target vocabulary lacks, each once: outputs from its
/// size on.
std::vector<std::string> setCopyIds(const std::vector<std::string>& words, const Vocabulary& target,
                                    TokenBatch& source);

} // namespace attn
