// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/step_view.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/present/axis_text.h"
#include "ui/present/hypotheses.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/views/step_card_widget.h"
#include "ui/widgets/formula.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_chips.h"

namespace attn::ui {

namespace {
/// Scrolls upright only, and is never narrower than what it holds.
class UprightScroll : public QScrollArea {
public:
    explicit UprightScroll(QWidget* inside) {
        setWidget(inside);
        setWidgetResizable(true);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
    QSize minimumSizeHint() const override {
        return {widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(), scaled(120)};
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == widget() && event->type() == QEvent::LayoutRequest) updateGeometry();
        return QScrollArea::eventFilter(watched, event);
    }
};
} // namespace

StepView::StepView(Selection* selection, QWidget* parent)
    : TraceView(selection, parent),
      m_pair(new QLabel),
      m_where(new QLabel),
      m_remark(new QLabel),
      m_target(new TokenChips) {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(8, 4, 8, 8);
    column->setSpacing(8);
    // A long target shows the lines about the current step, so that the cards stay in sight.
    m_target->setMostLines(2);
    m_where->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {m_pair, m_where, m_remark}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    auto* pair = new QVBoxLayout;
    pair->setSpacing(0);
    pair->addWidget(m_pair);
    pair->addWidget(m_where);
    column->addWidget(m_target);
    column->addLayout(pair);
    column->addWidget(m_remark);
    m_remark->hide();
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        m_cards[i] = new StepCardWidget;
        column->addWidget(m_cards[i]);
    }
    column->addStretch(1);
    setContent(new UprightScroll(inside));
    m_target->setAccessibleName(tr("Target words"));
    connect(m_target, &TokenChips::chipHovered, this, [this](int step) {
        Pointing at;
        at.at.set(this->selection().stepAxis(), step);
        this->selection().hover(at);
    });
    connect(m_target, &TokenChips::chipClicked, this, [this](int step) {
        if (step >= 0) this->selection().setStep(step);
    });
}

QString StepView::reasonForNothing(const Trace& trace) const {
    if (trace.steps.empty() && trace.rows.empty()) return {};
    if (trace.sites.empty()) {
        const bool context = std::any_of(trace.passes.begin(), trace.passes.end(), [](const Pass& pass) {
            return !pass.vector(StepVector::Context).empty();
        });
        return context ? QString() : noAttentionText(trace);
    }
    const bool ruled = std::any_of(trace.sites.begin(), trace.sites.end(),
                                   [](const Site& site) { return site.rule.has_value(); });
    return ruled ? QString()
                 : tr("This file holds weights only: how they came about, from the score to the context, was "
                      "not recorded. Open the model that wrote it to see its formulas with their numbers.");
}

QString StepView::caption() const {
    if (!trace() || m_query < 0) return {};
    QStringList parts{pathTitle(*trace(), path())};
    if (trace()->sites.size() > 1) parts << siteText(*trace(), m_site);
    parts << (queriesAreSteps() ? tr("step %1, “%2”") : tr("position %1, “%2”"))
                 .arg(queriesAreSteps() ? m_query + 1 : m_query)
                 .arg(queryText());
    if (m_site >= 0) parts << tr("head %1").arg(m_head + 1);
    return parts.join(QStringLiteral(" · "));
}

void StepView::traceChanged() {
    std::vector<TokenChip> chips;
    if (trace())
        for (int t = 0; t < static_cast<int>(path().size()); ++t) {
            const StepTrace& step = *stepAt(t);
            chips.push_back({axisText(step), step.role == TokenRole::Unknown, false,
                             step.forced ? tr("given, not chosen") : QString()});
        }
    m_target->setTokens(std::move(chips));
    m_target->setVisible(!m_target->tokens().empty());
    m_site = m_query = m_key = -1;
    m_pair->clear();
}

const HeadTrace* StepView::headAt(int site, int query, int head) const {
    if (!trace() || site < 0 || query < 0) return nullptr;
    const Row* row = trace()->row(site, query, path());
    return row && head < static_cast<int>(row->heads.size()) ? &row->heads[static_cast<std::size_t>(head)]
                                                             : nullptr;
}

bool StepView::queriesAreSteps() const {
    return m_site < 0 || bounds().sites[static_cast<std::size_t>(m_site)].queryAxis == bounds().stepAxis;
}

QString StepView::queryText() const {
    const int axis =
        m_site < 0 ? bounds().stepAxis : trace()->sites[static_cast<std::size_t>(m_site)].queryAxis;
    return axisText(trace()->position(axis, m_query, path()));
}

