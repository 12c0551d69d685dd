// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/exporter.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMimeData>

#include "core/base/error.h"
#include "ui/panels/export_dialog.h"

namespace attn::ui {

Exporter::Exporter(Active active, QWidget* window)
    : QObject(window), m_active(std::move(active)), m_window(window) {}

void Exporter::write(const QString& path, const std::function<void()>& work) {
    try {
        work();
        emit message(tr("Written: %1").arg(path));
    } catch (const Error& error) {
        emit message(QString::fromUtf8(error.what()));
    }
}

void Exporter::exportFigure() {
    const QString title = tr("Export figure: %1").arg(m_active().name);
    ExportDialog dialog(title, m_active().size, m_window);
    if (dialog.exec() != QDialog::Accepted) return;
    const QString suffix = QLatin1Char('.') + dialog.suffix();
    QString path = QFileDialog::getSaveFileName(m_window, title, QStringLiteral("attention") + suffix,
                                                tr("Figures (*%1)").arg(suffix));
    if (path.isEmpty()) return;
    if (!path.endsWith(suffix, Qt::CaseInsensitive)) path += suffix;
    const Exportable active = m_active();
    write(path, [&] { writeFigure(path, active.size, dialog.pngSize(), active.paint); });
}

void Exporter::exportNumbers() {
    const QString path =
        QFileDialog::getSaveFileName(m_window, tr("Export numbers: %1").arg(m_active().name),
                                     QStringLiteral("attention.csv"), tr("Numbers (*.csv *.json *.npy)"));
    if (path.isEmpty()) return;
    write(path, [&] { writeNumbers(path, m_active().numbers()); });
}

void Exporter::copyFigure() {
    const Exportable active = m_active();
    QApplication::clipboard()->setMimeData(figureMime(active.size, 2, active.paint));
    emit message(tr("Copied: figure of %1").arg(active.name));
}

void Exporter::copyNumbers() {
    const Exportable active = m_active();
    QApplication::clipboard()->setText(toTabs(active.numbers()));
    emit message(tr("Copied: numbers of %1").arg(active.name));
}

} // namespace attn::ui
