// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/step_card_widget.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>
#include <limits>

#include "ui/present/numbers.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/formula.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
constexpr float fromData = std::numeric_limits<float>::quiet_NaN();

CellMap* stripMap() {
    auto* map = new CellMap;
    map->setCompact(true);
    map->setFit(CellFit::Stretch);
    map->setColours(MapName::Diverging, Scale::Linear);
    map->setRange(fromData, fromData);
    map->setFixedHeight(scaled(16));
    return map;
}

QLabel* smallLabel() {
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}
} // namespace

StepCardWidget::StepCardWidget(QWidget* parent)
    : QWidget(parent),
      m_title(new QToolButton),
      m_result(new QLabel),
      m_quiet(new QLabel),
      m_body(new QWidget),
      m_formulas(new QVBoxLayout),
      m_remark(smallLabel()),
      m_termsTitle(smallLabel()),
      m_terms(stripMap()),
      m_stripTitle(smallLabel()),
      m_strip(stripMap()) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* header = new QHBoxLayout;
    header->setSpacing(8);
    m_title->setAutoRaise(true);
    m_title->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_quiet->setWordWrap(true);
    m_quiet->setContentsMargins(20, 0, 0, 0);
    header->addWidget(m_title);
    header->addWidget(m_quiet, 1);
    header->addStretch(0);
    header->addWidget(m_result);
    column->addLayout(header);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(20, 0, 4, 4);
    body->setSpacing(6);
    m_formulas->setSpacing(6);
    body->addLayout(m_formulas);
    body->addWidget(m_remark);
    body->addWidget(m_termsTitle);
    body->addWidget(m_terms);
    body->addWidget(m_stripTitle);
    body->addWidget(m_strip);
    column->addWidget(m_body);
    m_terms->setAccessibleName(tr("Terms of the score"));
    m_terms->setToolTipText([this](int, int place) {
        if (place < 0 || place >= static_cast<int>(m_card.terms.size())) return QString();
        const ScoreTerm& term = m_card.terms[static_cast<std::size_t>(place)];
        return tr("unit %1 adds %2").arg(term.unit).arg(number(term.value, 3));
    });
    m_strip->setToolTipText([this](int, int place) {
        if (place < 0 || place >= static_cast<int>(m_card.strip.size())) return QString();
        return tr("%1, unit %2: %3")
            .arg(m_card.stripName)
            .arg(place)
            .arg(number(m_card.strip[static_cast<std::size_t>(place)], 3));
    });
    connect(m_title, &QToolButton::clicked, this, [this] { setFolded(!m_folded); });
}

void StepCardWidget::setFolded(bool folded) {
    if (folded == m_folded) return;
    m_folded = folded;
    arrange();
    emit foldChanged(folded);
}

QString StepCardWidget::resultText() const {
    return m_result->text();
}

void StepCardWidget::setPointed(bool pointed) {
    m_title->setFont(pointed ? headingFont() : uiFont());
    fitTitle();
}

void StepCardWidget::setCard(const StepCard& card) {
    m_card = card;
    m_result->setFont(numbersFont());
    m_result->setText(card.result);
    fitTitle();
    m_remark->setText(card.remark);
    m_quiet->setText(tr("%1: %2").arg(card.title, card.remark));
    m_quiet->setForegroundRole(QPalette::PlaceholderText);
    while (m_symbols.size() < card.formulas.size()) {
        for (auto* views : {&m_symbols, &m_numbers}) {
            views->push_back(new FormulaView);
            m_formulas->addWidget(views->back());
        }
    }
    for (std::size_t i = 0; i < m_symbols.size(); ++i) {
        const FormulaText formula = i < card.formulas.size() ? card.formulas[i] : FormulaText();
        if (m_symbols[i]->formula() != formula.name) m_symbols[i]->setFormula(formula.name);
        if (m_numbers[i]->formula() != formula.numbersName) m_numbers[i]->setFormula(formula.numbersName);
        m_numbers[i]->setNumberFont(numbersFont());
        if (!formula.numbersName.isEmpty()) m_numbers[i]->setNumbers(formula.numbers);
        m_symbols[i]->setVisible(!formula.name.isEmpty());
        m_numbers[i]->setVisible(!formula.numbersName.isEmpty());
    }
    if (!card.terms.empty()) {
        std::vector<float> values;
        for (const ScoreTerm& term : card.terms) values.push_back(term.value);
        const ScoreTerm& first = card.terms.front();
        m_termsTitle->setText(tr("%1 terms, largest first: unit %2 adds %3 to the score")
                                  .arg(card.terms.size())
                                  .arg(first.unit)
                                  .arg(number(first.value, 3)));
        const int count = static_cast<int>(values.size());
        m_terms->setData(1, count, std::move(values));
    }
    if (!card.strip.empty()) {
        m_stripTitle->setText(tr("%1, %2 units").arg(card.stripName).arg(card.strip.size()));
        m_strip->setAccessibleName(card.stripName);
        m_strip->setData(1, static_cast<int>(card.strip.size()), card.strip);
    }
    arrange();
}

void StepCardWidget::fitTitle() {
    // At a projector's size a title may be cut: a button does not do so by itself, and would make the panel
    // as wide as its longest title.
    const bool whole = textScale() <= 1;
    const int room = whole ? QWIDGETSIZE_MAX : width() - m_result->sizeHint().width() - scaled(40);
    m_title->setText(
        m_title->fontMetrics().elidedText(m_card.title, Qt::ElideRight, std::max(room, scaled(60))));
    m_title->setMinimumWidth(whole ? 0 : scaled(60));
    m_title->setAccessibleName(m_card.title);
    m_title->setToolTip(m_card.title + QLatin1Char('\n') + tr("Folds or unfolds this stage"));
}

void StepCardWidget::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitTitle();
}

void StepCardWidget::arrange() {
    m_title->setVisible(!m_card.trivial);
    m_title->setArrowType(m_folded ? Qt::RightArrow : Qt::DownArrow);
    m_quiet->setVisible(m_card.trivial);
    m_result->setVisible(!m_card.trivial);
    m_body->setVisible(!m_card.trivial && !m_folded);
    m_remark->setVisible(!m_card.remark.isEmpty());
    m_termsTitle->setVisible(!m_card.terms.empty());
    m_terms->setVisible(!m_card.terms.empty());
    m_stripTitle->setVisible(!m_card.strip.empty());
    m_strip->setVisible(!m_card.strip.empty());
}

} // namespace attn::ui
