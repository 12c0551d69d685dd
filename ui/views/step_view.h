// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "ui/present/step_cards.h"
#include "ui/views/trace_view.h"

class QLabel;

namespace attn::ui {

class StepCardWidget;
class TokenChips;

/// How one weight came about: the target so far, and a card for each stage at the effective step, source
/// position and head.
class StepView : public TraceView {
    Q_OBJECT
public:
    explicit StepView(Selection* selection, QWidget* parent = nullptr);

    QString dumpNotice() const override;
    QString caption() const override;
    /// The scores, weights and factors of every source position at this step.
    NumberTable numbers() const override;
    QString textAt(const QPoint& position) const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;

    StepCardWidget* card(Stage stage) const { return m_cards[static_cast<std::size_t>(stage)]; }
    TokenChips* target() const { return m_target; }
    /// The step and source position that the cards explain now; -1 if none.
    int shownStep() const { return m_step; }
    int shownSource() const { return m_source; }

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;

private:
    const HeadTrace* shownHead() const;

    QLabel* m_pair;
    QLabel* m_where;
    TokenChips* m_target;
    std::array<StepCardWidget*, 6> m_cards;
    int m_step = -1;
    int m_source = -1;
    int m_head = 0;
};

} // namespace attn::ui
