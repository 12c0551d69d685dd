// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/trace/trace.h"

namespace attn::ui {

/// What people call a site: "cross attention", "copying", "self-attention of the decoder". Where the trace
/// has several of its kind, with layer and direction: "cross attention, layer 2".
QString siteText(const Trace& trace, int site);

/// Head or averaging rule, scope and normaliser of a site's map: "head 2 of 4 · softmax". Of a site without a
/// rule, where its weights come from: "weights from a file". A site of -1 means that there is none.
QString ruleTitle(const Trace& trace, int site, int head);

/// The same, after the site's name where the trace has several: "copying · single head · softmax".
QString mapTitle(const Trace& trace, int site, int head);

/// What to say where a map would be, if the trace has no site.
QString noAttentionText(const Trace& trace);

/// Whether weights are all that was recorded: no site has a rule, no step a distribution, and there are no
/// states.
bool holdsWeightsOnly(const Trace& trace);

} // namespace attn::ui
