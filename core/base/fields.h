// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/error.h"
#include "core/base/short_number.h"

namespace attn {

/// The values that a number may have, both ends included, or all but the lower one.
///
/// A struct's visitFields() gives a field's bounds as the third argument of its visitor:
///     visit("layers", spec.layers, between(1, 16));
/// Reading JSON, validate(), help and messages all take them from there. A whole number without bounds of its
/// own, and one with a lower bound alone, is a size or a count of at most 1e9, so that sums of a few stay
/// numbers; 64-bit ones are seeds, and real ones without bounds may be anything.
struct Bounds {
    static constexpr double kMost = 1e9;

    double least = 0, most = kMost;
    bool above = false; ///< `least` itself is excluded

    /// False for what is not a number, too.
    bool hold(double x) const { return (above ? x > least : x >= least) && x <= most; }
    /// "1 to 16", "at least 1", "above 0 and at most 1".
    std::string text() const {
        const auto number = [](double x) {
            return x == std::floor(x) && std::abs(x) < 1e15 ? std::to_string(static_cast<long long>(x))
                                                            : shortNumber(x);
        };
        if (above) return "above " + number(least) + (most < kMost ? " and at most " + number(most) : "");
        return most < kMost ? number(least) + " to " + number(most) : "at least " + number(least);
    }
};
constexpr Bounds between(double least, double most) {
    return {least, most, false};
}
constexpr Bounds atLeast(double least) {
    return {least, Bounds::kMost, false};
}
constexpr Bounds above(double least, double most = Bounds::kMost) {
    return {least, most, true};
}

namespace detail {
template <typename T>
concept HasFields = requires(T& t) {
    visitFields(t, [](const char*, auto&, const auto&...) {});
};

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// The number itself, or that of a list or optional; void for others.
template <typename T>
struct NumberOf {
    using type = std::conditional_t<std::is_arithmetic_v<T> && !std::is_same_v<T, bool>, T, void>;
};
template <typename T>
struct NumberOf<std::vector<T>> : NumberOf<T> {};
template <typename T>
struct NumberOf<std::optional<T>> : NumberOf<T> {};
} // namespace detail

/// The bounds of a field of this type as passed to its visitor, or its default bounds; none
/// where it is no number, a seed, or a real number without bounds.
template <typename Field>
constexpr std::optional<Bounds> boundsOf() {
    using Number = typename detail::NumberOf<std::remove_cv_t<Field>>::type;
    if constexpr (std::is_integral_v<Number>)
        if constexpr (sizeof(Number) < 8) return Bounds{};
    return std::nullopt;
}
template <typename Field>
constexpr std::optional<Bounds> boundsOf(const Bounds& told) {
    static_assert(!std::is_void_v<typename detail::NumberOf<std::remove_cv_t<Field>>::type>,
                  "only numbers have bounds");
    return told;
}

/// "is 17; expected 1 to 16"; empty within the bounds.
template <typename Number>
std::string outOfBounds(Number value, const Bounds& bounds) {
    if (bounds.hold(static_cast<double>(value))) return "";
    const std::string found =
        std::is_integral_v<Number> ? std::to_string(value) : shortNumber(static_cast<double>(value));
    return "is " + found + "; expected " + bounds.text();
}

/// Adds a fault for each number among the fields of `value` that is out of its bounds, named `where` + its
/// name. Fields that have fields of their own are not looked into: they validate themselves.
template <detail::HasFields T>
void checkBounds(const T& value, const std::string& where, Findings& faults) {
    visitFields(value, [&](const char* name, const auto& field, const auto&... told) {
        using Field = std::remove_cvref_t<decltype(field)>;
        if constexpr (!std::is_void_v<typename detail::NumberOf<Field>::type>) {
            const std::optional<Bounds> bounds = boundsOf<Field>(told...);
            const auto check = [&](auto number) {
                if (const std::string text = bounds ? outOfBounds(number, *bounds) : ""; !text.empty())
                    faults.push_back({Severity::Fault, where + name, text});
            };
            if constexpr (detail::IsVector<Field>::value) {
                for (const auto& item : field) check(item);
            } else if constexpr (detail::IsOptional<Field>::value) {
                if (field) check(*field);
            } else {
                check(field);
            }
        }
    });
}

} // namespace attn
