// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace attn {

/// Memory for arrays, at multiples of 64 bytes. What is given back is kept by the thread that gives it, by size,
/// and handed out again, so that a loop that makes the same arrays each time asks the system for nothing after
/// its first round. A thread keeps at most kMostPooledBytes and frees them when it ends. Under the address
/// sanitizer nothing is kept, so that it sees every use after free. Throws std::bad_alloc.
void* poolAllocate(std::size_t bytes);
/// `bytes` as they were asked for.
void poolFree(void* memory, std::size_t bytes) noexcept;

inline constexpr std::size_t kMostPooledBytes = std::size_t(512) << 20;

} // namespace attn
