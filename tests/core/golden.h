// SPDX-License-Identifier: GPL-3.0-or-later
// Golden vectors in JSON: reading arrays and comparing them with computed ones.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/matrix.h"

namespace golden {

using nlohmann::json;

/// The numbers of a nested list, in order; null (a score outside the scope) becomes NaN.
inline void flatten(const json& from, std::vector<double>& to) {
    if (from.is_array())
        for (const json& item : from) flatten(item, to);
    else
        to.push_back(from.is_null() ? std::nan("") : from.get<double>());
}
inline std::vector<double> flatten(const json& from) {
    std::vector<double> to;
    flatten(from, to);
    return to;
}

template <typename T>
attn::Matrix<T> matrix(const json& from) {
    const std::vector<double> numbers = flatten(from);
    const bool table = from.is_array() && !from.empty() && from.at(0).is_array();
    const int rows = table ? static_cast<int>(from.size()) : 1;
    attn::Matrix<T> m(rows, static_cast<int>(numbers.size()) / rows);
    std::transform(numbers.begin(), numbers.end(), m.begin(), [](double x) { return static_cast<T>(x); });
    return m;
}

inline double largestOf(const std::vector<double>& numbers) {
    double largest = 0;
    for (double x : numbers)
        if (!std::isnan(x)) largest = std::max(largest, std::abs(x));
    return largest;
}

/// Compares arrays, and keeps account.
struct Comparison {
    int arrays = 0;
    double worstDouble = 0, worstFloat = 0; ///< largest difference so far, over what `bound` is a share of

    /// Bound on |found - expected|: 1e-9 in double and 2e-5 in float times the array's largest entry, plus a
    /// few roundings of the case's largest gradient `caseScale`: what cancels (a key bias under softmax, a
    /// row that is nearly one-hot) cannot be better than its terms, on either side. NaN must stand where NaN
    /// is expected.
    template <typename T>
    void compare(const std::string& name, const std::vector<double>& expected, const std::vector<T>& found,
                 double caseScale = 0) {
        ++arrays;
        CHECK_MESSAGE(!expected.empty(), name);
        if (expected.size() != found.size()) {
            FAIL_CHECK(name << ": " << found.size() << " numbers, expected " << expected.size());
            return;
        }
        const double bound = sizeof(T) == 8 ? 1e-9 : 2e-5, largest = largestOf(expected);
        const double allowed =
            bound * largest + 32 * static_cast<double>(std::numeric_limits<T>::epsilon()) * caseScale;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const double number = static_cast<double>(found[i]);
            if (std::isnan(expected[i]) && std::isnan(number)) continue;
            const double off = std::abs(expected[i] - number);
            if (!(off <= allowed)) {
                FAIL_CHECK(name << "[" << i << "]: " << number << ", expected " << expected[i] << ", off by "
                                << off);
                return;
            }
            double& worst = sizeof(T) == 8 ? worstDouble : worstFloat;
            if (largest > 0) worst = std::max(worst, off / std::max(largest, caseScale));
        }
    }
};

} // namespace golden
