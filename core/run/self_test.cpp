// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/self_test.h"

#include "core/run/run.h"

namespace attn {

SelfTest makeSelfTest(const Model& model, const std::string& source, int maxSteps) {
    Recipe recipe;
    recipe.source = source;
    recipe.maxSteps = maxSteps;
    recipe.topK = 1;
    const TracePtr trace = run(model, recipe);
    SelfTest test;
    test.source = source;
    for (const int index : trace->bestPath()) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(index)];
        test.target.push_back(step.wordText);
        test.logProbs.push_back(step.logProb);
    }
    return test;
}

} // namespace attn
