// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "ui/present/import_report.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace attn::ui {

class ImportFiles;
class ImportParameters;

/// What a checkpoint of another toolkit was taken for and what became of it; asks for what is missing. It
/// imports nothing itself: it asks for that, and is given the report. It does not stand in the window's way.
class ImportDialog : public QDialog {
    Q_OBJECT
public:
    /// `place` names the checkpoint as Session knows it; the rest is the result of its import.
    ImportDialog(const QString& place, const ImportReportPtr& report, const ImportOptions& options,
                 QWidget* parent = nullptr);

    const QString& place() const { return m_place; }
    /// Shows the result of an import with these options.
    void setReport(const ImportReportPtr& report, const ImportOptions& options);
    const ImportReportPtr& report() const { return m_report; }
    const ImportOptions& options() const { return m_shown; }
    /// The work that was asked for is done or stopped without a report; `text` says why, empty: nothing is
    /// wrong.
    void setFault(const QString& text);
    /// The same, with good news.
    void setNotice(const QString& text);
    /// Work is under way, which `text` names; what can be stopped gets a button for it.
    void setBusy(const QString& text, bool canStop);
    bool isBusy() const { return m_busy; }

    ImportFiles* files() const { return m_files; }
    ImportParameters* parameters() const { return m_parameters; }
    QLineEdit* sentence() const { return m_sentence; }
    QPushButton* openButton() const { return m_open; }
    QPushButton* saveButton() const { return m_save; }
    /// What is shown of the faults and remarks, and of the self-test; plain text.
    QString findingsText() const;
    QString selfTestText() const;

signals:
    void importRequested(const attn::ImportOptions& options);
    void stopRequested();
    void openRequested();
    void saveRequested();
    void mappingRequested();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QWidget* buildText();
    QWidget* buildTable();
    QWidget* buildSelfTest();
    QWidget* buildButtons();
    void showReport(const ImportOptions& options);
    void showFindings();
    void requestSentence();
    void setIdle();

    QString m_place;
    ImportReportPtr m_report;
    ImportOptions m_shown; ///< what m_report was made with
    QString m_message;     ///< fault or notice beside the report
    bool m_messageIsFault = false;
    bool m_busy = false;

    QWidget* m_content = nullptr;
    QLabel* m_heading = nullptr;
    QLabel* m_container = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_findings = nullptr;
    QLabel* m_evidence = nullptr;
    QLabel* m_wiring = nullptr;
    ImportFiles* m_files = nullptr;
    ImportParameters* m_parameters = nullptr;
    QLineEdit* m_sentence = nullptr;
    QPushButton* m_try = nullptr;
    QLabel* m_selfTest = nullptr;
    QWidget* m_busyRow = nullptr;
    QLabel* m_busyText = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_mapping = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace attn::ui
