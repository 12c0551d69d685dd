// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/recipe.h"

#include "core/base/fields_json.h"
#include "core/base/hash.h"

namespace attn {

std::uint64_t Recipe::hash() const {
    return fnv1a(toJson(*this).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Findings BeamOptions::validate() const {
    Findings faults;
    checkBounds(*this, "beam.", faults);
    if (nBest > width && nBest <= 1000)
        faults.push_back(
            {Severity::Fault, "beam.n_best",
             "is " + std::to_string(nBest) + "; expected 1 to the beam's width, " + std::to_string(width)});
    return faults;
}

Findings SampleOptions::validate() const {
    Findings faults;
    checkBounds(*this, "sample.", faults);
    return faults;
}

Findings Recipe::validate() const {
    if (search == SearchKind::Beam) return beam.validate();
    if (search == SearchKind::Sample) return sample.validate();
    return {};
}

} // namespace attn
