// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/model/model.h"

namespace attn {

/// A model file's metadata: JSON texts by key (FORMAT.md, section 2).
using Metadata = std::map<std::string, std::string>;

/// The versions of a model file's content that are read; the last is written.
inline constexpr int kFirstContentVersion = 1, kLastContentVersion = 4;

/// A model without its numbers.
struct StoredModel {
    ModelCard card;
    ModelSpec spec;
    bool specIsSound = false; ///< only then there is a schema
    std::vector<Side> sides;
    std::optional<SelfTest> selfTest;
};

/// Reads and judges everything that stands beside the parameters, of any version that is read. With faults
/// the result is incomplete. Throws Error(Unsupported) naming the families that are read if the file is of
/// another.
StoredModel readStoredModel(const Metadata& metadata, int contentVersion, Findings& faults);

/// What readStoredModel() reads, in the order of the file and of the last version, without the self-test.
/// Texts that are not UTF-8 are faults by name.
std::vector<std::pair<std::string, std::string>> storedTexts(const Model& model, Findings& faults);

/// The self-test alone, likewise.
std::string storedText(const SelfTest& test, Findings& faults);

/// Faults of a self-test in itself: sizes, numbers, tolerance.
void checkSelfTest(const SelfTest& test, Findings& faults);

} // namespace attn
