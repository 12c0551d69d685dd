// SPDX-License-Identifier: GPL-3.0-or-later
// For .cpp files only: it includes the whole of the JSON library.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/io/stored_model.h"

namespace attn {

/// A value that a model file may have, and its place there for messages.
struct StoredValue {
    std::string where;
    std::optional<nlohmann::json> json;
    bool malformed = false; ///< there, but not JSON: a fault says so
};

/// A file's description of one side.
struct StoredSide {
    SideRole role = SideRole::Source;
    TokeniserKind tokeniser = TokeniserKind::Words;
    bool lowercase = false;
    StoredValue vocabulary, pieces, codes;
};

/// A file's metadata taken apart, the same for all versions. What is absent or malformed is null, with a
/// fault.
struct StoredParts {
    std::optional<nlohmann::json> card; ///< fields of ModelCard; nothing, with a fault: cannot be read
    std::optional<std::string> family;  ///< nothing, with a fault: missing
    std::optional<nlohmann::json> spec; ///< of the family, as the last version has it; nothing likewise
    std::vector<StoredSide> sides;
    bool sidesRead = true; ///< false, with a fault: there is no list of them
};

/// The JSON under a metadata key; nothing, with a fault, if it is missing or malformed.
std::optional<nlohmann::json> readJson(const Metadata& metadata, const std::string& key, Findings& faults);

/// Content versions 1 to 3: encoder-decoders alone, the sides in keys of their own (FORMAT.md, section 7).
StoredParts partsBefore4(const Metadata& metadata, Findings& faults);
/// Content version 4.
StoredParts partsOf4(const Metadata& metadata, Findings& faults);

} // namespace attn
