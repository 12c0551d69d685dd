// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <vector>

#include "core/autograd/var.h"
#include "core/model/taps.h"
#include "core/nn/noise.h"

namespace attn {

// clang-format off
/// A network that decodes token by token; B rows are sentences or hypotheses of one search.
///   Input       what is read before the first token
///   Encoding    what encode() made of it: the same for all steps
///   State       what a step hands to the next
///   Step        one step, everything in it; its member `state` is the state after it
///   encode(tape, input, noise, taps) -> Encoding
///   start(tape, encoding, taps) -> State                              the state before the first token
///   step(tape, encoding, state, previous, noise, taps) -> Step        previous: B token ids, -1 is none
///   output(tape, encoding, step, taps) -> Var, B x outputs            its softmax is the next token's distribution
///   visitRows(encoding, f), visitRows(state, f)                       see core/model/rows.h
/// Interventions reach it through `taps` (core/model/taps.h); none, as by default, change nothing.
// clang-format on
template <typename N, typename T = float>
concept Stepper = requires(const N& network, Tape<T>* tape, const typename N::Input& input,
                           typename N::Encoding& encoding, typename N::State& state,
                           const typename N::Step& step, const std::vector<int>& previous, const Noise& noise,
                           const Taps<T>& taps) {
    { network.encode(tape, input, noise, taps) } -> std::same_as<typename N::Encoding>;
    { network.start(tape, encoding, taps) } -> std::same_as<typename N::State>;
    { network.step(tape, encoding, state, previous, noise, taps) } -> std::same_as<typename N::Step>;
    { step.state } -> std::convertible_to<typename N::State>;
    { network.output(tape, encoding, step, taps) } -> std::same_as<Var<T>>;
    visitRows(encoding, [](auto&, int) {});
    visitRows(state, [](auto&, int) {});
};

/// A network that reads its input whole and answers once.
///   read(tape, input, noise) -> Reading
template <typename N, typename T = float>
concept Reader = requires(const N& network, Tape<T>* tape, const typename N::Input& input,
                          const Noise& noise) {
    { network.read(tape, input, noise) } -> std::same_as<typename N::Reading>;
};

} // namespace attn
