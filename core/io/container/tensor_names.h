// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/io/container/data_tree.h"

namespace attn {

struct NamedTensor {
    std::string name;
    int node = 0; ///< of kind Array
};

/// The arrays of a tree by their paths from the root, in its order: keys of dicts and states, integer keys in
/// decimal, and list positions, joined by dots; the root itself is "value". Parameters, buffers and modules
/// of a PyTorch module are named as in its state dict; its other members are named only if they are none of
/// these.
/// Takes time proportional to the size of the tree, however it shares its parts: a part with many paths is
/// named by the first few. Throws Error(Limit), beginning with `where`, for names that are too long.
std::vector<NamedTensor> nameTensors(const DataTree& tree, const std::string& where);

} // namespace attn
