// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/io/container/pickle.h"
#include "core/io/container/stored_archive.h"

namespace attn {

/// What a pickle may unpack to beside its arrays, in a file of that size.
std::size_t pickleMemory(std::size_t fileSize);

/// Gives the archive the arrays of a pickle, by name, and its tree. `places` are where the pickle's storages
/// are; one without bytes is looked at by no array.
void addTensors(StoredArchive& archive, Pickle pickle, const std::vector<StoragePlace>& places,
                bool bigEndian);

} // namespace attn
