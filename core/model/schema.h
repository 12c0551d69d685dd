// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model_spec.h"

namespace attn {

/// Name and shape of one parameter as it stands in a file. Matrices are out x in ("y = x W'").
/// Rank 0 is a scalar, rank 1 a vector; in memory both are matrices (1 x 1, 1 x n).
struct ParameterShape {
    std::string name;
    std::vector<int> shape;

    int rows() const { return shape.size() == 2 ? shape[0] : 1; }
    int cols() const { return shape.empty() ? 1 : shape.back(); }
    bool operator==(const ParameterShape&) const = default;
};
using Schema = std::vector<ParameterShape>;

/// Every parameter of a cell, with `prefix` ("encoder.layer0.forward.") before each name:
/// W_input G n x in, W_hidden G n x n, b_input G n, b_hidden G n (twoBiases), G blocks in gate order.
Schema cellSchema(const CellSpec& spec, int inputWidth, const std::string& prefix);

/// Every parameter of an attention, named as in attention.md, per head "head0.W_query" where heads
/// have scores of their own.
Schema attentionSchema(const AttentionSpec& spec, const std::string& prefix);

/// Every parameter of a model: the names and shapes that a model file must hold, no more and no fewer.
Schema modelSchema(const ModelSpec& spec);

/// The number of numbers in all of a schema's parameters.
long long parameterCount(const Schema& schema);

} // namespace attn
