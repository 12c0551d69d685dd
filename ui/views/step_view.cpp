// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/step_view.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/present/alignment.h"
#include "ui/present/numbers.h"
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
    : TraceView(selection, parent), m_pair(new QLabel), m_where(new QLabel), m_target(new TokenChips) {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(8, 4, 8, 8);
    column->setSpacing(8);
    // A long target shows the lines about the current step, so that the cards stay in sight.
    m_target->setMostLines(2);
    m_where->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {m_pair, m_where}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    auto* pair = new QVBoxLayout;
    pair->setSpacing(0);
    pair->addWidget(m_pair);
    pair->addWidget(m_where);
    column->addWidget(m_target);
    column->addLayout(pair);
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        m_cards[i] = new StepCardWidget;
        column->addWidget(m_cards[i]);
    }
    column->addStretch(1);
    setContent(new UprightScroll(inside));
    m_target->setAccessibleName(tr("Target words"));
    connect(m_target, &TokenChips::chipHovered, this, [this](int step) {
        Pointing at;
        at.step = step;
        this->selection().hover(at);
    });
    connect(m_target, &TokenChips::chipClicked, this, [this](int step) {
        if (step >= 0) this->selection().setStep(step);
    });
}

QString StepView::dumpNotice() const {
    return tr(
        "A file of attention holds words and weights alone. How a weight came about, from the score to the "
        "context, is known where a model runs: open one to see its formulas with their numbers.");
}

QString StepView::caption() const {
    const StepTrace* step = stepAt(m_step);
    if (!step) return {};
    if (trace()->attention.maps() == 0)
        return tr("%1 · step %2, “%3”")
            .arg(QString::fromStdString(trace()->modelName))
            .arg(m_step + 1)
            .arg(axisText(*step));
    return tr("%1 · step %2, “%3” · head %4")
        .arg(QString::fromStdString(trace()->modelName))
        .arg(m_step + 1)
        .arg(axisText(*step))
        .arg(m_head + 1);
}

void StepView::traceChanged() {
    std::vector<TokenChip> chips;
    if (trace())
        for (int t = 0; t < static_cast<int>(path().size()); ++t) {
            const StepTrace& step = *stepAt(t);
            chips.push_back(
                {axisText(step), !step.known, false, step.forced ? tr("given, not chosen") : QString()});
        }
    m_target->setTokens(std::move(chips));
    m_target->setVisible(!m_target->tokens().empty());
    m_step = m_source = -1;
}

const HeadTrace* StepView::shownHead() const {
    const StepTrace* step = stepAt(m_step);
    return step && m_head < static_cast<int>(step->heads.size())
               ? &step->heads[static_cast<std::size_t>(m_head)]
               : nullptr;
}

void StepView::selectionChanged(Selection::Aspects) {
    const Pointing at = selection().effective();
    m_target->setCurrent(selection().currentStep());
    m_target->setHovered(selection().hovered().step);
    for (StepCardWidget* card : m_cards) card->setPointed(at.stage && *at.stage == card->card().stage);
    const int head = std::max(at.head, 0);
    const StepTrace* step = stepAt(at.step);
    const int source = step && head < static_cast<int>(step->heads.size())
                           ? explainedSource(step->heads[static_cast<std::size_t>(head)], at.source)
                           : -1;
    if (at.step == m_step && source == m_source && head == m_head) return;
    m_step = at.step;
    m_source = source;
    m_head = head;
    const std::vector<StepCard> cards = stepCards(*trace(), path(), m_step, source, head);
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setVisible(std::any_of(cards.begin(), cards.end(), [i](const StepCard& card) {
            return card.stage == static_cast<Stage>(i);
        }));
    if (cards.empty()) {
        m_pair->setText(tr("No step was decoded"));
        m_where->clear();
        return;
    }
    m_pair->setFont(headingFont());
    QStringList where{tr("step %1 of %2").arg(m_step + 1).arg(path().size())};
    if (source < 0) {
        m_pair->setText(tr("“%1”").arg(axisText(*step)));
    } else {
        const QString word = axisText(trace()->source[static_cast<std::size_t>(source)]);
        m_pair->setText(tr("“%1” ← “%2”").arg(axisText(*step), word));
        where << (at.source == source ? tr("position %1") : tr("position %1, largest")).arg(source);
    }
    if (trace()->attention.maps() > 1)
        where << tr("head %1 of %2").arg(head + 1).arg(trace()->attention.maps());
    m_where->setText(where.join(QStringLiteral(" · ")));
    for (const StepCard& card : cards) m_cards[static_cast<std::size_t>(card.stage)]->setCard(card);
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
    const HeadTrace* head = shownHead();
    if (!head) return table;
    table.caption = caption();
    for (const SourceToken& token : trace()->source) table.columns << axisText(token);
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
