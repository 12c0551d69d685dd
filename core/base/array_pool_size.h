// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace attn {

/// Bytes of the block that poolAllocate(bytes) gives.
std::size_t poolBlockBytes(std::size_t bytes);

} // namespace attn
