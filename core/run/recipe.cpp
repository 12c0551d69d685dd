// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recipe.h"

#include "core/base/fields_json.h"
#include "core/base/hash.h"
#include "core/base/short_number.h"

namespace attn {

namespace {

/// Adds a fault if the value is not within [least, most].
void within(const char* name, double value, double least, double most, Findings& faults) {
    if (value >= least && value <= most) return;
    faults.push_back(
        {Severity::Fault, name,
         "is " + shortNumber(value) + "; expected " + shortNumber(least) + " to " + shortNumber(most)});
}

} // namespace

std::uint64_t Recipe::hash() const {
    return fnv1a(toJson(*this).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Findings BeamOptions::validate() const {
    Findings faults;
    within("beam.width", width, 1, 1000, faults);
    if (nBest < 1 || nBest > width)
        faults.push_back(
            {Severity::Fault, "beam.n_best",
             "is " + std::to_string(nBest) + "; expected 1 to the beam's width, " + std::to_string(width)});
    within("beam.length_penalty", lengthPenalty, 0, 10, faults);
    within("beam.word_penalty", wordPenalty, -100, 100, faults);
    within("beam.coverage_penalty", coveragePenalty, 0, 100, faults);
    return faults;
}

Findings SampleOptions::validate() const {
    Findings faults;
    within("sample.temperature", temperature, 0, 100, faults);
    within("sample.top_k", topK, 0, 1'000'000'000, faults);
    if (!(topP > 0 && topP <= 1))
        faults.push_back({Severity::Fault, "sample.top_p",
                          "is " + shortNumber(topP) + "; expected more than 0, at most 1"});
    return faults;
}

Findings Recipe::validate() const {
    if (search == SearchKind::Beam) return beam.validate();
    if (search == SearchKind::Sample) return sample.validate();
    return {};
}

} // namespace attn
