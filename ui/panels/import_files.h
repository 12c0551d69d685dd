// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/present/import_report.h"

class QComboBox;
class QGridLayout;
class QMenu;
class QToolButton;

namespace attn::ui {

/// The files that belong to a checkpoint, each with a way to choose another, and the tokenisers.
class ImportFiles : public QWidget {
    Q_OBJECT
public:
    explicit ImportFiles(QWidget* parent = nullptr);

    /// Emits nothing.
    void setReport(const ImportReport& report, const ImportOptions& options);
    const ImportOptions& options() const { return m_options; }
    QComboBox* tokeniser(bool target) const { return m_tokenisers[target]; }
    /// The button that chooses the first file that is missing; nullptr if none is.
    QWidget* firstMissing() const;

signals:
    /// The person named a file or a tokeniser, or took it back.
    void optionsChanged(const attn::ImportOptions& options);

private:
    void addRow(const ImportFileRow& row);
    void choose(ImportFile file, const QString& title);
    void change(auto&& edit);

    ImportOptions m_options;
    QString m_folder; ///< of the checkpoint
    QWidget* m_rows = nullptr;
    QGridLayout* m_grid = nullptr;
    QWidget* m_firstMissing = nullptr;
    QToolButton* m_other;
    QMenu* m_otherMenu;
    QComboBox* m_tokenisers[2]; ///< source, target
};

} // namespace attn::ui
