// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QComboBox;
class QToolButton;
class QAction;

namespace attn::ui {

/// Which model is asked: the bundled ones, those that were opened, and a way to open more.
class ModelPanel : public QWidget {
    Q_OBJECT
public:
    explicit ModelPanel(QAction* open, QWidget* parent = nullptr);

    /// One choice: what is shown, what it stands for, and more for its tooltip.
    struct Entry {
        QString text;
        QString place; ///< bundled name or path
        QString note;
        bool operator==(const Entry&) const = default;
    };
    /// `current` is an index or -1. Emits nothing.
    void setEntries(const std::vector<Entry>& entries, int current);
    QComboBox* box() const { return m_box; }

signals:
    void modelChosen(const QString& place);

private:
    QComboBox* m_box;
    QToolButton* m_open;
    std::vector<Entry> m_entries;
};

} // namespace attn::ui
