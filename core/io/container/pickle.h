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

/// A row of elements outside the pickle that tensors are views of.
struct PickledStorage {
    std::string key;                    ///< names it in the container
    std::string type;                   ///< "torch.FloatStorage"
    std::optional<ElementType> element; ///< absent for a type that is not read; no tensor then uses it
    std::int64_t elements = 0;          ///< of the whole storage
    std::int64_t viewBegin = 0;         ///< the part that is meant, where the storage is a view of another
    std::int64_t viewElements = 0;
};

/// A tensor; the layout was checked against the elements that the pickle says its storage has, and its offset
/// counts from the begin of the whole storage.
struct PickledTensor {
    int storage = 0;
    ArrayLayout layout;
};

/// What a pickle holds. Datum::array of an Array is an index in `tensors`.
///
/// A list, tuple or set became a List; a dict of the standard library's kinds a Dict; an object of any other
/// class a Record, for which nothing of that class was looked up: arguments of its making are items, its
/// state and dict items are entries, a state that is no dict is the entry "__state__". The name of a class or
/// function by itself is a Record without either. Numbers of NumPy became numbers.
struct Pickle {
    DataTree tree;
    std::vector<PickledStorage> storages;
    std::vector<PickledTensor> tensors;
    std::size_t size = 0; ///< bytes that it took
};

/// Reads the pickle at the start of `bytes`, of protocol 0 to 5, as data: no name in it is ever looked up,
/// nothing in it is ever run. What it unpacks to may take `mostMemory` bytes.
/// Throws Error(Data), Error(Unsupported) for an array of a kind that is not read, Error(Limit); each message
/// begins with `where` and names the byte.
Pickle readPickle(std::span<const std::byte> bytes, const std::string& where, std::size_t mostMemory);

} // namespace attn
