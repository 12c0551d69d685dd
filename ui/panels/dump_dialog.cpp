// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/dump_dialog.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include "ui/present/attention_map.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
/// The choice of an option that may be left to the file.
template <typename T>
std::optional<T> chosen(const QComboBox* box) {
    return box->currentData().isNull() ? std::nullopt
                                       : std::optional(static_cast<T>(box->currentData().toInt()));
}

template <typename T>
void choose(QComboBox* box, const std::optional<T>& value) {
    box->setCurrentIndex(value ? box->findData(static_cast<int>(*value)) : 0);
}
} // namespace

QString statementText(const Dump& dump) {
    QStringList lines;
    for (const std::string& statement : dump.statements) lines << QString::fromStdString(statement);
    for (const Finding& finding : dump.findings)
        lines << QString::fromStdString(finding.where + ": " + finding.text + ".");
    return lines.join(QLatin1Char('\n'));
}

DumpDialog::DumpDialog(const QString& path, const DumpOptions& options, QWidget* parent)
    : QDialog(parent),
      m_path(path),
      m_options(options),
      m_statements(new QLabel),
      m_problem(new QLabel),
      m_preview(new CellMap) {
    setWindowTitle(tr("Attention from %1").arg(QFileInfo(path).fileName()));
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addChoice(form, DumpField::Format, tr("&Format"), tr("The layout of the file"));
    m_source = addFile(form, tr("&Source words"),
                       tr("A text file with the words that were read, a sentence a line"), options.source);
    m_target = addFile(form, tr("&Target words"),
                       tr("A text file with the words that were written, a sentence a line"), options.target);
    m_gold = addFile(form, tr("&Gold links"), tr("A file of links such as 0-0 1p2, a sentence a line"),
                     options.gold);
    addChoice(form, DumpField::Rows, tr("&Rows are"),
              tr("What a matrix has a row for, and what the first number of a link counts"));
    addChoice(form, DumpField::End, tr("&End symbol"), tr("Whether the last position is the end symbol"));
    addChoice(form, DumpField::Base, tr("&Links count from"), tr("Whether the first word is 0 or 1"));
    addChoice(form, DumpField::Axis, tr("First &axis"), tr("What the first of an array's three axes counts"));
    m_source->setPlaceholderText(tr("those of the file"));
    m_target->setPlaceholderText(tr("those of the file"));
    m_gold->setPlaceholderText(tr("none but those of the file"));
    fill();

    m_statements->setTextFormat(Qt::PlainText);
    m_problem->setTextFormat(Qt::PlainText);
    m_statements->setAccessibleName(tr("How it is read"));
    for (QLabel* label : {m_statements, m_problem}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_preview->setAccessibleName(tr("First sentence"));
    m_preview->setValueName(tr("weight"));
    m_preview->setRange(0, 1);
    m_preview->setEmptyText(tr("The first sentence is shown here once the file can be read."));
    m_preview->setMinimumSize(scaled(400), scaled(320));
    colourProblem();

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel);
    m_open = buttons->button(QDialogButtonBox::Open);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* left = new QVBoxLayout;
    left->setSpacing(12);
    left->addLayout(form);
    left->addWidget(m_problem);
    left->addWidget(m_statements);
    left->addStretch(1);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    row->addLayout(left, 1);
    row->addWidget(m_preview, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(row, 1);
    column->addWidget(buttons);
    resize(scaled(920), scaled(520));
    refresh();
}

QComboBox* DumpDialog::addChoice(QFormLayout* form, DumpField field, const QString& label,
                                 const QString& tip) {
    auto* box = new QComboBox;
    box->addItem(field == DumpField::Format ? tr("Told by the content") : tr("Told by the file"));
    box->setToolTip(tip);
    form->addRow(label, box);
    m_choices[static_cast<std::size_t>(field)] = box;
    connect(box, &QComboBox::activated, this, &DumpDialog::refresh);
    return box;
}

QLineEdit* DumpDialog::addFile(QFormLayout* form, const QString& label, const QString& tip,
                               const std::string& path) {
    auto* line = new QLineEdit(QString::fromStdString(path));
    line->setToolTip(tip);
    line->setClearButtonEnabled(true);
    auto* browse = new QToolButton;
    browse->setText(QStringLiteral("…"));
    browse->setToolTip(tr("Chooses a file"));
    browse->setAccessibleName(tr("Chooses a file"));
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(line, 1);
    row->addWidget(browse);
    form->addRow(label, row);
    static_cast<QLabel*>(form->labelForField(row))->setBuddy(line);
    connect(line, &QLineEdit::editingFinished, this, &DumpDialog::refresh);
    connect(browse, &QToolButton::clicked, this, [this, line, tip] {
        const QString chosen = QFileDialog::getOpenFileName(this, tip, QFileInfo(m_path).path());
        if (chosen.isEmpty()) return;
        line->setText(chosen);
        refresh();
    });
    return line;
}

void DumpDialog::fill() {
    for (const auto& [format, name] : EnumNames<DumpFormat>::names)
        choice(DumpField::Format)->addItem(QString::fromStdString(std::string(name)), int(format));
    choice(DumpField::Rows)->addItem(tr("target words"), int(DumpRows::Target));
    choice(DumpField::Rows)->addItem(tr("source words"), int(DumpRows::Source));
    choice(DumpField::End)->addItem(tr("last on both sides"), int(DumpEnd::Both));
    choice(DumpField::End)->addItem(tr("last of the source alone"), int(DumpEnd::Source));
    choice(DumpField::End)->addItem(tr("last of the target alone"), int(DumpEnd::Target));
    choice(DumpField::End)->addItem(tr("on neither side"), int(DumpEnd::None));
    for (const int base : {0, 1}) choice(DumpField::Base)->addItem(QString::number(base), base);
    choice(DumpField::Axis)->addItem(tr("sentences"), int(DumpAxis::Sentences));
    choice(DumpField::Axis)->addItem(tr("heads"), int(DumpAxis::Heads));
    choose(choice(DumpField::Format), m_options.format);
    choose(choice(DumpField::Rows), m_options.rows);
    choose(choice(DumpField::End), m_options.end);
    choose(choice(DumpField::Base), m_options.base);
    choose(choice(DumpField::Axis), m_options.axis);
}

void DumpDialog::refresh() {
    m_options.format = chosen<DumpFormat>(choice(DumpField::Format));
    m_options.rows = chosen<DumpRows>(choice(DumpField::Rows));
    m_options.end = chosen<DumpEnd>(choice(DumpField::End));
    m_options.base = chosen<int>(choice(DumpField::Base));
    m_options.axis = chosen<DumpAxis>(choice(DumpField::Axis));
    m_options.source = m_source->text().toStdString();
    m_options.target = m_target->text().toStdString();
    m_options.gold = m_gold->text().toStdString();
    m_dump.reset();
    QString problem;
    QComboBox* asked = nullptr;
    QApplication::setOverrideCursor(Qt::WaitCursor);
    try {
        m_dump = readDump(m_path.toStdString(), m_options);
    } catch (const DumpQuestion& question) {
        problem = QString::fromUtf8(question.what());
        asked = choice(question.field());
    } catch (const Error& error) {
        problem = QString::fromUtf8(error.what());
    }
    QApplication::restoreOverrideCursor();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_statements->setText(m_dump ? statementText(*m_dump) : QString());
    m_open->setEnabled(m_dump != nullptr);
    if (asked) asked->setFocus();
    if (!m_dump) return m_preview->clear();
    const TracePtr trace = dumpTrace(*m_dump, 0);
    const AttentionMap map = attentionMap(*trace, 0, -1, trace->bestPath());
    m_preview->setData(map.rows, map.cols, map.weights);
    m_preview->setRowLabels(map.rowLabels);
    m_preview->setColumnLabels(map.columnLabels);
    m_preview->setGoldLinks(goldCells(*trace, 0));
}

void DumpDialog::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) colourProblem();
}

void DumpDialog::colourProblem() {
    QPalette palette = m_problem->palette();
    const QColor error = currentTheme(this).error;
    if (palette.color(QPalette::WindowText) == error) return;
    palette.setColor(QPalette::WindowText, error);
    m_problem->setPalette(palette);
}

} // namespace attn::ui
