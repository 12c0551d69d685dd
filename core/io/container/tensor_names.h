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

/// The arrays of a tree by the ways that lead to them from the root, in its order: keys of dicts and states,
/// whole-number keys in decimal, and places in lists, joined by dots; the root itself is "value". Parameters,
/// buffers and modules of a PyTorch module are named as its state dict names them; what else it holds is
/// named only if it is none of these.
/// However the tree shares its parts, this takes time in proportion to its size: a part that is reached by
/// many ways is named by the first few. Throws Error(Limit), beginning with `where`, for names that are too
/// long.
std::vector<NamedTensor> nameTensors(const DataTree& tree, const std::string& where);

} // namespace attn
