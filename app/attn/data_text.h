// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/io/container/archive.h"

namespace attn::cli {

/// How much of a tree is shown. A tree may be shared and refer to itself, so that depth and number of nodes
/// are bounded, too.
struct DataLimits {
    int depth = 8;         ///< levels
    int items = 20;        ///< entries of one list or dictionary
    int nodes = 20'000;    ///< altogether
    std::size_t text = 80; ///< bytes of one text
};

/// An archive's tree, under "data", and under "documents" by name its documents and arrays of bytes that are
/// a text, line by line. What is not plain is told in words between < and >: arrays, bytes, classes, and what
/// was left out.
nlohmann::ordered_json dataJson(const Archive& archive, const DataLimits& limits);

/// The same as indented lines.
std::string dataText(const nlohmann::ordered_json& data);

} // namespace attn::cli
