// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "core/trace/trace.h"

namespace attn::ui {

/// Bytes of memory that a trace takes: every block it owns, with what the allocator adds to each.
std::size_t traceBytes(const Trace& trace);

} // namespace attn::ui
