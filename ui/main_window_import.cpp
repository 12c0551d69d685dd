// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <algorithm>

#include "core/base/error.h"
#include "core/io/atomic_file.h"
#include "ui/main_window.h"
#include "ui/panels/import_dialog.h"

namespace attn::ui {

ImportDialog* MainWindow::importDialog(const QString& place) const {
    for (auto* dialog : findChildren<ImportDialog*>())
        if (dialog->place() == place && dialog->isVisible()) return dialog;
    return nullptr;
}

void MainWindow::showImport(const Import& import) {
    if (ImportDialog* dialog = importDialog(import.place)) {
        if (import.report)
            dialog->setReport(import.report, import.options);
        else
            dialog->setFault(import.fault.text);
    } else if (import.report && !import.opened) {
        openImportDialog(import.place, import.report, import.options);
    }
    if (!import.opened) return;
    const QString toolkit = QString::fromStdString(import.report->toolkit);
    m_message->setText(tr("Imported from %1: <a href=\"%2\">details…</a>")
                           .arg(toolkit.toHtmlEscaped(), import.place.toHtmlEscaped()));
    m_message->setToolTip(tr("Shows what was recognised and what became of each parameter"));
}

void MainWindow::showImportDetails(const QString& place) {
    if (ImportDialog* dialog = importDialog(place)) {
        dialog->raise();
        dialog->activateWindow();
        return;
    }
    for (const Session::OpenModel& open : m_session.models())
        if (open.place == place && open.report) return openImportDialog(place, open.report, open.options);
}

void MainWindow::openImportDialog(const QString& place, const ImportReportPtr& report,
                                  const ImportOptions& options) {
    auto* dialog = new ImportDialog(place, report, options, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ImportDialog::importRequested, this, [this, dialog](const ImportOptions& wanted) {
        dialog->setBusy(tr("Importing…"), true);
        m_session.importModel(dialog->place(), wanted);
    });
    connect(dialog, &ImportDialog::stopRequested, this,
            [this, dialog] { m_session.stopOpening(dialog->place()); });
    connect(dialog, &ImportDialog::openRequested, this, [this, dialog] {
        m_session.addModel(dialog->report()->model, dialog->place(), dialog->report(), dialog->options());
        dialog->accept();
    });
    connect(dialog, &ImportDialog::saveRequested, this, [this, dialog] { saveImport(dialog); });
    connect(dialog, &ImportDialog::mappingRequested, this, [this, dialog] { saveMapping(dialog); });
    connect(&m_session, &Session::saved, dialog, [dialog](const QString& path, const Fault& fault) {
        if (!dialog->isBusy()) return; // another's
        if (fault.text.isEmpty())
            dialog->setNotice(tr("Written: %1").arg(path));
        else
            dialog->setFault(fault.text);
    });
    dialog->show();
}

void MainWindow::saveImport(ImportDialog* dialog) {
    const QFileInfo place(dialog->place());
    const QString ending = QStringLiteral(".safetensors");
    QString path = QFileDialog::getSaveFileName(dialog, tr("Save as native model"),
                                                place.dir().filePath(place.completeBaseName() + ending),
                                                tr("Models (*.safetensors)"));
    if (path.isEmpty()) return;
    if (!path.endsWith(ending)) path += ending;
    dialog->setBusy(tr("Writing…"), false);
    m_session.saveModel(dialog->report()->model, path);
}

void MainWindow::saveMapping(ImportDialog* dialog) {
    const QFileInfo place(dialog->place());
    const QString path = QFileDialog::getSaveFileName(
        dialog, tr("Save mapping file"),
        place.dir().filePath(place.completeBaseName() + QStringLiteral(".mapping.yaml")),
        tr("Mapping files (*.yaml)"));
    if (path.isEmpty()) return;
    try {
        AtomicFile file(path.toStdString());
        file.write(dialog->report()->mapping);
        file.commit();
        dialog->setNotice(tr("Written: %1").arg(path));
    } catch (const Error& error) {
        dialog->setFault(QString::fromUtf8(error.what()));
    }
}

} // namespace attn::ui
