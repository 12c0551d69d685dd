// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/io/mapped_file.h"

namespace attn {

/// Takes a block and where it begins, counted from the first byte that was asked for.
using BlockSink = std::function<void(std::uint64_t at, std::span<const std::byte> block)>;

/// Gives `length` bytes of the file from `begin` on to `sink`, in blocks that fit the processor's cache and
/// hold whole elements of any type; large parts by several threads at once, so in no order. Returns their
/// CRC-32. Where there is `room`, of `length` bytes, the blocks are read into their places in it, and `sink`
/// is given those. Throws Error(Data) if the file has become shorter.
std::uint32_t readBlocks(const MappedFile& file, std::uint64_t begin, std::uint64_t length,
                         const BlockSink& sink, std::span<std::byte> room = {});

} // namespace attn
