// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/trace/axis.h"
#include "core/trace/edit_trace.h"
#include "core/trace/gold_link.h"
#include "core/trace/row.h"
#include "core/trace/site.h"
#include "core/trace/state.h"
#include "core/trace/step.h"

namespace attn {

/// Everything one run recorded: plain, immutable, shared. Rows of attention at named sites, over named axes.
/// It may also hold attention that another program wrote: then its sites have no rule, and there are words
/// and weights but no states and no outputs.
struct Trace {
    std::string modelName;
    std::uint64_t recipeHash = 0;
    std::string sourceText; ///< as typed
    std::vector<Axis> axes;
    std::vector<Site> sites; ///< the main one first; none: a model without attention
    std::vector<Track>
        tracks; ///< states along axes that are read at once: bottom first, forward before backward
    Matrix<float> encoderOutputs;        ///< positions x width of the encoder's axis; empty if there is none
    std::vector<Row> rows;               ///< of sites that are read at once
    std::vector<CellTrace> initialState; ///< the decoder's, before step 0
    std::vector<Pass> passes;
    /// Steps at the start of every path whose tokens were typed, where the text typed is to be continued.
    int prompt = 0;
    std::vector<StepTrace> steps; ///< a parent always stands before its children
    std::vector<int> leaves;      ///< last steps of the hypotheses found, best first
    std::vector<EditTrace> edits; ///< what the recipe's interventions changed, in the order of the run
    bool complete = false;        ///< false: the limit on steps ended the best hypothesis
    double seconds = 0;           ///< wall time of the run
    std::vector<GoldLink> gold;   ///< reference alignment of words; empty if none is known

    const Pass& passOf(int step) const {
        return passes[static_cast<std::size_t>(steps[static_cast<std::size_t>(step)].pass)];
    }
    /// Index of the first axis of a kind; -1 if there is none.
    int axisOf(AxisKind kind) const;
    /// Index of the first site of a kind; -1 if there is none.
    int siteOf(SiteKind kind) const;
    /// The row of a site for position `query` of its query axis: of the path's step where that axis is
    /// decoded. nullptr if it was not recorded.
    const Row* row(int site, int query, const std::vector<int>& path) const;
    /// Number of positions of an axis: of the path's steps where it is decoded.
    int length(int axis, const std::vector<int>& path) const;
    /// The position at `index` of an axis; of a decoded one it is made from the path's step.
    Position position(int axis, int index, const std::vector<int>& path) const;

    /// Indices of the steps from the root to `leaf`, in order.
    std::vector<int> path(int leaf) const;
    /// The best hypothesis's path; empty if no step was taken.
    std::vector<int> bestPath() const { return leaves.empty() ? std::vector<int>{} : path(leaves.front()); }
    /// The tokens along a path, the end symbol included.
    std::vector<std::string> words(const std::vector<int>& path) const;
};
using TracePtr = std::shared_ptr<const Trace>;

} // namespace attn
