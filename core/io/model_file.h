// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace attn {

enum class StoredType { F32, F16 };
template <>
struct EnumNames<StoredType> {
    static constexpr std::array names{std::pair{StoredType::F32, std::string_view("f32")},
                                      std::pair{StoredType::F16, std::string_view("f16")}};
};

/// Opens a native model file (FORMAT.md). The file is mapped and checked in full before anything of it
/// is used; then its self-test is run.
/// Throws Error(Data) with every fault found, by name; Error(Unsupported) for a version outside of the
/// range this program reads (naming the range); Error(Limit) for one too large.
ModelPtr openModel(const std::string& path);

/// Whether a file is one of ours, sound or not: a safetensors header that names our format. Throws
/// Error(Data) for a file that cannot be opened.
bool isNativeModel(const std::string& path);

/// Writes a model to a temporary name beside `path`, flushes it and renames it. Its self-test is what
/// openModel() will check; for F16 it is made anew from the rounded numbers. Throws Error(Argument) with
/// every fault for which openModel() would refuse the file, and Error(Output) naming path and reason
/// (AtomicFile).
void saveModel(const Model& model, const std::string& path, StoredType type);

/// A bundled model's file for a bare name ("en-fr-additive"), else the text itself as a path.
/// Throws Error(Data) when neither exists, listing the bundled names, the closest first.
std::string resolveModel(const std::string& nameOrPath);

/// Names of the bundled models, sorted. They are looked for in $ATTENTOSCOPE_MODELS, beside the program
/// (../share/attentoscope/models), and in the source tree it was built from.
std::vector<std::string> bundledModels();

} // namespace attn
