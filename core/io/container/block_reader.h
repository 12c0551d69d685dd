// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/io/mapped_file.h"

namespace attn {

/// Receives a block and its offset from the first requested byte.
using BlockSink = std::function<void(std::uint64_t at, std::span<const std::byte> block)>;

/// Passes `length` bytes of the file, from `begin` on, to `sink` in blocks that fit the processor's cache and
/// hold whole elements of any type. Large parts are read by several threads, so blocks come in no particular
/// order. Returns the CRC-32 of the bytes. If `room` is given (`length` bytes), blocks are read into their
/// places there, and `sink` receives those. Throws Error(Data) if the file has become shorter.
std::uint32_t readBlocks(const MappedFile& file, std::uint64_t begin, std::uint64_t length,
                         const BlockSink& sink, std::span<std::byte> room = {});

} // namespace attn
