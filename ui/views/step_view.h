// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "ui/present/step_cards.h"
#include "ui/views/trace_view.h"

class QLabel;

namespace attn::ui {

class StepCardWidget;
class TokenChips;

/// How one weight came about: the tokens decoded so far, and a card for each stage at the effective query,
/// key and head of the main map's site.
class StepView : public TraceView {
    Q_OBJECT
public:
    explicit StepView(Selection* selection, QWidget* parent = nullptr);

    QString reasonForNothing(const Trace& trace) const override;
    QString caption() const override;
    /// The scores, weights and factors of every key position for this query.
    NumberTable numbers() const override;
    QString textAt(const QPoint& position) const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;

    StepCardWidget* card(Stage stage) const { return m_cards[static_cast<std::size_t>(stage)]; }
    TokenChips* target() const { return m_target; }
    /// The query (a step, where the site's queries are decoded) and the key that the cards explain; -1 if
    /// none.
    int shownQuery() const { return m_query; }
    int shownKey() const { return m_key; }

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;

private:
    const HeadTrace* headAt(int site, int query, int head) const;
    bool queriesAreSteps() const;
    /// The label of the query that is shown.
    QString queryText() const;
    void describe(const std::vector<StepCard>& cards, bool keyChosen);

    QLabel* m_pair;
    QLabel* m_where;
    QLabel* m_remark; ///< in the place of cards that the trace has no numbers for
    TokenChips* m_target;
    std::array<StepCardWidget*, 6> m_cards;
    int m_site = -1;
    int m_query = -1;
    int m_key = -1;
    int m_head = 0;
};

} // namespace attn::ui
