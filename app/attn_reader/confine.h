// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace attn_reader {

/// The bytes of standard input, which has to be a regular file or memory, and none of its end. Throws
/// Error(Data).
std::span<const std::byte> mapInput();

/// From here on the process holds no file but its three standard streams and cannot open any, run a program,
/// write a file or leave its memory as a core dump; it has at most `memory` bytes beyond what it has now and
/// `seconds` of processor time, and ends with the thread that started it. Throws Error(Bug).
void confine(std::uint64_t memory, std::uint64_t seconds);

} // namespace attn_reader
