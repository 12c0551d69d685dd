// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/tasks/task.h"
#include "core/text/tokeniser.h"

namespace attn {

/// Gold links as text: "0-0 1p2", source before target, counted from 0, "-" sure and "p" possible.
/// Throws Error(Data) for another form, and for a link past sentences of that many tokens.
std::vector<GoldLink> parseLinks(std::string_view text, std::size_t sourceTokens, std::size_t targetTokens);

/// A sentence split twice: as the links count it, and as they are to count it.
struct Resplit {
    std::vector<Token> from, to;
};

/// Links between tokens of `from` as links between the tokens of `to` that share bytes with them, each once,
/// in order; sure where one of those it comes from is.
std::vector<GoldLink> carryLinks(const std::vector<GoldLink>& links, const Resplit& source,
                                 const Resplit& target);

} // namespace attn
