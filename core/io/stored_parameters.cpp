// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_parameters.h"

#include <algorithm>
#include <map>
#include <set>

namespace attn {

namespace {

void fault(Findings& faults, const std::string& where, const std::string& text) {
    faults.push_back({Severity::Fault, where, text});
}

/// How many letters have to be put in, taken out or changed (Levenshtein 1966).
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

/// " (did you mean ...)" for the unused name that a missing one was probably meant to be.
std::string suggestion(const std::string& missing, const std::set<std::string>& unused) {
    constexpr std::size_t most = 1000, longest = 200;
    std::string nearest;
    std::size_t best = missing.size() / 3 + 1;
    if (unused.size() > most) return "";
    for (const std::string& name : unused) {
        if (name.size() > longest) continue;
        if (const std::size_t d = distance(missing, name); d < best) {
            best = d;
            nearest = name;
        }
    }
    return nearest.empty() ? "" : "; the unused " + nearest + " may be meant";
}

} // namespace

Parameters<float> readParameters(const SafetensorsFile& file, const Schema& schema, Findings& faults) {
    std::map<std::string, const TensorView*> views;
    std::set<std::string> unused;
    for (const TensorView& view : file.tensors()) {
        views[view.name] = &view;
        unused.insert(view.name);
    }
    for (const ParameterShape& shape : schema) unused.erase(shape.name);

    Parameters<float> parameters;
    for (const ParameterShape& shape : schema) {
        const auto at = views.find(shape.name);
        if (at == views.end()) {
            fault(faults, shape.name,
                  "is missing; expected shape " + shapeText(shape.shape) + suggestion(shape.name, unused));
            continue;
        }
        const TensorView& view = *at->second;
        if (!std::equal(view.shape.begin(), view.shape.end(), shape.shape.begin(), shape.shape.end(),
                        [](std::uint64_t found, int expected) {
                            return found == static_cast<std::uint64_t>(expected);
                        })) {
            fault(faults, shape.name,
                  "has shape " + shapeText(view.shape) + "; expected " + shapeText(shape.shape));
            continue;
        }
        const std::size_t before = faults.size();
        Matrix<float> values = toFloat(view, faults);
        if (faults.size() == before) parameters.add(shape, std::move(values));
    }
    for (const std::string& name : unused) fault(faults, name, "is not a parameter of this spec");
    return parameters;
}

} // namespace attn
