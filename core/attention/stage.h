// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enum_text.h"

namespace attn {

/// The stages of attention in order. They name the trace's fields, interventions, cards and tests.
enum class Stage { Score, Scope, Normaliser, Factors, Mix, Gate };
template <>
struct EnumNames<Stage> {
    static constexpr std::array names{
        std::pair{Stage::Score, std::string_view("score")},
        std::pair{Stage::Scope, std::string_view("scope")},
        std::pair{Stage::Normaliser, std::string_view("normaliser")},
        std::pair{Stage::Factors, std::string_view("factors")},
        std::pair{Stage::Mix, std::string_view("mix")},
        std::pair{Stage::Gate, std::string_view("gate")},
    };
};

} // namespace attn
