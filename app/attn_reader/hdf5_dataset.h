// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attn_reader {

/// An array as it will be handed on.
struct DatasetInfo {
    std::string path;
    std::string_view dtype; ///< safetensors' name
    std::vector<std::uint64_t> shape;
    std::uint64_t bytes = 0;
};

/// What a dataset says of itself, checked before anything is allocated for it: numbers in the file itself,
/// stored plainly or in chunks that are at most deflated, of a size that what is stored can have. 16-bit
/// brain floats are an opaque type with the attribute dtype. Throws Error(Data), Error(Unsupported) or
/// Error(Limit) naming the path.
DatasetInfo inspectDataset(hid_t dataset, const std::string& path, std::uint64_t fileSize);

/// The numbers, row-major, little-endian. Throws Error(Data).
std::vector<char> readDataset(hid_t dataset, const DatasetInfo& info);

} // namespace attn_reader
