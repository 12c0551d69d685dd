// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/trace/trace.h"

namespace attn::ui {

/// One recorded part of the network over the positions of an axis: a cell's hidden state, cell state or gate.
struct StateChoice {
    bool decoder = false; ///< recorded step by step; else along an axis that is read at once
    int axis = 0;         ///< index into Trace::axes: what the part runs along
    int cell = 0;         ///< index into Trace::tracks, or into Pass::states
    QString cellName;     ///< "Encoder, forward, layer 1", "Decoder, layer 1, second cell"
    StatePart part = StatePart::Hidden;

    bool operator==(const StateChoice&) const = default;
};

/// Every part that the trace recorded, those that were read at once first.
std::vector<StateChoice> stateChoices(const Trace& trace);

/// Units down, time across.
struct StateMap {
    int axis = -1; ///< index into Trace::axes
    int units = 0;
    int times = 0;
    std::vector<float> values; ///< units * times
    QStringList timeLabels;    ///< the labels of the axis

    float value(int unit, int time) const { return values[static_cast<std::size_t>(unit) * times + time]; }
    /// One unit over time.
    std::vector<double> curve(int unit) const;
};

/// The numbers of one part. Parts that a step did not record are NaN.
StateMap stateMap(const Trace& trace, const std::vector<int>& path, const StateChoice& choice);

/// The name of a part for people.
QString partText(StatePart part);

} // namespace attn::ui
