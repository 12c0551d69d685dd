// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/data/batch.h"
#include "core/model/model_spec.h"
#include "core/nn/noise.h"
#include "core/nn/parameters.h"
#include "core/train/loss.h"

namespace attn {

/// What a family is trained for: its network, and the loss of a batch. Workers hold one each.
class Objective {
public:
    virtual ~Objective() = default;
    /// Summed losses of a batch, teacher forcing, in nats; differentiable where there is a tape. Without
    /// noise it is what validation measures.
    virtual BatchLoss<float> loss(Tape<float>* tape, const PairBatch& batch, const Noise& noise,
                                  const LossOptions& options) const = 0;
};

/// The objective of the spec's family over these parameters, whose later changes it sees. A family of its own
/// adds an overload of trainingLoss() for its network.
std::unique_ptr<Objective> makeObjective(const ModelSpec& spec, const Parameters<float>& parameters);

} // namespace attn
