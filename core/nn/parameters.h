// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/autograd/var.h"
#include "core/base/random.h"
#include "core/nn/schema.h"

namespace attn {

/// A model's numbers by full name, in the order of its schema.
template <typename T>
class Parameters {
public:
    struct Entry {
        ParameterShape shape;
        Var<T> var;
    };

    /// Adds one parameter. Throws Error(Bug) for a name that is there already or a value of another shape.
    void add(const ParameterShape& shape, Matrix<T> value);
    /// The parameter of that name. Throws Error(Bug) if there is none: a schema and its user disagree.
    const Var<T>& operator[](const std::string& name) const;
    bool contains(const std::string& name) const { return m_index.count(name) > 0; }
    const std::vector<Entry>& entries() const { return m_entries; }
    /// Rounds every matrix that a row is multiplied with to 16 bits and keeps those (Var::keepHalf): decoding
    /// then reads half the memory. All but embeddings, unless one is the output layer's matrix too.
    void keepHalf() const requires std::is_same_v<T, float>;

    /// Fresh values for training: matrices uniform in +-sqrt(6 / (in + out)) (Glorot 2010), embeddings
    /// normal with deviation 1/sqrt(width), biases zero, the vectors of scores (v, u, v_position,
    /// w_relevance, w_coverage) as Glorot, scalars 1.
    static Parameters initialised(const Schema& schema, Random& random);

private:
    std::vector<Entry> m_entries;
    std::unordered_map<std::string, std::size_t> m_index;
};

} // namespace attn
