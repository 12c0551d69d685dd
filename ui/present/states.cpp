// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/states.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>

#include "ui/present/axis_text.h"

namespace attn::ui {

namespace {
struct StatesText {
    Q_DECLARE_TR_FUNCTIONS(States)
};

/// What the tracks along one axis have in common, so that names state only the differences.
struct Variety {
    bool bidirectional = false;
    bool deep = false;
};

Variety varietyAlong(const Trace& trace, int axis) {
    Variety variety;
    for (const Track& track : trace.tracks) {
        if (track.axis != axis) continue;
        variety.bidirectional |= track.place.backward;
        variety.deep |= track.place.layer > 0;
    }
    return variety;
}

QString readerName(AxisKind kind) {
    switch (kind) {
        case AxisKind::Words:
            return StatesText::tr("Word encoder");
        case AxisKind::Sentences:
            return StatesText::tr("Sentence encoder");
        default:
            return StatesText::tr("Encoder");
    }
}

QString trackName(const Trace& trace, const Track& track) {
    const Variety variety = varietyAlong(trace, track.axis);
    QString name = readerName(trace.axes[static_cast<std::size_t>(track.axis)].kind);
    if (variety.bidirectional)
        name =
            (track.place.backward ? StatesText::tr("%1, backward") : StatesText::tr("%1, forward")).arg(name);
    if (variety.deep) name = StatesText::tr("%1, layer %2").arg(name).arg(track.place.layer + 1);
    if (track.place.cell > 0) name = StatesText::tr("%1, cell %2").arg(name).arg(track.place.cell + 1);
    return name;
}

/// Without an encoder there is nothing for a decoder to decode.
QString decoderName(const Trace& trace, const CellPlace& place, bool single) {
    const QString name = trace.tracks.empty() ? StatesText::tr("Network") : StatesText::tr("Decoder");
    if (single) return name;
    const QString layer = StatesText::tr("%1, layer %2").arg(name).arg(place.layer + 1);
    if (place.cell == 0) return layer;
    return place.cell == 1 ? StatesText::tr("%1, second cell").arg(layer)
                           : StatesText::tr("%1, cell %2").arg(layer).arg(place.cell + 1);
}

int decodedAxis(const Trace& trace) {
    for (std::size_t axis = 0; axis < trace.axes.size(); ++axis)
        if (trace.axes[axis].isDecoded() && !trace.axes[axis].read) return static_cast<int>(axis);
    return -1;
}

const CellTrace::Part* findPart(const Pass& pass, const StateChoice& choice) {
    if (choice.cell >= static_cast<int>(pass.states.size())) return nullptr;
    for (const CellTrace::Part& part : pass.states[static_cast<std::size_t>(choice.cell)].parts)
        if (part.part == choice.part) return &part;
    return nullptr;
}

void readTrack(const Trace& trace, const StateChoice& choice, StateMap& map) {
    if (choice.cell >= static_cast<int>(trace.tracks.size())) return;
    for (const Track::Part& part : trace.tracks[static_cast<std::size_t>(choice.cell)].parts) {
        if (part.part != choice.part) continue;
        map.times = part.values.rows();
        map.units = part.values.cols();
        map.values.resize(part.values.size());
        for (int time = 0; time < map.times; ++time)
            for (int unit = 0; unit < map.units; ++unit)
                map.values[static_cast<std::size_t>(unit) * map.times + time] = part.values(time, unit);
    }
    // Positions that the attention has beyond the sentence were not read by the encoder.
    map.timeLabels = map.timeLabels.mid(0, map.times);
}

void readSteps(const Trace& trace, const std::vector<int>& path, const StateChoice& choice, StateMap& map) {
    map.times = static_cast<int>(path.size());
    std::vector<const CellTrace::Part*> parts;
    for (int step : path) {
        parts.push_back(findPart(trace.passOf(step), choice));
        if (parts.back()) map.units = std::max(map.units, static_cast<int>(parts.back()->values.size()));
    }
    map.values.assign(static_cast<std::size_t>(map.units) * map.times,
                      std::numeric_limits<float>::quiet_NaN());
    for (std::size_t time = 0; time < parts.size(); ++time) {
        if (!parts[time]) continue;
        for (std::size_t unit = 0; unit < parts[time]->values.size(); ++unit)
            map.values[unit * map.times + time] = parts[time]->values[unit];
    }
}
} // namespace

QString partText(StatePart part) {
    switch (part) {
        case StatePart::Hidden:
            return StatesText::tr("hidden");
        case StatePart::Cell:
            return StatesText::tr("cell state");
        case StatePart::Reset:
            return StatesText::tr("reset gate");
        case StatePart::Update:
            return StatesText::tr("update gate");
        case StatePart::Input:
            return StatesText::tr("input gate");
        case StatePart::Forget:
            return StatesText::tr("forget gate");
        case StatePart::Candidate:
            return StatesText::tr("candidate");
        case StatePart::Output:
            return StatesText::tr("output gate");
    }
    return {};
}

std::vector<StateChoice> stateChoices(const Trace& trace) {
    std::vector<StateChoice> choices;
    for (std::size_t i = 0; i < trace.tracks.size(); ++i)
        for (const Track::Part& part : trace.tracks[i].parts)
            choices.push_back({false, trace.tracks[i].axis, static_cast<int>(i),
                               trackName(trace, trace.tracks[i]), part.part});
    const int axis = decodedAxis(trace);
    if (trace.passes.empty() || axis < 0) return choices;
    const std::vector<CellTrace>& cells = trace.passes.front().states;
    for (std::size_t i = 0; i < cells.size(); ++i)
        for (const CellTrace::Part& part : cells[i].parts)
            choices.push_back({true, axis, static_cast<int>(i),
                               decoderName(trace, cells[i].place, cells.size() == 1), part.part});
    return choices;
}

StateMap stateMap(const Trace& trace, const std::vector<int>& path, const StateChoice& choice) {
    StateMap map;
    map.axis = choice.axis;
    map.timeLabels = axisLabels(trace, choice.axis, path);
    if (choice.decoder)
        readSteps(trace, path, choice, map);
    else
        readTrack(trace, choice, map);
    return map;
}

std::vector<double> StateMap::curve(int unit) const {
    std::vector<double> curve;
    if (unit < 0 || unit >= units) return curve;
    for (int time = 0; time < times; ++time) curve.push_back(value(unit, time));
    return curve;
}

} // namespace attn::ui
