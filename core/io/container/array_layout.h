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

/// How an array lies in its storage, which is a row of elements:
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

/// What is wrong with a layout in a storage of that many elements: negative numbers, a size beyond 64 bits,
/// an element outside. Empty if it is sound; only then may the functions below be called.
std::string faultOf(const ArrayLayout& layout, std::int64_t storageElements);

/// Whether no number is an infinity or none at all. As fast as memory is read.
bool allFinite(std::span<const float> values);

/// `count` elements, one after another from `bytes` on, as numbers.
void toFloats(ElementType type, bool bigEndian, const std::byte* bytes, std::size_t count, float* out);

/// The elements in row-major order out of the whole storage's bytes, as numbers or, for types of one byte, as
/// they are.
void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::span<float> out);
void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::string& out);

} // namespace attn
