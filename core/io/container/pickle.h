// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/io/container/array_layout.h"
#include "core/io/container/data_tree.h"

namespace attn {

/// A sequence of elements outside the pickle, of which tensors are views.
struct PickledStorage {
    std::string key;                    ///< names it in the container
    std::string type;                   ///< "torch.FloatStorage"
    std::optional<ElementType> element; ///< absent for an unsupported type, which no tensor uses
    std::int64_t elements = 0;          ///< of the whole storage
    std::int64_t viewBegin = 0;         ///< start of the part meant, if the storage is a view of another
    std::int64_t viewElements = 0;
};

/// A tensor. Its layout has been checked against the size that the pickle gives for its storage; its offset
/// counts from the start of the whole storage.
struct PickledTensor {
    int storage = 0;
    ArrayLayout layout;
};

/// The content of a pickle. Datum::array of an Array is an index in `tensors`.
///
/// A list, tuple or set becomes a List; a dict of the standard library a Dict; an object of any other class a
/// Record, without looking the class up: constructor arguments are items, state and dict items are entries,
/// and a state that is not a dict is the entry "__state__". The bare name of a class or function is an empty
/// Record. NumPy scalars become numbers.
struct Pickle {
    DataTree tree;
    std::vector<PickledStorage> storages;
    std::vector<PickledTensor> tensors;
    std::size_t size = 0; ///< bytes read
};

/// Reads the pickle at the start of `bytes`, of protocol 0 to 5, as data: no name in it is ever looked up,
/// nothing in it is ever run. The result may take `mostMemory` bytes.
/// Throws Error(Data), Error(Unsupported) for an unsupported kind of array, Error(Limit); each message
/// begins with `where` and names the byte.
Pickle readPickle(std::span<const std::byte> bytes, const std::string& where, std::size_t mostMemory);

} // namespace attn
