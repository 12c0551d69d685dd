// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/io/container/array_layout.h"
#include "core/io/container/data_tree.h"

namespace attn {

/// Maximum length of a .npy header: NumPy's limit for the text, plus the few bytes before it.
inline constexpr std::size_t longestNpyStart = 10'000 + 12;

/// Header of a .npy file (NumPy Enhancement Proposal 1).
struct NpyHeader {
    ArrayLayout layout;           ///< of numbers; of text only the shape and strides
    std::size_t begin = 0;        ///< byte at which the elements begin
    std::size_t elementBytes = 0; ///< of one element
    bool isText = false;          ///< of UTF-32, padded with zeros
    bool isByteText = false;      ///< of bytes, padded with zeros
};

/// Reads the header in `start`, the file's first longestNpyStart bytes or all of it, and checks it against
/// the file's size. The text is not evaluated: it must be the dictionary that NumPy writes. Throws
/// Error(Data), Error(Unsupported) for elements that are neither numbers nor text.
NpyHeader readNpyHeader(std::span<const std::byte> start, std::uint64_t fileSize, const std::string& where);

/// Adds an array of text to the tree: a Text for rank 0, otherwise nested Lists. `elements` are the
/// file's bytes from header.begin on. Throws Error(Limit) if it takes more than `mostMemory` bytes.
int addTexts(DataTree& tree, const NpyHeader& header, std::span<const std::byte> elements,
             const std::string& where, std::size_t mostMemory);

} // namespace attn
