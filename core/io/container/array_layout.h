// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/io/container/archive.h"

namespace attn {

/// Bytes of one element.
int bytesOf(ElementType type);

/// Layout of an array in its storage, a sequence of elements:
/// element (i0, i1, ..) = storage[offset + i0 strides[0] + i1 strides[1] + ..], all counted in elements.
struct ArrayLayout {
    ElementType type = ElementType::F32;
    std::vector<std::int64_t> shape, strides;
    std::int64_t offset = 0;
    bool bigEndian = false;

    /// Row-major without gaps, from the storage's first element.
    static ArrayLayout rowMajor(ElementType type, std::vector<std::int64_t> shape);

    std::int64_t elements() const;
    /// Row-major without gaps.
    bool contiguous() const;
};

/// The fault of a layout in a storage of that many elements: negative numbers, a size beyond 64 bits, an
/// element outside. Empty if valid; the functions below require that.
std::string faultOf(const ArrayLayout& layout, std::int64_t storageElements);

/// Whether every number is finite. Limited by memory bandwidth.
bool allFinite(std::span<const float> values);

/// Converts `count` consecutive elements that start at `bytes`.
void toFloats(ElementType type, bool bigEndian, const std::byte* bytes, std::size_t count, float* out);

/// Gathers the elements in row-major order from the bytes of the whole storage: converted to float, or, for
/// one-byte types, unchanged.
void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::span<float> out);
void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::string& out);

} // namespace attn
