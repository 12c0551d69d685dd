// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn {

/// A gold alignment link: target word `target` is a rendering of source word `source` (both from 0).
/// A sure link is one any annotator would draw; a possible one is allowed but not asked for
/// (Och & Ney 2003). Sure links are possible too.
struct GoldLink {
    int source = 0;
    int target = 0;
    bool sure = true;

    bool operator==(const GoldLink&) const = default;
};

} // namespace attn
