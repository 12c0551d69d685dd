// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace attn {

/// A hash of a file's bytes, by which a file is known again wherever it lies. FNV-1a over little-endian words
/// of 64 bits, the last one filled up with zeros, then over the length. It is not a defence against forgery.
/// Throws Error(Data) if the file cannot be read.
std::uint64_t contentHash(const std::string& path);

} // namespace attn
