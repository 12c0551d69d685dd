// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <span>

namespace attn_reader {

/// Opens an HDF5 file that stands in memory, without copying it; no file of the system is opened. The bytes
/// have to stay. Negative if the library refuses them.
hid_t openImage(std::span<const std::byte> bytes);

} // namespace attn_reader
