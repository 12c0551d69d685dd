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

/// How the decoder's first states come from the encoder.
enum class KerasStart { Zero, Copy, Dense };

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
    std::optional<KerasAttention> attention;
    bool contextFirst = false;               ///< [context, state] is joined, not [state, context]
    const KerasLayer* attentional = nullptr; ///< Dense with tanh after the join
    const KerasLayer* output = nullptr;
};

/// Follows a graph from its output back to its two inputs. Whatever is not among the parts above is a fault
/// naming the layer and what is run in its place; without faults the wiring is whole.
std::optional<KerasWiring> findKerasWiring(const KerasGraph& graph, Findings& findings);

/// Whether what a tensor holds is the layer's output and not one of its states.
inline bool isSequence(const KerasTensor& tensor) {
    return tensor.output == 0;
}

} // namespace attn
