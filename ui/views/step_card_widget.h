// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ui/present/step_cards.h"

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace attn::ui {

class CellMap;
class FormulaView;

/// One stage: a heading that folds, the formula in symbols, and the same formula with a step's numbers.
class StepCardWidget : public QWidget {
    Q_OBJECT
public:
    explicit StepCardWidget(QWidget* parent = nullptr);

    void setCard(const StepCard& card);
    const StepCard& card() const { return m_card; }
    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// Says that this stage is the one pointed at.
    void setPointed(bool pointed);
    QString resultText() const;

signals:
    void foldChanged(bool folded);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void fitTitle();

    StepCard m_card;
    bool m_folded = false;
    QToolButton* m_title;
    QLabel* m_result;
    QLabel* m_quiet; ///< a trivial stage's only line
    QWidget* m_body;
    QVBoxLayout* m_formulas;
    std::vector<FormulaView*> m_symbols;
    std::vector<FormulaView*> m_numbers;
    QLabel* m_remark;
    QLabel* m_termsTitle;
    CellMap* m_terms;
    QLabel* m_stripTitle;
    CellMap* m_strip;
};

} // namespace attn::ui
