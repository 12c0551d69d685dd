// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/states_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <limits>

#include "ui/present/hypotheses.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/curve_plot.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

StateStrip::StateStrip(bool decoder, Selection* selection, QWidget* parent)
    : QWidget(parent),
      m_decoder(decoder),
      m_selection(selection),
      m_cell(new QComboBox),
      m_part(new QComboBox),
      m_map(new CellMap) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* header = new QHBoxLayout;
    header->setSpacing(4);
    header->addWidget(m_cell);
    header->addWidget(m_part);
    column->addLayout(header);
    column->addWidget(m_map, 1);
    const QString side = decoder ? tr("Decoder") : tr("Encoder");
    for (QComboBox* box : {m_cell, m_part}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setSizePolicy(box == m_part ? QSizePolicy::Minimum : QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    m_cell->setMinimumWidth(scaled(72)); // the longer one of the two gives way
    m_cell->setToolTip(tr("Which layer and direction is shown"));
    m_cell->setAccessibleName(tr("%1: layer").arg(side));
    m_part->setToolTip(tr("Hidden state, cell state or a gate"));
    m_part->setAccessibleName(tr("%1: part").arg(side));
    m_map->setAccessibleName(tr("%1: units by time").arg(side));
    m_map->setFit(CellFit::Stretch);
    m_map->setColours(MapName::Diverging, Scale::Linear);
    m_map->setRange(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN());
    m_map->setToolTipText([this](int unit, int time) {
        if (unit < 0 || time < 0) return m_states.timeLabels.value(time);
        return tr("unit %1 at “%2”: %3")
            .arg(unit)
            .arg(m_states.timeLabels.value(time), number(m_states.value(unit, time), 3));
    });
    m_map->setToolTipHint(tr("Click to see the unit's curve"));
    connect(m_map, &CellMap::cellHovered, this, [this](int unit, int time) {
        Pointing at;
        at.at.set(m_states.axis, time);
        at.unit = unit;
        emit unitHovered(unit);
        m_selection->hover(at);
    });
    connect(m_map, &CellMap::cellClicked, this, [this](int unit, int) { emit unitClicked(unit); });
    connect(m_map, &CellMap::cellActivated, this, [this](int unit, int) { emit unitClicked(unit); });
    connect(m_cell, &QComboBox::activated, this, [this] {
        fillParts();
        emit choiceMade();
    });
    connect(m_part, &QComboBox::activated, this, &StateStrip::choiceMade);
}

void StateStrip::setTrace(const Trace& trace, const std::vector<int>& path) {
    std::vector<StateChoice> choices;
    for (StateChoice& choice : stateChoices(trace))
        if (choice.decoder == m_decoder) choices.push_back(std::move(choice));
    if (choices != m_choices) {
        m_choices = std::move(choices);
        m_cell->clear();
        for (const StateChoice& choice : m_choices)
            if (m_cell->findData(choice.cell) < 0) m_cell->addItem(choice.cellName, choice.cell);
        m_cell->setCurrentIndex(std::max(0, m_cell->findData(m_wanted.cell)));
        fillParts();
        if (const int part = m_part->findData(int(m_wanted.part)); part >= 0) m_part->setCurrentIndex(part);
        m_wanted = {};
    }
    setVisible(!isEmpty());
    const StateChoice* chosen = choice();
    m_states = chosen ? stateMap(trace, path, *chosen) : StateMap();
    if (m_states.units == 0 || m_states.times == 0) return m_map->clear();
    m_map->setData(m_states.units, m_states.times, m_states.values);
    m_map->setColumnLabels(m_states.timeLabels);
    m_map->setCaption(caption());
}

StateStrip::Shown StateStrip::choiceShown() const {
    if (m_cell->count() == 0) return m_wanted;
    return {m_cell->currentData().toInt(), static_cast<StatePart>(m_part->currentData().toInt())};
}

void StateStrip::fillParts() {
    const QVariant before = m_part->currentData();
    m_part->clear();
    for (const StateChoice& choice : m_choices)
        if (choice.cell == m_cell->currentData().toInt())
            m_part->addItem(partText(choice.part), int(choice.part));
    m_part->setCurrentIndex(std::max(0, m_part->findData(before)));
}

const StateChoice* StateStrip::choice() const {
    for (const StateChoice& choice : m_choices)
        if (choice.cell == m_cell->currentData().toInt() && int(choice.part) == m_part->currentData().toInt())
            return &choice;
    return nullptr;
}

QString StateStrip::caption() const {
    const StateChoice* chosen = choice();
    return chosen ? chosen->cellName + QStringLiteral(" · ") + partText(chosen->part) : QString();
}

void StateStrip::showSelection(int unit) {
    const Pointing& hovered = m_selection->hovered();
    const Pointing& pinned = m_selection->pinned();
    // A token that is read stands for the state of the step that read it.
    int time = hovered.at[m_states.axis];
    if (time < 0 && m_decoder) time = hovered.at[m_selection->bounds().readAxis];
    m_map->setHoveredCell(time >= 0 && unit == hovered.unit ? unit : -1, time);
    m_map->setPinnedCell(unit >= 0 && unit == pinned.unit ? unit : -1,
                         m_decoder ? -1 : pinned.at[m_states.axis]);
    m_map->setCurrentColumn(m_decoder ? m_selection->currentStep() : -1);
}

StatesView::StatesView(Selection* selection, QWidget* parent)
    : TraceView(selection, parent), m_curve(new CurvePlot), m_curveTitle(new QLabel) {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(4, 4, 4, 8);
    column->setSpacing(8);
    for (int side = 0; side < 2; ++side) {
        auto* strip = m_strips[static_cast<std::size_t>(side)] = new StateStrip(side == 1, selection);
        column->addWidget(strip, 1);
        connect(strip, &StateStrip::unitHovered, this, [this, side](int unit) {
            if (unit >= 0) m_decoder = side == 1;
        });
        connect(strip, &StateStrip::unitClicked, this, [this, side](int unit) {
            m_decoder = side == 1;
            this->selection().togglePinnedUnit(unit);
            showCurve();
        });
        connect(strip, &StateStrip::choiceMade, this, [this] {
            traceChanged();
            selectionChanged(Selection::Pointed);
        });
    }
    m_curveTitle->hide();
    m_curve->setAccessibleName(tr("Curve of one unit"));
    column->addWidget(m_curveTitle);
    column->addWidget(m_curve);
    m_curve->hide();
    setContent(content);
    connect(m_curve, &CurvePlot::stepHovered, this, [this](int position) {
        Pointing at;
        at.at.set(strip(shownSide())->shown().axis, position);
        this->selection().hover(at);
    });
    connect(m_curve, &CurvePlot::stepClicked, this, [this](int step) {
        if (shownSide()) this->selection().setStep(step);
    });
}

QString StatesView::reasonForNothing(const Trace& trace) const {
    const bool any = !stateChoices(trace).empty();
    if (any || (trace.steps.empty() && trace.rows.empty())) return {};
    if (holdsWeightsOnly(trace))
        return tr(
            "This file holds weights only: no hidden states were recorded. Open the model that wrote it to "
            "see them.");
    return tr("This model has no recurrent layers, so there are no hidden states.");
}

bool StatesView::shownSide() const {
    return strip(m_decoder)->isEmpty() ? !m_decoder : m_decoder;
}

QString StatesView::caption() const {
    if (!trace()) return {};
    return pathTitle(*trace(), path()) + QStringLiteral(" · ") + strip(shownSide())->caption();
}

void StatesView::traceChanged() {
    if (!trace()) return;
    for (StateStrip* strip : m_strips) strip->setTrace(*trace(), path());
    m_shownUnit = -1;
    showCurve();
}

void StatesView::selectionChanged(Selection::Aspects) {
    const int unit = selection().effective().unit;
    for (StateStrip* strip : m_strips) strip->showSelection(strip->isDecoder() == shownSide() ? unit : -1);
    showCurve();
    const int axis = strip(shownSide())->shown().axis;
    const int hovered = selection().hovered().at[axis];
    m_curve->setCursor(shownSide() ? selection().currentStep() : selection().pinned().at[axis], hovered);
}

void StatesView::showCurve() {
    // The maps keep the room until a unit is chosen; then its curve follows the pointer from unit to unit.
    const bool shown = selection().pinned().unit >= 0;
    m_curve->setVisible(shown);
    m_curveTitle->setVisible(shown);
    m_curve->setFixedHeight(scaled(120));
    const int unit = shown ? selection().effective().unit : -1;
    const int key = unit < 0 ? -1 : 2 * unit + shownSide();
    if (key == m_shownUnit && key >= 0) return;
    m_shownUnit = key;
    const StateMap& states = strip(shownSide())->shown();
    if (unit < 0 || unit >= states.units) {
        m_curve->setCurves({});
        m_curveTitle->clear();
        return;
    }
    m_curveTitle->setText(tr("Unit %1 · %2").arg(unit).arg(strip(shownSide())->caption()));
    m_curve->setCurves({{tr("unit %1").arg(unit), states.curve(unit), {}}});
    m_curve->setTickLabels(states.timeLabels);
}

NumberTable StatesView::numbers() const {
    NumberTable table;
    if (!trace()) return table;
    const StateMap& states = strip(shownSide())->shown();
    table.caption = caption();
    table.columns = states.timeLabels;
    for (int unit = 0; unit < states.units; ++unit) {
        table.rows << tr("unit %1").arg(unit);
        table.values.push_back(states.curve(unit));
    }
    return table;
}

void StatesView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    strip(shownSide())->map()->paintFigure(painter, size, theme);
}

} // namespace attn::ui
