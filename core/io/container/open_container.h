// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/io/container/archive.h"
#include "core/io/container/zip_file.h"
#include "core/io/mapped_file.h"

namespace attn {

/// openArchive() for bytes in memory, which must outlive the archive; `name` is used in messages.
ArchivePtr openArchiveBytes(std::span<const std::byte> bytes, const std::string& name);

// The readers behind openArchive(), for a file of known kind. They throw the same errors.

using FilePtr = std::shared_ptr<const MappedFile>;

/// torch.save() since PyTorch 1.6. `data` is the entry that ends in "/data.pkl".
ArchivePtr openTorchZip(FilePtr file, std::unique_ptr<const ZipFile> zip, int data);
/// torch.save() before PyTorch 1.6: five pickles and the storages behind them.
ArchivePtr openTorchStream(FilePtr file);
bool isTorchStream(std::span<const std::byte> bytes);
/// numpy.save(); its one array is "value".
ArchivePtr openNpy(FilePtr file);
/// numpy.savez(): arrays by name; arrays of text as lists in data().
ArchivePtr openNpz(FilePtr file, std::unique_ptr<const ZipFile> zip);
ArchivePtr openSafetensors(FilePtr file);
/// HDF5, read by the helper attn-reader: arrays by their paths ("model_weights/lstm/lstm/kernel:0"), the
/// attributes that Keras needs in data() by path and name (data()["model_weights/lstm"]["weight_names"]; the
/// root's path is empty), model_config in documents().
ArchivePtr openHdf5(FilePtr file);
/// A Keras archive: config.json and metadata.json in documents(), the arrays and attributes of
/// model.weights.h5 as openHdf5() gives them.
ArchivePtr openKerasZip(FilePtr file, const ZipFile& zip);

} // namespace attn
