// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/model/model.h"
#include "core/trace/trace.h"

namespace attn::ui {

/// One of the hypotheses that a search found.
struct HypothesisRow {
    QString text; ///< as a person would write it; without the words that were typed to be continued
    HypothesisScore score;
    bool ended = false; ///< with the end symbol; false: the limit on steps ended it

    /// What it is ranked by, and from which parts it is made; one line each.
    QString scoreText() const;
};

/// All hypotheses that a run of the model found, best first; those that were pruned are not among them.
std::vector<HypothesisRow> hypothesisRows(const Model& model, const Trace& trace);

/// The place of a path's last step among Trace::leaves, from 0; -1 if it is not among them.
int hypothesisRank(const Trace& trace, const std::vector<int>& path);

/// What figures and tables of a path are of: the model's name, and where the trace has several hypotheses
/// which one: "en-fr-additive · hypothesis 2 of 5".
QString pathTitle(const Trace& trace, const std::vector<int>& path);

} // namespace attn::ui
