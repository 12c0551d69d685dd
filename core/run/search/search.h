// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "core/model/network.h"
#include "core/model/rows.h"
#include "core/model/taps.h"
#include "core/run/search/hypotheses.h"
#include "core/run/search/source_weights.h"

namespace attn {

/// The one search: greedy, forced, prefix then free, beam or sampling, of any family that decodes word by
/// word, over a batch of sentences. The rows of a step's batch are the live hypotheses of all of them, so
/// that they share each reading of the weights. `encoding` has one row a sentence. `observe(encoding, step,
/// logits, row)` is called for each live row of each step before it is extended, in the order in which the
/// trees number their passes. Throws Error(Data) if outputs are not finite, Error(Interrupted) when stopped.
/// `taps` lead interventions into each step.
template <Stepper N, typename Observe>
std::vector<SearchTree> search(const N& network, typename N::Encoding encoding, typename N::State state,
                               Hypotheses hypotheses, Observe&& observe, const Taps<float>& taps = {}) {
    for (int time = 0; !hypotheses.done(); ++time) {
        hypotheses.checkStop(time);
        if (taps.step) taps.step(time);
        typename N::Step step = network.step(nullptr, encoding, state, hypotheses.previous(), {}, taps);
        const auto output = network.output(nullptr, encoding, step, taps);
        for (int row = 0; row < hypotheses.rows(); ++row) {
            if (!hypotheses.isLive(row)) continue;
            observe(encoding, step, output.value(), row);
            if (hypotheses.needsWeights()) sourceWeights(encoding, step, row, hypotheses.weights(row));
        }
        hypotheses.advance(time, output.value());
        state = std::move(step.state);
        if (hypotheses.stateMoved()) pickRows(state, hypotheses.stateRows());
        if (hypotheses.encodingMoved()) pickRows(encoding, hypotheses.encodingRows());
    }
    return hypotheses.take();
}

/// The same where nobody watches, from what the network is to read.
template <Stepper N>
std::vector<SearchTree> search(const N& network, const typename N::Input& input, Hypotheses hypotheses) {
    typename N::Encoding encoding = network.encode(nullptr, input);
    typename N::State state = network.start(nullptr, encoding);
    return search(network, std::move(encoding), std::move(state), std::move(hypotheses),
                  [](const auto&, const auto&, const auto&, int) {});
}

} // namespace attn
