// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/recipe.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/fields_json.h"
#include "core/nn/cell_spec.h"
#include "core/text/tokeniser.h"
#include "core/train/corpus.h"

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
    if (pairs.empty() && lowercase) fault("lowercase", "is for files; a built-in task has its own words");
    if (!cell.empty() && !fromText<CellKind>(cell))
        fault("cell", "is \"" + cell + "\"; expected one of " + allNames<CellKind>());
    for (Finding& finding : corpusOptions(*this).validate()) faults.push_back(std::move(finding));
    checkBounds(*this, "", faults);
    return faults;
}

CorpusOptions corpusOptions(const TrainRecipe& r) {
    return {r.task,   r.pairs,       r.validation,  r.lowercase, r.maxLength,
            r.tokens, r.sourceWords, r.targetWords, r.seed,      r.validationPairs};
}

double TrainRecipe::learningRateAt(int update) const {
    if (update < warmUp) return learningRate * (update + 1) / warmUp;
    switch (decay) {
        case Decay::Cosine: {
            const double done = static_cast<double>(update - warmUp) / std::max(1, steps - warmUp);
            const double least = 0.02;
            return learningRate * (least + (1 - least) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
        }
        case Decay::InverseSqrt:
            return learningRate * std::sqrt(std::max(1.0, static_cast<double>(warmUp)) / (update + 1));
        case Decay::Constant:
            return learningRate;
    }
    throw Error(ErrorKind::Bug, "a decay without a definition");
}

} // namespace attn
