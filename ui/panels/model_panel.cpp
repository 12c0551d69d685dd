// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/model_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QToolButton>

namespace attn::ui {

ModelPanel::ModelPanel(QAction* open, QWidget* parent)
    : QWidget(parent), m_box(new QComboBox), m_open(new QToolButton) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_box, 1);
    row->addWidget(m_open);
    m_box->setAccessibleName(tr("Model"));
    m_box->setPlaceholderText(tr("Choose a model"));
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_box->setMinimumContentsLength(16);
    m_open->setDefaultAction(open);
    m_open->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_open->setAutoRaise(true);
    connect(m_box, &QComboBox::activated, this,
            [this](int index) { emit modelChosen(m_box->itemData(index).toString()); });
}

void ModelPanel::setEntries(const std::vector<Entry>& entries, int current) {
    if (entries != m_entries) {
        m_entries = entries;
        m_box->clear();
        for (const Entry& entry : entries) {
            m_box->addItem(entry.text, entry.place);
            m_box->setItemData(m_box->count() - 1, entry.note, Qt::ToolTipRole);
        }
    }
    m_box->setCurrentIndex(current);
    m_box->setToolTip(current >= 0 ? entries[static_cast<std::size_t>(current)].note
                                   : tr("The model that is asked"));
}

} // namespace attn::ui
