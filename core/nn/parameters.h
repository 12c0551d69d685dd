// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/autograd/var.h"
#include "core/base/random.h"
#include "core/nn/schema.h"

namespace attn {

/// A model's numbers by full name, in the order of its schema. A value: a copy has numbers of its own. Const
/// parameters can only be read: their Vars may be copied and computed with, but change nothing.
template <typename T>
class Parameters {
public:
    struct Entry {
        ParameterShape shape;
        Leaf<T> var;
    };

    Parameters() = default;
    Parameters(const Parameters& other);
    Parameters& operator=(const Parameters& other) { return *this = Parameters(other); }
    Parameters(Parameters&&) noexcept = default;
    Parameters& operator=(Parameters&&) noexcept = default;

    /// Adds one parameter. Throws Error(Bug) for a name that is there already or a value of another shape.
    void add(const ParameterShape& shape, Matrix<T> value);
    /// The parameter of that name. Throws Error(Bug) if there is none: schema and network disagree.
    const Var<T>& operator[](const std::string& name) const { return m_entries[indexOf(name)].var; }
    Leaf<T>& operator[](const std::string& name) { return m_entries[indexOf(name)].var; }
    bool contains(const std::string& name) const { return m_index.count(name) > 0; }
    const std::vector<Entry>& entries() const { return m_entries; }
    std::span<Entry> entries() { return m_entries; }
    /// No operation adds to their gradients from now on (Leaf::freeze).
    void freeze();
    /// Rounds every matrix that a row is multiplied with to 16 bits and keeps those (Leaf::keepHalf):
    /// decoding then reads half the memory. All but embeddings, unless one is the output layer's matrix too.
    void keepHalf() requires std::is_same_v<T, float>;

    /// Fresh values for training: matrices uniform in +-sqrt(6 / (in + out)) (Glorot 2010), embeddings
    /// normal with deviation 1/sqrt(width), biases zero, the vectors of scores (v, u, v_position,
    /// w_relevance, w_coverage) as Glorot, scalars 1.
    static Parameters initialised(const Schema& schema, Random& random);

private:
    std::size_t indexOf(const std::string& name) const;

    std::vector<Entry> m_entries;
    std::unordered_map<std::string, std::size_t> m_index;
};

} // namespace attn
