// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

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

/// The number of numbers in all of a schema's parameters.
long long parameterCount(const Schema& schema);

} // namespace attn
