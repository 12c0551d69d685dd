// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace attn::ui {

/// A token as a label: "⟨start⟩" and "⟨end⟩" for the symbols, "⟨empty⟩" for an empty text, "␣" for white
/// space.
QString tokenText(const std::string& text, TokenRole role);
QString axisText(const Position& position);
/// The token that the step chose or was given.
QString axisText(const StepTrace& step);

/// One label for each position of an axis; of a decoded one for each step of the path.
QStringList axisLabels(const Trace& trace, int axis, const std::vector<int>& path);

/// What the positions of an axis are: "source", "target", "read target".
QString axisName(const Axis& axis);

} // namespace attn::ui
