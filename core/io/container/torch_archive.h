// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/io/container/pickle.h"
#include "core/io/container/stored_archive.h"

namespace attn {

/// Maximum memory of a pickle's data, without its arrays, in a file of that size.
std::size_t pickleMemory(std::size_t fileSize);

/// Adds a pickle's arrays, by name, and its tree to the archive. `places` are the locations of its storages;
/// no array refers to a storage without bytes.
void addTensors(StoredArchive& archive, Pickle pickle, const std::vector<StoragePlace>& places,
                bool bigEndian);

} // namespace attn
