// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/recipe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/text/tokeniser.h"

namespace attn {

Findings TrainRecipe::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    for (const auto& [where, text] : {std::pair{"name", &name}, std::pair{"description", &description}}) try {
            tokenise(TokeniserKind::Characters, *text);
        } catch (const Error& error) {
            fault(where, error.what());
        }
    if (name.empty()) fault("name", "is empty; a model needs a name");
    if (data.pairs.empty() && data.lowercase)
        fault("lowercase", "is for files; a built-in task has its own words");
    if (!model.cell.empty() && !fromText<CellKind>(model.cell))
        fault("cell", "is \"" + model.cell + "\"; expected one of " + allNames<CellKind>());
    for (Finding& finding : data.validate()) faults.push_back(std::move(finding));
    checkBounds(model, "", faults);
    checkBounds(objective, "", faults);
    checkBounds(noise, "", faults);
    checkBounds(optimiser, "", faults);
    checkBounds(schedule, "", faults);
    return faults;
}

double ScheduleRecipe::learningRateAt(int update, double largest) const {
    if (update < warmUp) return largest * (update + 1) / warmUp;
    switch (decay) {
        case Decay::Cosine: {
            const double done = static_cast<double>(update - warmUp) / std::max(1, steps - warmUp);
            const double least = 0.02;
            return largest * (least + (1 - least) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
        }
        case Decay::InverseSqrt:
            return largest * std::sqrt(std::max(1.0, static_cast<double>(warmUp)) / (update + 1));
        case Decay::Constant:
            return largest;
    }
    throw Error(ErrorKind::Bug, "a decay without a definition");
}

std::string recipeText(const TrainRecipe& recipe) {
    return toJson(recipe).dump();
}

TrainRecipe readRecipe(const std::string& text, const std::string& where, Findings& faults) {
    TrainRecipe recipe;
    const std::size_t before = faults.size();
    nlohmann::json json = parseJson(text, where, faults);
    if (faults.size() > before) return recipe;
    // A field that stands at the top, as all did once, moves into its part.
    visitFields(recipe, [&](const char* part, auto& fields, const auto&...) {
        if constexpr (detail::HasFields<std::remove_reference_t<decltype(fields)>>)
            visitFields(fields, [&](const char* name, const auto&, const auto&...) {
                if (!json.is_object() || !json.contains(name)) return;
                nlohmann::json& parts = json[part];
                if (!parts.is_null() && !parts.is_object()) return;
                if (!parts.contains(name)) parts[name] = json[name];
                json.erase(name);
            });
    });
    fromJson(json, recipe, where, faults);
    return recipe;
}

} // namespace attn
