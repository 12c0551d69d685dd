// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/help.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QMessageBox>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/widgets/command.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
struct Help {
    Q_DECLARE_TR_FUNCTIONS(Help)
};
} // namespace

void showShortcuts(QWidget* parent, const QList<QAction*>& commands) {
    QDialog dialog(parent);
    dialog.setWindowTitle(Help::tr("Keyboard shortcuts"));
    auto* column = new QVBoxLayout(&dialog);
    auto* table = new QTableWidget(0, 2);
    table->setHorizontalHeaderLabels({Help::tr("Command"), Help::tr("Keys")});
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setAccessibleName(Help::tr("Keyboard shortcuts"));
    for (const QAction* action : commands) {
        if (action->shortcuts().isEmpty()) continue;
        const int row = table->rowCount();
        table->insertRow(row);
        table->setItem(row, 0, new QTableWidgetItem(plainText(action)));
        const QString keys = QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText);
        table->setItem(
            row, 1, new QTableWidgetItem(QString(keys).replace(QStringLiteral("; "), QStringLiteral(", "))));
    }
    table->resizeColumnsToContents();
    table->horizontalHeader()->setStretchLastSection(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    column->addWidget(table);
    column->addWidget(buttons);
    dialog.resize(scaled(420), scaled(560));
    dialog.exec();
}

void showAbout(QWidget* parent) {
    QMessageBox::about(
        parent, Help::tr("About Attentoscope"),
        Help::tr("<h3>Attentoscope %1</h3>"
                 "<p>Watch a recurrent encoder-decoder attend: every number between the source "
                 "word and the output word, from a real run.</p>"
                 "<p>Free software under the GNU General Public License, version 3 or later, "
                 "without any warranty.</p>")
            .arg(QStringLiteral(ATTENTOSCOPE_VERSION)));
}

} // namespace attn::ui
