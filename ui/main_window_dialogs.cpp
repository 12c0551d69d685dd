// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QMimeData>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/main_window.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/figure_file.h"
#include "ui/views/trace_view.h"

namespace attn::ui {

namespace {
/// The view as it stands, on white paper.
FigurePainter painterOf(TraceView* view) {
    return [view](QPainter& painter, const QSizeF& size) { view->paintFigure(painter, size, lightTheme()); };
}
} // namespace

void MainWindow::exportFigure() {
    const QString title = tr("Export figure: %1").arg(nameOf(m_activeView));
    const QSizeF size = m_activeView->size();
    ExportDialog dialog(title, size, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const QString suffix = QLatin1Char('.') + dialog.suffix();
    QString path = QFileDialog::getSaveFileName(this, title, QStringLiteral("attention") + suffix,
                                                tr("Figures (*%1)").arg(suffix));
    if (path.isEmpty()) return;
    if (!path.endsWith(suffix, Qt::CaseInsensitive)) path += suffix;
    try {
        writeFigure(path, size, dialog.pngSize(), painterOf(m_activeView));
        warn(tr("Written: %1").arg(path));
    } catch (const Error& error) {
        warn(QString::fromUtf8(error.what()));
    }
}

void MainWindow::exportNumbers() {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export numbers: %1").arg(nameOf(m_activeView)),
                                     QStringLiteral("attention.csv"), tr("Numbers (*.csv *.json *.npy)"));
    if (path.isEmpty()) return;
    try {
        writeNumbers(path, m_activeView->numbers());
        warn(tr("Written: %1").arg(path));
    } catch (const Error& error) {
        warn(QString::fromUtf8(error.what()));
    }
}

void MainWindow::copyFigure() {
    QApplication::clipboard()->setMimeData(figureMime(m_activeView->size(), 2, painterOf(m_activeView)));
    warn(tr("Copied: figure of %1").arg(nameOf(m_activeView)));
}

void MainWindow::copyNumbers() {
    QApplication::clipboard()->setText(toTabs(m_activeView->numbers()));
    warn(tr("Copied: numbers of %1").arg(nameOf(m_activeView)));
}

void MainWindow::showShortcuts() {
    QDialog dialog(this);
    dialog.setWindowTitle(tr("Keyboard shortcuts"));
    auto* column = new QVBoxLayout(&dialog);
    auto* table = new QTableWidget(0, 2);
    table->setHorizontalHeaderLabels({tr("Command"), tr("Keys")});
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAccessibleName(tr("Keyboard shortcuts"));
    for (const QAction* action : commands()) {
        if (action->shortcuts().isEmpty()) continue;
        QStringList keys;
        for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
        const int row = table->rowCount();
        table->insertRow(row);
        table->setItem(row, 0, new QTableWidgetItem(plainText(action)));
        table->setItem(row, 1, new QTableWidgetItem(keys.join(QStringLiteral(", "))));
    }
    table->resizeColumnsToContents();
    table->horizontalHeader()->setStretchLastSection(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    column->addWidget(table);
    column->addWidget(buttons);
    dialog.resize(scaled(420), scaled(560));
    dialog.exec();
}

void MainWindow::findCommand() {
    QDialog dialog(this);
    dialog.setWindowTitle(tr("Find a command"));
    auto* column = new QVBoxLayout(&dialog);
    auto* text = new QLineEdit;
    text->setPlaceholderText(tr("Type a part of its name"));
    text->setAccessibleName(tr("Command"));
    auto* list = new QListWidget;
    list->setAccessibleName(tr("Commands"));
    column->addWidget(text);
    column->addWidget(list);
    const QList<QAction*> all = commands();
    const auto fill = [&] {
        list->clear();
        for (int i = 0; i < all.size(); ++i) {
            if (!all[i]->isEnabled() || !plainText(all[i]).contains(text->text(), Qt::CaseInsensitive))
                continue;
            const QString keys = all[i]->shortcut().toString(QKeySequence::NativeText);
            auto* item = new QListWidgetItem(
                keys.isEmpty() ? plainText(all[i]) : tr("%1   (%2)").arg(plainText(all[i]), keys), list);
            item->setData(Qt::UserRole, i);
        }
        list->setCurrentRow(0);
    };
    QAction* chosen = nullptr;
    const auto choose = [&] {
        if (const QListWidgetItem* item = list->currentItem()) chosen = all[item->data(Qt::UserRole).toInt()];
        dialog.accept();
    };
    fill();
    connect(text, &QLineEdit::textChanged, &dialog, fill);
    connect(text, &QLineEdit::returnPressed, &dialog, choose);
    connect(list, &QListWidget::itemActivated, &dialog, choose);
    dialog.resize(scaled(420), scaled(360));
    dialog.exec();
    if (chosen) chosen->trigger();
}

void MainWindow::showAbout() {
    QMessageBox::about(this, tr("About Attentoscope"),
                       tr("<h3>Attentoscope %1</h3>"
                          "<p>Watch a recurrent encoder-decoder attend: every number between the source word "
                          "and the output word, from a real run.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later, "
                          "without any warranty.</p>")
                           .arg(QStringLiteral(ATTENTOSCOPE_VERSION)));
}

} // namespace attn::ui
