// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/importer.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include "core/base/error.h"
#include "core/io/atomic_file.h"
#include "ui/panels/dump_dialog.h"
#include "ui/panels/import_dialog.h"
#include "ui/shell/file_filters.h"

namespace attn::ui {

Importer::Importer(Session& session, QWidget* window)
    : QObject(window), m_session(session), m_window(window) {
    connect(&session, &Session::imported, this, &Importer::showImport);
    connect(&session, &Session::attentionFound, this, &Importer::openAttention);
}

void Importer::openPlace(const QString& place) {
    const OpenModel* known = m_session.openModels().findPlace(place);
    if (known)
        m_session.chooseModel(m_session.openModels().indexOf(known->id));
    else
        open(place);
}

void Importer::chooseModel() {
    const QString path = QFileDialog::getOpenFileName(
        m_window, tr("Open a model"), {},
        fileFilter({FileKind::Model, FileKind::Checkpoint}) + QStringLiteral(";;") + everyFileFilter());
    if (!path.isEmpty()) open(path);
}

void Importer::chooseAttention() {
    // Programs write attention under any name, so every file is offered first.
    const QString path = QFileDialog::getOpenFileName(
        m_window, tr("Open attention from a file"), {},
        everyFileFilter() + QStringLiteral(";;") + fileFilter({FileKind::Attention}));
    if (!path.isEmpty()) openAttention(path);
}

void Importer::reviseAttention() {
    if (const DumpPtr& dump = m_session.dump())
        askAboutAttention(QString::fromStdString(dump->path), m_dumpOptions);
}

void Importer::askAboutAttention(const QString& path, const DumpOptions& options) {
    auto* dialog = new DumpDialog(path, options, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_dumpOptions = dialog->options();
        m_session.showDump(dialog->dump());
    });
    dialog->open();
}

ImportDialog* Importer::dialogFor(const QString& place) const {
    for (auto* dialog : m_window->findChildren<ImportDialog*>())
        if (dialog->place() == place && dialog->isVisible()) return dialog;
    return nullptr;
}

void Importer::showImport(const Import& import) {
    if (ImportDialog* dialog = dialogFor(import.place)) {
        if (import.report)
            dialog->setReport(import.report, import.options);
        else
            dialog->setFault(import.fault.text);
    } else if (import.report && !import.opened) {
        openDialog(import.place, import.report, import.options);
    }
    if (!import.opened) return;
    const QString toolkit = QString::fromStdString(import.report->toolkit);
    emit link(tr("Imported from %1: <a href=\"%2\">details…</a>")
                  .arg(toolkit.toHtmlEscaped(), import.place.toHtmlEscaped()),
              tr("Shows what was recognised and what became of each parameter"));
}

void Importer::showDetails(const QString& place) {
    if (ImportDialog* dialog = dialogFor(place)) {
        dialog->raise();
        dialog->activateWindow();
        return;
    }
    const OpenModel* open = m_session.openModels().findPlace(place);
    if (open && open->report) openDialog(place, open->report, open->options);
}

void Importer::openDialog(const QString& place, const ImportReportPtr& report, const ImportOptions& options) {
    auto* dialog = new ImportDialog(place, report, options, m_window);
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
    connect(dialog, &ImportDialog::saveRequested, this, [this, dialog] { saveModel(dialog); });
    connect(dialog, &ImportDialog::mappingRequested, this, [this, dialog] { saveMapping(dialog); });
    connect(&m_session, &Session::saved, dialog, [dialog](const QString& path, const Fault& fault) {
        if (!dialog->isBusy()) return; // another dialog's
        if (fault.where == Fault::Where::None)
            dialog->setNotice(tr("Written: %1").arg(path));
        else
            dialog->setFault(fault.text);
    });
    dialog->show();
}

void Importer::saveModel(ImportDialog* dialog) {
    const QFileInfo place(dialog->place());
    const QString ending = QStringLiteral(".safetensors");
    QString path = QFileDialog::getSaveFileName(dialog, tr("Save as native model"),
                                                place.dir().filePath(place.completeBaseName() + ending),
                                                fileFilter({FileKind::Model}));
    if (path.isEmpty()) return;
    if (!path.endsWith(ending)) path += ending;
    dialog->setBusy(tr("Writing…"), false);
    m_session.saveModel(dialog->report()->model, path);
}

void Importer::saveMapping(ImportDialog* dialog) {
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
