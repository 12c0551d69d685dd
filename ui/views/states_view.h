// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "ui/present/states.h"
#include "ui/views/trace_view.h"

class QComboBox;
class QLabel;

namespace attn::ui {

class CellMap;
class CurvePlot;

/// Units by position of one side, with the choice of cell and part. One side are the states that were read at
/// once, along whichever axis; the other those of the decoder, step by step.
class StateStrip : public QWidget {
    Q_OBJECT
public:
    StateStrip(bool decoder, Selection* selection, QWidget* parent = nullptr);

    /// Hides itself if the trace has no states of this side.
    void setTrace(const Trace& trace, const std::vector<int>& path);
    void showSelection(int unit);
    bool isEmpty() const { return m_choices.empty(); }
    bool isDecoder() const { return m_decoder; }
    const StateMap& shown() const { return m_states; }
    QString caption() const;
    CellMap* map() const { return m_map; }

    /// Which cell and which of its parts; the cell is an index among this side's, -1 if there is none.
    struct Shown {
        int cell = -1;
        StatePart part = StatePart::Hidden;
    };
    Shown choiceShown() const;
    /// Applied when there is a trace; what the trace lacks is not shown.
    void setChoice(const Shown& shown) { m_wanted = shown; }

signals:
    void unitHovered(int unit);
    void unitClicked(int unit);
    void choiceMade();

private:
    void fillParts();
    const StateChoice* choice() const;

    bool m_decoder;
    Selection* m_selection;
    std::vector<StateChoice> m_choices;
    Shown m_wanted; ///< before the first trace
    StateMap m_states;
    QComboBox* m_cell;
    QComboBox* m_part;
    CellMap* m_map;
};

/// Hidden states, cell states and gates, of what was read at once and of the decoder, and one unit's curve.
class StatesView : public TraceView {
    Q_OBJECT
public:
    explicit StatesView(Selection* selection, QWidget* parent = nullptr);

    QString reasonForNothing(const Trace& trace) const override;
    QString caption() const override;
    /// The numbers of the side pointed at last.
    NumberTable numbers() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;

    /// Whether the unit that is pointed at is one of the decoder.
    bool showsDecoderUnit() const { return m_decoder; }
    void setShowsDecoderUnit(bool decoder) { m_decoder = decoder; }
    StateStrip* strip(bool decoder) const { return m_strips[decoder ? 1 : 0]; }
    CurvePlot* curve() const { return m_curve; }

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;

private:
    void showCurve();
    /// The side that the unit pointed at belongs to, if the trace has it; else the other one.
    bool shownSide() const;

    std::array<StateStrip*, 2> m_strips;
    CurvePlot* m_curve;
    QLabel* m_curveTitle;
    bool m_decoder = true; ///< which side the unit belongs to
    int m_shownUnit = -1;
};

} // namespace attn::ui
