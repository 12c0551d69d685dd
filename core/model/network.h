// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <vector>

#include "core/autograd/var.h"
#include "core/nn/noise.h"

namespace attn {

/// A network that decodes word by word; B rows are sentences or hypotheses of one search.
///   Input       what is read before the first word
///   Encoding    what encode() made of it: the same for all steps
///   State       what a step hands to the next
///   Step        one step, everything in it; its member `state` is the state after it
///   encode(tape, input, noise) -> Encoding
///   start(tape, encoding) -> State                                the state before the first word
///   step(tape, encoding, state, previous, noise) -> Step          previous: B word ids, -1 is no word
///   output(tape, encoding, step) -> Var, B x outputs              its softmax is the distribution over the
///   next word visitRows(encoding, f), visitRows(state, f)                   see core/model/rows.h
template <typename N, typename T = float>
concept Stepper = requires(const N& network, Tape<T>* tape, const typename N::Input& input,
                           typename N::Encoding& encoding, typename N::State& state,
                           const typename N::Step& step, const std::vector<int>& previous,
                           const Noise& noise) {
    { network.encode(tape, input, noise) } -> std::same_as<typename N::Encoding>;
    { network.start(tape, encoding) } -> std::same_as<typename N::State>;
    { network.step(tape, encoding, state, previous, noise) } -> std::same_as<typename N::Step>;
    { step.state } -> std::convertible_to<typename N::State>;
    { network.output(tape, encoding, step) } -> std::same_as<Var<T>>;
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