void StepView::selectionChanged(Selection::Aspects) {
    const Pointing at = selection().effective();
    m_target->setCurrent(selection().currentStep());
    m_target->setHovered(selection().hovered().at[bounds().stepAxis]);
    for (StepCardWidget* card : m_cards) card->setPointed(at.stage && *at.stage == card->card().stage);
    // The site is one of this trace, also while the selection still has the bounds of the one before.
    const int hoveredSite = selection().hovered().site;
    const bool elsewhere = hoveredSite >= 0 && hoveredSite < static_cast<int>(bounds().sites.size());
    const int site = elsewhere ? hoveredSite : shownSite();
    const auto place =
        site < 0 ? PointingBounds::SiteBounds() : bounds().sites[static_cast<std::size_t>(site)];
    const int queryAxis = site < 0 ? bounds().stepAxis : place.queryAxis;
    // Of queries that are no steps the first is explained until one is pointed at.
    const int query =
        std::min(queryAxis == bounds().stepAxis ? at.at[queryAxis] : std::max(at.at[queryAxis], 0),
                 bounds().length(queryAxis) - 1);
    const int head = std::max(at.head, 0);
    const HeadTrace* recorded = headAt(site, query, head);
    const int key = recorded ? explainedKey(*recorded, at.at[place.keyAxis]) : -1;
    if (site == m_site && query == m_query && key == m_key && head == m_head && !m_pair->text().isEmpty())
        return;
    m_site = site;
    m_query = query;
    m_key = key;
    m_head = head;
    const std::vector<StepCard> cards = site < 0 ? stepCardsWithoutAttention(*trace(), path(), query)
                                                 : stepCards(*trace(), site, path(), query, key, head);
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setVisible(std::any_of(cards.begin(), cards.end(), [i](const StepCard& card) {
            return card.stage == static_cast<Stage>(i);
        }));
    describe(cards, key >= 0 && at.at[place.keyAxis] == key);
    for (const StepCard& card : cards) m_cards[static_cast<std::size_t>(card.stage)]->setCard(card);
}

void StepView::describe(const std::vector<StepCard>& cards, bool keyChosen) {
    m_remark->hide();
    if (m_query < 0) {
        m_pair->setText(tr("No step was decoded"));
        m_where->clear();
        return;
    }
    m_pair->setFont(headingFont());
    const int count = m_site < 0
                          ? bounds().steps()
                          : bounds().length(bounds().sites[static_cast<std::size_t>(m_site)].queryAxis);
    QStringList where{queriesAreSteps() ? tr("step %1 of %2").arg(m_query + 1).arg(count)
                                        : tr("position %1").arg(m_query)};
    if (m_key < 0) {
        m_pair->setText(tr("“%1”").arg(queryText()));
    } else {
        const int axis = trace()->sites[static_cast<std::size_t>(m_site)].keyAxis;
        m_pair->setText(tr("“%1” ← “%2”").arg(queryText(), axisText(trace()->position(axis, m_key, path()))));
        where << (keyChosen ? tr("position %1") : tr("position %1, largest")).arg(m_key);
    }
    if (m_site >= 0) {
        const int heads = trace()->sites[static_cast<std::size_t>(m_site)].heads;
        if (heads > 1) where << tr("head %1 of %2").arg(m_head + 1).arg(heads);
    }
    m_where->setText(where.join(QStringLiteral(" · ")));
    if (!cards.empty()) return;
    m_remark->setText(
        m_key < 0
            ? tr("Nothing was recorded here.")
            : tr("These weights are taken from another map, so there is nothing to compute. Choose that one "
                 "above the main map to see how they came about."));
    m_remark->show();
}

QString StepView::textAt(const QPoint& position) const {
    const QString text = TraceView::textAt(position);
    if (!text.isEmpty()) return text;
    for (const StepCardWidget* card : m_cards)
        if (card->isVisible() && card->rect().contains(card->mapFrom(this, position)))
            return card->card().title + QStringLiteral(": ") +
                   (card->card().trivial ? card->card().remark : card->resultText());
    return {};
}

NumberTable StepView::numbers() const {
    NumberTable table;
    const HeadTrace* head = headAt(m_site, m_query, m_head);
    if (!head) return table;
    table.caption = caption();
    table.columns = axisLabels(*trace(), trace()->sites[static_cast<std::size_t>(m_site)].keyAxis, path());
    table.columns = table.columns.mid(0, static_cast<qsizetype>(head->weights.size()));
    const auto add = [&](const QString& name, const auto& values) {
        if (values.empty()) return;
        table.rows << name;
        table.values.emplace_back(values.begin(), values.end());
    };
    add(tr("allowed"), head->allowed);
    add(tr("score"), head->scores);
    add(tr("normalised"), head->normalised);
    add(tr("gaussian"), head->gaussian);
    add(tr("relevance"), head->relevance);
    add(tr("factor"), head->factor);
    add(tr("chosen"), head->monotonic);
    add(tr("coverage"), head->coverage);
    add(tr("weight"), head->weights);
    return table;
}

void StepView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    painter.setPen(theme.text);
    painter.setFont(headingFont());
    double y = 4;
    painter.drawText(QRectF(0, y, size.width(), 24), Qt::AlignLeft | Qt::AlignVCenter,
                     m_pair->text() + QStringLiteral(" · ") + m_where->text());
    y += 32;
    constexpr double em = 15;
    for (const StepCardWidget* widget : m_cards) {
        if (widget->isHidden()) continue;
        const StepCard& card = widget->card();
        painter.setFont(uiFont());
        painter.setPen(theme.text);
        painter.drawText(QRectF(0, y, size.width(), 20), Qt::AlignLeft | Qt::AlignVCenter,
                         card.title + QStringLiteral("   ") + (card.trivial ? card.remark : card.result));
        y += 24;
        for (const FormulaText& formula : card.formulas) {
            paintFormula(painter, formula.name, {16, y}, em, theme.text, {}, theme.text, numbersFont());
            y += formulaSize(formula.name, em).height() + 6;
            if (formula.numbersName.isEmpty()) continue;
            paintFormula(painter, formula.numbersName, {16, y}, em, theme.text, formula.numbers, theme.text,
                         numbersFont());
            y += formulaSize(formula.numbersName, em).height() + 8;
        }
    }
}

} // namespace attn::ui
