// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_parameters.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/closest_name.h"

namespace attn {

namespace {

void fault(Findings& faults, const std::string& where, const std::string& text) {
    faults.push_back({Severity::Fault, where, text});
}

/// Where the unused name is that a missing one was probably meant to be.
std::string suggestion(const std::string& missing, const std::set<std::string>& unused) {
    constexpr std::size_t most = 1000, longest = 200;
    std::string nearest;
    int best = static_cast<int>(missing.size() / 3 + 1);
    if (unused.size() > most) return "";
    for (const std::string& name : unused) {
        if (name.size() > longest) continue;
        if (const int edits = editDistance(missing, name, best); edits < best) {
            best = edits;
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

    // A hostile spec may ask for a million parameters; the search for misspellings costs time, and no more
    // faults than these are reported anyway.
    int suggestions = 50;
    Parameters<float> parameters;
    for (const ParameterShape& shape : schema) {
        const auto at = views.find(shape.name);
        if (at == views.end()) {
            fault(faults, shape.name,
                  "is missing; expected shape " + shapeText(shape.shape) +
                      (suggestions-- > 0 ? suggestion(shape.name, unused) : ""));
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
