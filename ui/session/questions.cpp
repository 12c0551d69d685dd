// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/questions.h"

#include <QUndoCommand>

namespace attn::ui {

/// Swaps all columns. Typing in one column merges, and vanishes when it returns to where it began.
class QuestionSwap : public QUndoCommand {
public:
    QuestionSwap(Questions& questions, Questions::Columns after, int column, int typing, const QString& text)
        : QUndoCommand(text),
          m_questions(questions),
          m_before(questions.columns()),
          m_after(std::move(after)),
          m_column(column),
          m_typing(typing) {}

    void undo() override { m_questions.swap(m_before); }
    void redo() override { m_questions.swap(m_after); }
    int id() const override { return m_typing; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* newer = static_cast<const QuestionSwap*>(other);
        if (newer->text() != text() || newer->m_column != m_column) return false;
        m_after = newer->m_after;
        setObsolete(m_before == m_after);
        return true;
    }

private:
    Questions& m_questions;
    Questions::Columns m_before, m_after;
    int m_column;
    int m_typing; ///< entries of the same number merge; -1: never
};

Questions::Questions(QObject* parent) : QObject(parent), m_columns(1) {}

void Questions::ask(int column, const Question& question, Edit edit, const QString& text) {
    Columns after = m_columns;
    after.at(static_cast<std::size_t>(column)) = question;
    push(std::move(after), column, edit, text);
}

void Questions::replace(int column, const Question& question) {
    Columns after = m_columns;
    after.at(static_cast<std::size_t>(column)) = question;
    swap(after);
}

void Questions::addColumn(const Question& question, const QString& text) {
    Columns after = m_columns;
    after.push_back(question);
    push(std::move(after), -1, Edit::Choice, text);
}

void Questions::removeColumn(int column, const QString& text) {
    if (count() < 2) return;
    Columns after = m_columns;
    after.erase(after.begin() + column);
    push(std::move(after), -1, Edit::Choice, text);
}

void Questions::push(Columns after, int column, Edit edit, const QString& text) {
    if (after == m_columns) return;
    m_edit = edit;
    m_undo.push(
        new QuestionSwap(*this, std::move(after), column, edit == Edit::Typing ? m_typing : -1, text));
    m_edit = Edit::Choice;
}

void Questions::swap(const Columns& columns) {
    if (columns == m_columns) return;
    const Columns before = std::exchange(m_columns, columns);
    emit changed(before, m_edit);
}

} // namespace attn::ui
