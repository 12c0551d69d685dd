// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/check_search.h"

#include "core/base/error.h"

namespace attn {

void checkSearch(const Model& model, SearchKind kind, const BeamOptions& beam, const SampleOptions& sample) {
    Findings faults;
    if (kind == SearchKind::Beam) faults = beam.validate();
    if (kind == SearchKind::Sample) faults = sample.validate();
    throwFaults(ErrorKind::Argument, "this search cannot be run:", faults);
    if (kind == SearchKind::Beam && beam.coveragePenalty > 0 && model.sites().empty())
        throw Error(ErrorKind::Argument, "the model " + model.name() +
                                             " does not attend to its source, so there is no coverage to "
                                             "penalise; set the coverage penalty to 0");
}

} // namespace attn
