// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <functional>
#include <utility>

#include "core/attention/normalise.h"
#include "core/attention/stage.h"

namespace attn {

/// Callbacks through which interventions reach one attention; attention knows nothing else of them. Empty
/// callbacks change nothing.
template <typename T>
struct Tap {
    /// Replaces a stage's value: (stage, head, value) -> value, at every stage but Scope.
    std::function<Var<T>(Stage, int head, const Var<T>& value)> value;
    /// Changes which positions take part, the result of Scope. Called after the score, before the normaliser.
    std::function<void(int head, AllowedMask& allowed)> mask;

    Tap() = default;
    template <std::invocable<Stage, int, const Var<T>&> F>
    Tap(F replace) : value(std::move(replace)) {} // NOLINT: a callable is a tap of values
};

} // namespace attn
