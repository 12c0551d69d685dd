// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "core/io/dump/dump.h"
#include "ui/session/session.h"

namespace attn::ui {

class ImportDialog;

/// Opens files for the window: the file dialogs, what is dropped on it, the dialog of a checkpoint that lacks
/// something, and the dialog of attention out of a file. Its dialogs outlast a rebuild of the window.
class Importer : public QObject {
    Q_OBJECT
public:
    /// The session outlives the importer; `window` carries the dialogs and owns it.
    Importer(Session& session, QWidget* window);

    /// Opens a bundled name or a path as what its content is. A failure leaves the work as it is. A
    /// checkpoint opens by itself if nothing is missing, else a dialog asks; attention always asks how it is
    /// read.
    void open(const QString& nameOrPath) { m_session.openModel(nameOrPath); }
    /// Asks the question of the model of a place, which may be open already.
    void openPlace(const QString& place);
    void openAttention(const QString& path) { askAboutAttention(path, {}); }
    /// Asks again how the attention that is shown is to be read.
    void reviseAttention();
    /// File dialogs.
    void chooseModel();
    void chooseAttention();
    /// The dialog of a checkpoint that is open or was asked for.
    void showDetails(const QString& place);

signals:
    /// A checkpoint was imported; the text links to its details.
    void link(const QString& richText, const QString& tip);

private:
    void showImport(const Import& import);
    void askAboutAttention(const QString& path, const DumpOptions& options);
    /// The dialog that is open for a checkpoint; nullptr if none is.
    ImportDialog* dialogFor(const QString& place) const;
    void openDialog(const QString& place, const ImportReportPtr& report, const ImportOptions& options);
    void saveModel(ImportDialog* dialog);
    void saveMapping(ImportDialog* dialog);

    Session& m_session;
    QWidget* m_window;
    DumpOptions m_dumpOptions; ///< of the attention opened last
};

} // namespace attn::ui
