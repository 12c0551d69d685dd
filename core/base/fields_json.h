// SPDX-License-Identifier: GPL-3.0-or-later
// For .cpp files only: it includes the whole of the JSON library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/fields.h"

namespace attn {

/// A value with visitFields(), an enum with names, a number, text, or a vector or optional of those, as JSON;
/// an absent one is null.
template <typename T>
nlohmann::ordered_json toJson(const T& value) {
    if constexpr (NamedEnum<T>) {
        return std::string(toText(value));
    } else if constexpr (detail::HasFields<const T>) {
        auto object = nlohmann::ordered_json::object();
        visitFields(value, [&](const char* name, const auto& field, const auto&...) {
            object[name] = toJson(field);
        });
        return object;
    } else if constexpr (detail::IsVector<T>::value) {
        auto array = nlohmann::ordered_json::array();
        for (const auto& item : value) array.push_back(toJson(item));
        return array;
    } else if constexpr (detail::IsOptional<T>::value) {
        return value ? toJson(*value) : nlohmann::ordered_json(nullptr);
    } else {
        return value;
    }
}

/// Reads what toJson() wrote. Absent fields keep their value; unknown fields, wrong types, unknown names and
/// numbers out of their bounds are faults, all of them reported, each with its path ("attention.score").
template <typename T, typename Json>
void fromJson(const Json& json, T& value, const std::string& where, Findings& faults,
              const std::optional<Bounds>& bounds = std::nullopt) {
    const auto fault = [&](const std::string& text) { faults.push_back({Severity::Fault, where, text}); };
    if constexpr (NamedEnum<T>) {
        if (!json.is_string()) return fault("expected one of " + allNames<T>() + ", found " + json.dump());
        const auto found = fromText<T>(json.template get<std::string>());
        if (!found) return fault("expected one of " + allNames<T>() + ", found " + json.dump());
        value = *found;
    } else if constexpr (detail::HasFields<T>) {
        if (!json.is_object()) return fault("expected an object, found " + std::string(json.type_name()));
        std::vector<std::string> known;
        visitFields(value, [&](const char* name, auto& field, const auto&... told) {
            known.emplace_back(name);
            if (const auto at = json.find(name); at != json.end())
                fromJson(*at, field, where.empty() ? name : where + "." + name, faults,
                         boundsOf<std::remove_reference_t<decltype(field)>>(told...));
        });
        for (const auto& [name, ignored] : json.items())
            if (std::find(known.begin(), known.end(), name) == known.end())
                fault("unknown field \"" + name + "\"");
    } else if constexpr (detail::IsVector<T>::value) {
        if (!json.is_array()) return fault("expected a list, found " + std::string(json.type_name()));
        value.clear();
        for (std::size_t i = 0; i < json.size(); ++i)
            fromJson(json[i], value.emplace_back(), where + "[" + std::to_string(i) + "]", faults, bounds);
    } else if constexpr (detail::IsOptional<T>::value) {
        if (json.is_null()) return value.reset();
        fromJson(json, value.emplace(), where, faults, bounds);
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!json.is_boolean()) return fault("expected true or false, found " + json.dump());
        value = json.template get<bool>();
    } else if constexpr (std::is_integral_v<T>) {
        if (!json.is_number_integer()) return fault("expected a whole number, found " + json.dump());
        constexpr std::uint64_t most =
            sizeof(T) == 8 ? UINT64_MAX : static_cast<std::uint64_t>(Bounds::kMost);
        if (!json.is_number_unsigned() || json.template get<std::uint64_t>() > most)
            return fault("expected a whole number from 0 to " + std::to_string(most) + ", found " +
                         json.dump());
        const auto found = static_cast<T>(json.template get<std::uint64_t>());
        if (const std::string text = bounds ? outOfBounds(found, *bounds) : ""; !text.empty())
            return fault(text);
        value = found;
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!json.is_number()) return fault("expected a number, found " + json.dump());
        const T found = json.template get<T>();
        if (const std::string text = bounds ? outOfBounds(found, *bounds) : ""; !text.empty())
            return fault(text);
        value = found;
    } else {
        if (!json.is_string()) return fault("expected text, found " + json.dump());
        value = json.template get<std::string>();
    }
}

} // namespace attn
