// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/io/import/keras_graph.h"

namespace attn {

/// A side's layers, found in a graph.
struct KerasSide {
    const KerasLayer* input = nullptr;
    const KerasLayer* embedding = nullptr;    ///< nullptr: the sequence itself is read, as vectors of 0 and 1
    std::vector<const KerasLayer*> recurrent; ///< bottom first
    std::vector<KerasTensor> calls;           ///< output 0 of each
};

/// How the decoder's first states come from the encoder: not at all, each layer's from the same layer's last
/// ones, all from the top layer's, or a single layer's through Dense layers.
enum class KerasStart { Zero, Copy, Top, Dense };

struct KerasAttention {
    const KerasLayer* layer = nullptr; ///< Attention, AdditiveAttention, or the Dot of the scores
    /// Dense layers without activation that project what enters; nullptr where nothing does.
    const KerasLayer *query = nullptr, *key = nullptr, *value = nullptr;
};

/// An encoder-decoder as its layers play their parts.
struct KerasWiring {
    KerasSide encoder, decoder;
    KerasStart start = KerasStart::Zero;
    const KerasLayer *startHidden = nullptr, *startCell = nullptr; ///< Dense: the layers that make the states
    bool startCellFromHidden = false;                              ///< Dense: both read the hidden state
    std::optional<KerasAttention> attention;
    bool contextFirst = false;               ///< [context, state] is joined, not [state, context]
    const KerasLayer* attentional = nullptr; ///< Dense after the join
    const KerasLayer* output = nullptr;
};

/// Follows a graph from its output back to its two inputs. Whatever is not among the parts above is a fault
/// naming the layer and what is run in its place; without faults the wiring is whole.
std::optional<KerasWiring> findKerasWiring(const KerasGraph& graph, Findings& findings);

} // namespace attn
