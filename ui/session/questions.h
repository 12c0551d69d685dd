// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QUndoStack>
#include <vector>

#include "core/run/recipe.h"

namespace attn::ui {

/// What one column asks: a model, by its id among the open ones, and a recipe.
struct Question {
    int model = -1; ///< OpenModel::id; -1: none yet
    Recipe recipe;

    bool operator==(const Question&) const = default;
};

/// How a change enters the undo stack and when it runs.
enum class Edit {
    Typing, ///< merges with the typing before; runs at once if runs are fast, else after a rest
    Choice, ///< an entry of its own; runs at once
};

/// What is asked: a list of columns, one value, and the only thing that undo touches. Undo swaps the whole
/// value, so an entry never depends on what happened in another column.
class Questions : public QObject {
    Q_OBJECT
public:
    using Columns = std::vector<Question>;

    /// One column without a model.
    explicit Questions(QObject* parent = nullptr);

    const Columns& columns() const { return m_columns; }
    const Question& at(int column) const { return m_columns.at(static_cast<std::size_t>(column)); }
    int count() const { return static_cast<int>(m_columns.size()); }

    /// Changes one column, as an entry of the undo stack that `text` names.
    void ask(int column, const Question& question, Edit edit, const QString& text);
    /// Changes one column without an entry: there is nothing to go back to.
    void replace(int column, const Question& question);
    /// Adds a column behind the others, or takes one away; the last one stays.
    void addColumn(const Question& question, const QString& text);
    void removeColumn(int column, const QString& text);
    /// Typing from here on is an entry of its own.
    void endTyping() { ++m_typing; }

    QUndoStack* undoStack() { return &m_undo; }

signals:
    void changed(const std::vector<attn::ui::Question>& before, attn::ui::Edit edit);

private:
    friend class QuestionSwap;
    void push(Columns after, int column, Edit edit, const QString& text);
    void swap(const Columns& columns);

    Columns m_columns;
    QUndoStack m_undo;
    Edit m_edit = Edit::Choice; ///< of the change that is under way
    int m_typing = 0;           ///< typing with the same number merges
};

} // namespace attn::ui
