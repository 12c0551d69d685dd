// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace attn {

/// The names of an enum's values as they stand in files, on the command line and in messages.
/// Specialise with `static constexpr std::array names{std::pair{E::A, std::string_view("a")}, ...};`
template <typename E>
struct EnumNames;

template <typename E>
concept NamedEnum = requires {
    EnumNames<E>::names;
};

template <NamedEnum E>
constexpr std::string_view toText(E value) {
    for (const auto& [v, name] : EnumNames<E>::names)
        if (v == value) return name;
    return "?";
}

template <NamedEnum E>
constexpr std::optional<E> fromText(std::string_view text) {
    for (const auto& [v, name] : EnumNames<E>::names)
        if (name == text) return v;
    return std::nullopt;
}

/// "dot, scaled_dot, general": for messages that say what was expected.
template <NamedEnum E>
std::string allNames() {
    std::string all;
    for (const auto& [v, name] : EnumNames<E>::names) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

} // namespace attn
