// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/check_search.h"

#include <algorithm>

#include "core/base/error.h"

namespace attn {

namespace {

bool attendsToSource(const Model& model) {
    const std::vector<Axis> axes = model.axes();
    const std::vector<Site> sites = model.sites();
    return std::any_of(sites.begin(), sites.end(), [&](const Site& site) {
        return axes[static_cast<std::size_t>(site.keyAxis)].kind == AxisKind::Source;
    });
}

} // namespace

void checkSearch(const Model& model, SearchKind kind, const BeamOptions& beam, const SampleOptions& sample) {
    Findings faults;
    if (kind == SearchKind::Beam) faults = beam.validate();
    if (kind == SearchKind::Sample) faults = sample.validate();
    throwFaults(ErrorKind::Argument, "this search cannot be run:", faults);
    if (kind == SearchKind::Beam && beam.coveragePenalty > 0 && !attendsToSource(model))
        throw Error(ErrorKind::Argument, "the model " + model.name() +
                                             " does not attend to a source, so there is no coverage to "
                                             "penalise; set the coverage penalty to 0");
}

} // namespace attn
