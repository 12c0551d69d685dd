// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/import_files.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

ImportFiles::ImportFiles(QWidget* parent)
    : QWidget(parent), m_other(new QToolButton), m_otherMenu(new QMenu(this)), m_tokenisers{} {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* heading = new QLabel(tr("Files beside it"));
    heading->setFont(headingFont());
    m_other->setText(tr("Another file"));
    m_other->setToolTip(tr("Names a file that was not asked for"));
    m_other->setMenu(m_otherMenu);
    m_other->setPopupMode(QToolButton::InstantPopup);
    auto* top = new QHBoxLayout;
    top->addWidget(heading, 1);
    top->addWidget(m_other);
    column->addLayout(top);

    auto* words = new QHBoxLayout;
    words->setSpacing(8);
    for (const bool target : {false, true}) {
        auto* box = new QComboBox;
        box->addItem(tr("as the checkpoint says"), QString());
        for (const auto& [kind, name] : EnumNames<TokeniserKind>::names)
            box->addItem(tokeniserText(kind), QString::fromUtf8(name.data(), qsizetype(name.size())));
        box->setToolTip(target ? tr("How the target is split into tokens")
                               : tr("How the sentence you type is split into tokens"));
        auto* label = new QLabel(target ? tr("Tar&get tokens") : tr("So&urce tokens"));
        label->setBuddy(box);
        words->addWidget(label);
        words->addWidget(box);
        connect(box, &QComboBox::activated, this, [this, box, target] {
            change([&](ImportOptions& options) {
                (target ? options.targetTokeniser : options.sourceTokeniser) =
                    box->currentData().toString().toStdString();
            });
        });
        m_tokenisers[target] = box;
    }
    words->addStretch(1);
    column->addLayout(words);
}

void ImportFiles::change(auto&& edit) {
    ImportOptions options = m_options;
    edit(options);
    if (options == m_options) return;
    m_options = options;
    emit optionsChanged(options);
}

void ImportFiles::choose(ImportFile file, const QString& title) {
    const QString path = QFileDialog::getOpenFileName(this, title, m_folder);
    if (!path.isEmpty()) change([&](ImportOptions& options) { options.*file = path.toStdString(); });
}

void ImportFiles::addRow(const ImportFileRow& row) {
    const int at = m_grid->rowCount();
    auto* role = new QLabel(row.role);
    auto* place = new QLabel;
    place->setTextFormat(Qt::PlainText);
    place->setWordWrap(true);
    place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const QString name = QFileInfo(row.place).fileName();
    const QString found = row.place.isEmpty() ? (row.missing ? tr("not found") : tr("none")) : name;
    place->setText(row.note.isEmpty() ? found : tr("%1: %2").arg(found, row.note));
    place->setToolTip(row.place);
    if (row.missing) {
        QPalette palette = place->palette();
        palette.setColor(QPalette::WindowText, currentTheme(this).error);
        place->setPalette(palette);
    }
    m_grid->addWidget(role, at, 0, Qt::AlignTop);
    m_grid->addWidget(place, at, 1, Qt::AlignTop);
    if (!row.file) return;
    auto* choose = new QPushButton(tr("Choose…"));
    choose->setAutoDefault(false);
    choose->setAccessibleName(tr("Choose: %1").arg(row.role));
    choose->setToolTip(tr("Chooses the file: %1").arg(row.role));
    connect(choose, &QPushButton::clicked, this, [this, row] { this->choose(row.file, row.role); });
    m_grid->addWidget(choose, at, 2, Qt::AlignTop);
    if (row.missing && !m_firstMissing) m_firstMissing = choose;
    if (!row.chosen) return;
    auto* forget = new QToolButton;
    forget->setIcon(themedIcon(QStringLiteral("close"), forget));
    forget->setAutoRaise(true);
    forget->setAccessibleName(tr("Forget: %1").arg(row.role));
    forget->setToolTip(tr("Takes the choice back: it is looked for beside the checkpoint"));
    connect(forget, &QToolButton::clicked, this,
            [this, row] { change([&](ImportOptions& options) { (options.*row.file).clear(); }); });
    m_grid->addWidget(forget, at, 3, Qt::AlignTop);
}

void ImportFiles::setReport(const ImportReport& report, const ImportOptions& options) {
    m_options = options;
    m_folder = QFileInfo(QString::fromStdString(report.path)).absolutePath();
    m_firstMissing = nullptr;
    // The button that was pressed may be among the rows: they go when its work is done.
    if (m_rows) {
        m_rows->hide();
        m_rows->deleteLater();
    }
    m_rows = new QWidget;
    m_grid = new QGridLayout(m_rows);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(1, 1);
    const std::vector<ImportFileRow> rows = importFileRows(report, options);
    for (const ImportFileRow& row : rows) addRow(row);
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, m_rows);
    m_rows->show(); // at once: by itself it is shown when events are next handled

    m_otherMenu->clear();
    for (const ImportFile file : importFiles()) {
        if (std::any_of(rows.begin(), rows.end(), [&](const ImportFileRow& row) { return row.file == file; }))
            continue;
        const QString text = importFileText(file);
        connect(m_otherMenu->addAction(tr("%1…").arg(text)), &QAction::triggered, this,
                [this, file, text] { choose(file, text); });
    }
    m_other->setVisible(!m_otherMenu->isEmpty());
    for (const bool target : {false, true}) {
        const std::string& name = target ? options.targetTokeniser : options.sourceTokeniser;
        m_tokenisers[target]->setCurrentIndex(m_tokenisers[target]->findData(QString::fromStdString(name)));
    }
}

QWidget* ImportFiles::firstMissing() const {
    return m_firstMissing;
}

} // namespace attn::ui
