// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/container/archive.h"
#include "core/io/import/keras_graph.h"

namespace attn {

/// Where the arrays of an architecture's layers stand, in each of the layouts that Keras writes:
///   Keras 2 (.h5)          model_weights/NAME/..., ordered by the attribute weight_names; without
///                          model_weights where the weights were saved alone
///   Keras 2.12 (.weights.h5)  _layer_checkpoint_dependencies/CLASS_2/.../vars/0
///   Keras 3                layers/CLASS_2/.../vars/0, CLASS_2 the third layer of a class in snake case
class KerasWeights {
public:
    KerasWeights(const Archive& archive, const KerasGraph& graph);

    /// "layers/lstm_1/cell/vars": for people.
    std::string layout() const { return m_layout; }
    /// The arrays of a layer in the order in which Keras makes them. With `part` those of a layer within it,
    /// "forward_layer", "backward_layer". Names that are expected but not there are among them.
    std::vector<std::string> of(const KerasLayer& layer, std::string_view part, std::size_t expected) const;

private:
    std::vector<std::string> listed(const KerasLayer& layer) const;

    const Archive& m_archive;
    std::string m_root;    ///< before a layer's name, with its slash
    bool m_byName = false; ///< Keras 2
    std::string m_layout;
    std::map<std::string, std::string> m_group; ///< by a layer's name
};

} // namespace attn
