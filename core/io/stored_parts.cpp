// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_parts.h"

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/stored_spec.h"

namespace attn {

namespace {

using nlohmann::json;

/// Takes a field out of an object and reads it; left out, `value` stays.
template <typename T>
void take(std::optional<json>& object, const char* name, T& value, const std::string& where,
          Findings& faults) {
    if (!object || !object->is_object()) return;
    const auto at = object->find(name);
    if (at == object->end()) return;
    fromJson(*at, value, where + "." + name, faults);
    object->erase(at);
}

/// Takes a field out of an object as it is.
StoredValue take(json& object, const char* name, const std::string& where) {
    StoredValue value{where + "." + name, std::nullopt};
    if (const auto at = object.find(name); at != object.end()) {
        value.json = std::move(*at);
        object.erase(at);
    }
    return value;
}

/// The JSON under a key that need not be there.
StoredValue optionalValue(const Metadata& metadata, const std::string& key, Findings& faults) {
    if (!metadata.contains(key)) return {key, std::nullopt};
    StoredValue value{key, readJson(metadata, key, faults)};
    value.malformed = !value.json;
    return value;
}

StoredSide sideOf4(json stored, const std::string& where, Findings& faults) {
    StoredSide side;
    if (!stored.is_object()) {
        faults.push_back(
            {Severity::Fault, where, "expected an object, found " + std::string(stored.type_name())});
        side.vocabulary.malformed = true;
        return side;
    }
    if (!stored.contains("role"))
        faults.push_back(
            {Severity::Fault, where + ".role", "is missing; expected one of " + allNames<SideRole>()});
    side.vocabulary = take(stored, "vocabulary", where);
    side.pieces = take(stored, "pieces", where);
    side.codes = take(stored, "codes", where);
    std::optional<json> rest(std::move(stored));
    take(rest, "role", side.role, where, faults);
    take(rest, "tokeniser", side.tokeniser, where, faults);
    take(rest, "lowercase", side.lowercase, where, faults);
    for (const auto& [name, ignored] : rest->items())
        faults.push_back({Severity::Fault, where, "unknown field \"" + name + "\""});
    return side;
}

} // namespace

std::optional<json> readJson(const Metadata& metadata, const std::string& key, Findings& faults) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) {
        faults.push_back({Severity::Fault, key, "is missing from the metadata"});
        return std::nullopt;
    }
    const std::size_t before = faults.size();
    json value = parseJson(found->second, key, faults);
    if (faults.size() != before) return std::nullopt;
    return value;
}

StoredParts partsBefore4(const Metadata& metadata, Findings& faults) {
    StoredParts parts;
    parts.family = EncoderDecoderSpec::family;
    parts.card = readJson(metadata, "card", faults);
    parts.spec = readJson(metadata, "spec", faults);
    if (parts.spec) upgradeSpec(*parts.spec, faults);
    bool lowercase = false;
    take(parts.card, "lowercase", lowercase, "card", faults);
    for (const SideRole role : {SideRole::Source, SideRole::Target}) {
        const std::string name(toText(role));
        StoredSide side;
        side.role = role;
        side.lowercase = lowercase;
        take(parts.card, (name + "_tokeniser").c_str(), side.tokeniser, "card", faults);
        side.vocabulary = optionalValue(metadata, name + "_vocabulary", faults);
        side.pieces = optionalValue(metadata, name + "_pieces", faults);
        side.codes = optionalValue(metadata, name + "_codes", faults);
        parts.sides.push_back(std::move(side));
    }
    return parts;
}

StoredParts partsOf4(const Metadata& metadata, Findings& faults) {
    StoredParts parts;
    if (const auto family = metadata.find("family"); family != metadata.end())
        parts.family = family->second;
    else
        faults.push_back({Severity::Fault, "family", "is missing from the metadata"});
    parts.card = readJson(metadata, "card", faults);
    parts.spec = readJson(metadata, "spec", faults);
    std::optional<json> sides = readJson(metadata, "sides", faults);
    if (sides && !sides->is_array()) {
        faults.push_back(
            {Severity::Fault, "sides", "expected a list, found " + std::string(sides->type_name())});
        sides.reset();
    }
    parts.sidesRead = sides.has_value();
    if (!sides) return parts;
    constexpr std::size_t most = 100;
    if (sides->size() > most)
        faults.push_back(
            {Severity::Fault, "sides",
             "has " + std::to_string(sides->size()) + "; at most " + std::to_string(most) + " can be read"});
    for (std::size_t i = 0; i < std::min(most, sides->size()); ++i)
        parts.sides.push_back(sideOf4(std::move((*sides)[i]), "sides[" + std::to_string(i) + "]", faults));
    return parts;
}

} // namespace attn
