// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/other_weights.h"

namespace attn {

ModelPtr withParameters(const Model& model, Parameters<float> parameters) {
    return std::make_shared<const Model>(model.card(), model.spec(), model.sides(), std::move(parameters));
}

ModelPtr withSelfTest(const Model& model, SelfTest test) {
    return std::make_shared<const Model>(model.card(), model.spec(), model.sides(), model.parameters(),
                                         std::move(test));
}

ModelPtr withHalfWeights(const Model& model) {
    Parameters<float> rounded = model.parameters();
    rounded.keepHalf();
    return withParameters(model, std::move(rounded));
}

} // namespace attn
