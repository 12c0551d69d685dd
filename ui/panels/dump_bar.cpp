// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/dump_bar.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include "ui/panels/dump_dialog.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

DumpBar::DumpBar(QWidget* parent)
    : QWidget(parent),
      m_file(new QLabel),
      m_sentence(new QSpinBox),
      m_name(new QLabel),
      m_options(new QPushButton(tr("How it is rea&d…"))),
      m_close(new QPushButton(tr("&Close the file"))) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_file);
    row->addWidget(m_sentence);
    row->addWidget(m_name, 1);
    row->addWidget(m_options);
    row->addWidget(m_close);
    m_file->setFont(headingFont());
    m_name->setForegroundRole(QPalette::PlaceholderText);
    m_name->setMinimumWidth(1);
    for (QLabel* label : {m_file, m_name}) label->setTextFormat(Qt::PlainText);
    m_sentence->setPrefix(tr("Sentence "));
    m_sentence->setMinimum(1);
    m_sentence->setKeyboardTracking(false);
    m_sentence->setAccessibleName(tr("Sentence of the file"));
    m_sentence->setToolTip(tr("Which sentence of the file is shown"));
    m_options->setToolTip(tr("What the rows are, where the end symbol is, which words belong to it"));
    m_close->setToolTip(tr("Back to the model and its sentence"));
    connect(m_sentence, &QSpinBox::valueChanged, this, [this](int value) { emit sentenceChosen(value - 1); });
    connect(m_options, &QPushButton::clicked, this, &DumpBar::optionsRequested);
    connect(m_close, &QPushButton::clicked, this, &DumpBar::closeRequested);
}

void DumpBar::setDump(const Dump& dump, int sentence) {
    const QSignalBlocker quiet(m_sentence);
    m_file->setText(QFileInfo(QString::fromStdString(dump.path)).fileName());
    m_file->setToolTip(statementText(dump));
    m_sentence->setMaximum(static_cast<int>(dump.sentences.size()));
    m_sentence->setSuffix(tr(" of %1").arg(dump.sentences.size()));
    m_sentence->setValue(sentence + 1);
    const QString name = QString::fromStdString(dump.sentences.at(static_cast<std::size_t>(sentence)).name);
    m_name->setText(name == QString::number(sentence + 1) ? QString() : name);
}

} // namespace attn::ui
