// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/model/taps.h"
#include "core/run/edit.h"
#include "core/trace/trace.h"

namespace attn {

/// The edits of one run: taps that apply them, and a record of what they changed. Edits apply in their order,
/// to every row of a batch (all hypotheses of a beam).
class Interventions {
public:
    explicit Interventions(const std::vector<Edit>& edits);
    Interventions(const Interventions&) = delete; // the taps point here
    Interventions& operator=(const Interventions&) = delete;

    /// Empty taps if there are no edits.
    const Taps<float>& taps() const { return m_taps; }
    /// Adds to the trace what was changed since the last step, or before the first, in row `row` of the
    /// batch; `pass` is the row's pass, -1 before the first step.
    void record(int row, int pass, Trace& trace) const;

private:
    struct Touched {
        EditTrace about; ///< without its numbers
        Matrix<float> before, after;
    };

    bool applies(const Edit& edit, const TapPlace& place) const;
    Var<float> edited(const TapPlace& place, const Var<float>& value);
    void changeMask(const TapPlace& place, AllowedMask& allowed);
    /// The value after one edit. Throws Error(Argument) if its values or position do not fit the columns.
    Matrix<float> changed(const Edit& edit, std::size_t index, const TapPlace& place,
                          const Matrix<float>& value) const;

    const std::vector<Edit>& m_edits;
    Taps<float> m_taps;
    int m_time = -1; ///< -1: before the first step
    /// The last scores and mask of each head of the attention that is under way: what normalise goes from.
    std::vector<Var<float>> m_scores;
    std::vector<AllowedMask> m_allowed;
    std::vector<Touched> m_touched;
};

} // namespace attn
