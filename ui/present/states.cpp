// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/states.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <limits>

#include "ui/present/alignment.h"

namespace attn::ui {

namespace {
struct StatesText {
    Q_DECLARE_TR_FUNCTIONS(States)
};

/// `where` is core's name of a cell: "layer 1", "layer 1, second cell" or "layer 1, cell 3".
QString decoderCell(const QString& where) {
    static const QRegularExpression pattern(QStringLiteral("^layer (\\d+)(, second cell|, cell (\\d+))?$"));
    const QRegularExpressionMatch match = pattern.match(where);
    if (!match.hasMatch()) return StatesText::tr("Decoder, %1").arg(where);
    if (!match.captured(3).isEmpty())
        return StatesText::tr("Decoder, layer %1, cell %2").arg(match.captured(1), match.captured(3));
    return (match.captured(2).isEmpty() ? StatesText::tr("Decoder, layer %1")
                                        : StatesText::tr("Decoder, layer %1, second cell"))
        .arg(match.captured(1));
}

const NamedVector* findPart(const StepTrace& step, const StateChoice& choice) {
    if (choice.layer >= static_cast<int>(step.decoder.size())) return nullptr;
    for (const NamedVector& part : step.decoder[static_cast<std::size_t>(choice.layer)].parts)
        if (QString::fromStdString(part.name) == choice.part) return &part;
    return nullptr;
}
} // namespace

QString partText(const QString& part) {
    if (part == QLatin1String("hidden")) return StatesText::tr("hidden");
    if (part == QLatin1String("cell")) return StatesText::tr("cell state");
    if (part == QLatin1String("reset")) return StatesText::tr("reset gate");
    if (part == QLatin1String("update")) return StatesText::tr("update gate");
    if (part == QLatin1String("input")) return StatesText::tr("input gate");
    if (part == QLatin1String("forget")) return StatesText::tr("forget gate");
    if (part == QLatin1String("output")) return StatesText::tr("output gate");
    if (part == QLatin1String("candidate")) return StatesText::tr("candidate");
    return part;
}

std::vector<StateChoice> stateChoices(const Trace& trace) {
    std::vector<StateChoice> choices;
    bool bidirectional = false, deep = false;
    for (const EncoderLayerTrace& layer : trace.encoder) {
        bidirectional |= layer.backward;
        deep |= layer.layer > 0;
    }
    for (std::size_t i = 0; i < trace.encoder.size(); ++i) {
        const EncoderLayerTrace& layer = trace.encoder[i];
        QString name = !bidirectional   ? StatesText::tr("Encoder")
                       : layer.backward ? StatesText::tr("Encoder, backward")
                                        : StatesText::tr("Encoder, forward");
        if (deep) name = StatesText::tr("%1, layer %2").arg(name).arg(layer.layer + 1);
        if (layer.cell > 0) name = StatesText::tr("%1, cell %2").arg(name).arg(layer.cell + 1);
        for (const EncoderLayerTrace::Part& part : layer.parts)
            choices.push_back({false, static_cast<int>(i), name, QString::fromStdString(part.name)});
    }
    if (trace.steps.empty()) return choices;
    const std::vector<CellTrace>& decoder = trace.steps.front().decoder;
    for (std::size_t i = 0; i < decoder.size(); ++i) {
        const QString name = decoder.size() == 1 ? StatesText::tr("Decoder")
                                                 : decoderCell(QString::fromStdString(decoder[i].where));
        for (const NamedVector& part : decoder[i].parts)
            choices.push_back({true, static_cast<int>(i), name, QString::fromStdString(part.name)});
    }
    return choices;
}

StateMap stateMap(const Trace& trace, const std::vector<int>& path, const StateChoice& choice) {
    StateMap map;
    if (!choice.decoder) {
        if (choice.layer >= static_cast<int>(trace.encoder.size())) return map;
        for (const EncoderLayerTrace::Part& part :
             trace.encoder[static_cast<std::size_t>(choice.layer)].parts) {
            if (QString::fromStdString(part.name) != choice.part) continue;
            map.times = part.values.rows();
            map.units = part.values.cols();
            map.values.resize(part.values.size());
            for (int time = 0; time < map.times; ++time)
                for (int unit = 0; unit < map.units; ++unit)
                    map.values[static_cast<std::size_t>(unit) * map.times + time] = part.values(time, unit);
        }
        // Positions that the attention has beyond the sentence were not read by the encoder.
        for (int time = 0; time < map.times; ++time)
            map.timeLabels << axisText(trace.source[static_cast<std::size_t>(time)]);
        return map;
    }
    map.times = static_cast<int>(path.size());
    for (int index : path)
        if (const NamedVector* part = findPart(trace.steps[static_cast<std::size_t>(index)], choice))
            map.units = std::max(map.units, static_cast<int>(part->values.size()));
    map.values.assign(static_cast<std::size_t>(map.units) * map.times,
                      std::numeric_limits<float>::quiet_NaN());
    for (int time = 0; time < map.times; ++time) {
        const StepTrace& step = trace.steps[static_cast<std::size_t>(path[static_cast<std::size_t>(time)])];
        map.timeLabels << axisText(step);
        if (const NamedVector* part = findPart(step, choice))
            for (std::size_t unit = 0; unit < part->values.size(); ++unit)
                map.values[unit * map.times + time] = part->values[unit];
    }
    return map;
}

std::vector<double> StateMap::curve(int unit) const {
    std::vector<double> curve;
    if (unit < 0 || unit >= units) return curve;
    for (int time = 0; time < times; ++time) curve.push_back(value(unit, time));
    return curve;
}

} // namespace attn::ui
