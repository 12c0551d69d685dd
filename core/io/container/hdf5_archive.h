// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/io/container/archive.h"

namespace attn {

/// An HDF5 file, read by the helper attn-reader: arrays by their paths ("model_weights/lstm/lstm/kernel:0"),
/// the attributes that Keras needs in data() by path and name (data()["model_weights/lstm"]["weight_names"];
/// the root's path is empty), model_config in documents(). Throws as runReader() does.
ArchivePtr openHdf5(const std::string& path);

/// A Keras archive (.keras): a zip of config.json and metadata.json, which stand in documents(), and
/// model.weights.h5, whose arrays and attributes are as openHdf5() gives them. Throws as openHdf5() and
/// ZipFile do; Error(Unsupported) where the archive has no such parts.
ArchivePtr openKerasZip(const std::string& path);

} // namespace attn
