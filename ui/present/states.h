// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/trace/trace.h"

namespace attn::ui {

/// One recorded part of the network over time: a layer's hidden state, cell state or gate.
struct StateChoice {
    bool decoder = false;
    int layer = 0;     ///< position among the encoder's layers and directions, or among the decoder's cells
    QString layerName; ///< "encoder → layer 1"
    QString part;      ///< "hidden", "cell", "update", ...

    bool operator==(const StateChoice&) const = default;
};

/// Every part that the trace recorded, the encoder first.
std::vector<StateChoice> stateChoices(const Trace& trace);

/// Units down, time across.
struct StateMap {
    int units = 0;
    int times = 0;
    std::vector<float> values; ///< units * times
    QStringList timeLabels;    ///< source tokens, or the words decoded

    float value(int unit, int time) const { return values[static_cast<std::size_t>(unit) * times + time]; }
    /// One unit over time.
    std::vector<double> curve(int unit) const;
};

/// The numbers of one part. Parts that a step did not record are NaN.
StateMap stateMap(const Trace& trace, const std::vector<int>& path, const StateChoice& choice);

/// The name of a part for people.
QString partText(const QString& part);

} // namespace attn::ui
