// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn_reader {

/// Reads the HDF5 file on standard input and writes its arrays of numbers as safetensors to standard output,
/// each under its path ("model_weights/lstm/kernel:0"). The metadata's "attributes" is JSON: texts and lists
/// of texts of those attributes that Keras needs, by path and name.
/// Throws Error(Data) for a damaged file and Error(Unsupported) for what no file of weights has: links to
/// other places or files, data kept elsewhere, other element types, filters beyond deflate; Error(Limit) for
/// more objects, depth or numbers than a file of its size can have.
void readHdf5();

} // namespace attn_reader
