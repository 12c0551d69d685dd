// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "core/io/dump/dump.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace attn::ui {

class CellMap;

/// How to read a dump of attention: what the file determines, what the user states, and the first sentence as
/// it then stands. It can be accepted only where nothing is left open.
class DumpDialog : public QDialog {
    Q_OBJECT
public:
    DumpDialog(const QString& path, const DumpOptions& options, QWidget* parent = nullptr);

    /// What was read with the options as they stand; nullptr while they do not do.
    const DumpPtr& dump() const { return m_dump; }
    const DumpOptions& options() const { return m_options; }

    QComboBox* choice(DumpField field) const { return m_choices[static_cast<std::size_t>(field)]; }
    QLineEdit* source() const { return m_source; }
    QLineEdit* target() const { return m_target; }
    QLineEdit* gold() const { return m_gold; }
    QLabel* problem() const { return m_problem; }
    QLabel* statements() const { return m_statements; }
    CellMap* preview() const { return m_preview; }
    QPushButton* opening() const { return m_open; }

protected:
    void changeEvent(QEvent* event) override;

private:
    QComboBox* addChoice(QFormLayout* form, DumpField field, const QString& label, const QString& tip);
    QLineEdit* addFile(QFormLayout* form, const QString& label, const QString& tip, const std::string& path);
    void fill();
    /// Reads the file again with what is stated now.
    void refresh();
    void colourProblem();

    QString m_path;
    DumpOptions m_options;
    DumpPtr m_dump;
    std::array<QComboBox*, 5> m_choices{};
    QLineEdit* m_source = nullptr;
    QLineEdit* m_target = nullptr;
    QLineEdit* m_gold = nullptr;
    QLabel* m_statements;
    QLabel* m_problem;
    CellMap* m_preview;
    QPushButton* m_open = nullptr;
};

/// What a dump was taken to be, and what is amiss with it, a line each.
QString statementText(const Dump& dump);

} // namespace attn::ui
