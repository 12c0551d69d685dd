// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_search.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include "ui/widgets/command.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

CommandSearch::CommandSearch(Commands commands, QWidget* parent)
    : QDialog(parent), m_commands(std::move(commands)), m_text(new QLineEdit), m_list(new QListWidget) {
    setWindowTitle(tr("Find a command"));
    auto* column = new QVBoxLayout(this);
    m_text->setPlaceholderText(tr("Type a part of its name"));
    m_text->setAccessibleName(tr("Command"));
    m_list->setAccessibleName(tr("Commands"));
    column->addWidget(m_text);
    column->addWidget(m_list);
    refill();
    connect(m_text, &QLineEdit::textChanged, this, &CommandSearch::refill);
    connect(m_text, &QLineEdit::returnPressed, this, &CommandSearch::choose);
    connect(m_list, &QListWidget::itemActivated, this, &CommandSearch::choose);
    resize(scaled(420), scaled(360));
}

void CommandSearch::refill() {
    m_list->clear();
    m_shown.clear();
    for (QAction* action : m_commands()) {
        const QString name = plainText(action);
        if (!action->isEnabled() || !name.contains(m_text->text(), Qt::CaseInsensitive)) continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        m_list->addItem(keys.isEmpty() ? name : tr("%1   (%2)").arg(name, keys));
        m_shown << action;
    }
    m_list->setCurrentRow(0);
}

void CommandSearch::choose() {
    m_chosen = m_shown.value(m_list->currentRow());
    accept();
}

} // namespace attn::ui
