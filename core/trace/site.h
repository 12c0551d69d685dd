// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/attention/attention_spec.h"
#include "core/base/enum_text.h"

namespace attn {

/// Where in a network attention happens.
enum class SiteKind { EncoderSelf, DecoderSelf, Cross, Copy, WordLevel, SentenceLevel, Pool, Hop, Summary };
template <>
struct EnumNames<SiteKind> {
    static constexpr std::array names{
        std::pair{SiteKind::EncoderSelf, std::string_view("encoder_self")},
        std::pair{SiteKind::DecoderSelf, std::string_view("decoder_self")},
        std::pair{SiteKind::Cross, std::string_view("cross")},
        std::pair{SiteKind::Copy, std::string_view("copy")},
        std::pair{SiteKind::WordLevel, std::string_view("word_level")},
        std::pair{SiteKind::SentenceLevel, std::string_view("sentence_level")},
        std::pair{SiteKind::Pool, std::string_view("pool")},
        std::pair{SiteKind::Hop, std::string_view("hop")},
        std::pair{SiteKind::Summary, std::string_view("summary")},
    };
};

/// One attention mechanism of a model: each query of one axis looks at the positions of another.
struct Site {
    SiteKind kind = SiteKind::Cross;
    int layer = 0;         ///< from 0
    bool backward = false; ///< belongs to the layer that reads from the end
    int queryAxis = 0;     ///< index into Trace::axes
    int keyAxis = 0;       ///< index into Trace::axes
    int heads = 1;         ///< maps of weights, at least 1
    /// The mechanism. Without one only weights are known: another program wrote them, or they are taken
    /// from another site (copying by the main attention's weights).
    std::optional<AttentionSpec> rule = std::nullopt;
};

} // namespace attn
