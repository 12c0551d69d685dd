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

/// Units by time of one side, with the choice of layer, direction and part.
class StateStrip : public QWidget {
    Q_OBJECT
public:
    StateStrip(bool decoder, Selection* selection, QWidget* parent = nullptr);

    void setTrace(const Trace& trace, const std::vector<int>& path);
    void showSelection(int unit);
    bool isDecoder() const { return m_decoder; }
    const StateMap& shown() const { return m_states; }
    QString caption() const;
    CellMap* map() const { return m_map; }

    /// Which layer and which of its parts; the layer is an index among this side's, -1 if there is none.
    struct Shown {
        int layer = -1;
        QString part;
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
    QComboBox* m_layer;
    QComboBox* m_part;
    CellMap* m_map;
};

/// Hidden states, cell states and gates of the encoder and the decoder, and one unit's curve.
class StatesView : public TraceView {
    Q_OBJECT
public:
    explicit StatesView(Selection* selection, QWidget* parent = nullptr);

    QString dumpNotice() const override;
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

    std::array<StateStrip*, 2> m_strips;
    CurvePlot* m_curve;
    QLabel* m_curveTitle;
    bool m_decoder = true; ///< which side the unit belongs to
    int m_shownUnit = -1;
};

} // namespace attn::ui
