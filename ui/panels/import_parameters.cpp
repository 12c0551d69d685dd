// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/import_parameters.h"

#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/present/import_report.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

void ImportParametersModel::setParameters(const std::vector<ParameterReport>& all, bool problemsOnly) {
    beginResetModel();
    m_rows.clear();
    std::copy_if(all.begin(), all.end(), std::back_inserter(m_rows), [&](const ParameterReport& parameter) {
        return !problemsOnly || isProblem(parameter.state);
    });
    endResetModel();
}

int ImportParametersModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ImportParametersModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ImportParametersModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ParameterReport& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ForegroundRole && index.column() == State) {
        if (!isProblem(row.state)) return {};
        const Theme theme = currentTheme(nullptr);
        return row.state == ParameterState::Unused ? theme.warning : theme.error;
    }
    // A tooltip would take a name with a tag in it for a document.
    if (role == Qt::ToolTipRole)
        return QStringLiteral("<qt>%1</qt>").arg(data(index, Qt::DisplayRole).toString().toHtmlEscaped());
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case State:
            return parameterStateText(row.state);
        case Ours:
            return QString::fromStdString(row.ours);
        case Theirs:
            return QString::fromStdString(row.theirs);
        case Expected:
            return QString::fromStdString(row.expected);
        case Found:
            return QString::fromStdString(row.found);
        default:
            return QString::fromStdString(row.note);
    }
}

QVariant ImportParametersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    const QString titles[] = {tr("State"),    tr("Here"),  tr("In the file"),
                              tr("Expected"), tr("Found"), tr("Remark")};
    return section < ColumnCount ? titles[section] : QVariant();
}

ImportParameters::ImportParameters(QWidget* parent)
    : QWidget(parent),
      m_counts(new QLabel),
      m_filter(new QComboBox),
      m_table(new QTableView),
      m_model(new ImportParametersModel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* heading = new QLabel(tr("Parameters"));
    heading->setFont(headingFont());
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(heading);
    row->addWidget(m_counts, 1);
    row->addWidget(m_filter);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    m_filter->addItems({tr("All"), tr("Problems")});
    m_filter->setAccessibleName(tr("Parameters that are shown"));
    m_filter->setToolTip(tr("All parameters, or those that are missing, misshapen or unused"));
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Parameters"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_filter, &QComboBox::activated, this, [this] {
        m_chosen = true;
        refresh();
    });
}

void ImportParameters::setReport(const ImportReport& report) {
    m_all = report.parameters;
    m_counts->setText(parameterCounts(report));
    const bool problems = std::any_of(m_all.begin(), m_all.end(), [](const ParameterReport& parameter) {
        return isProblem(parameter.state);
    });
    if (!m_chosen) m_filter->setCurrentIndex(problems && !report.model ? 1 : 0);
    refresh();
}

void ImportParameters::refresh() {
    m_model->setParameters(m_all, m_filter->currentIndex() == 1);
    m_table->resizeColumnsToContents();
    // A name of many pieces leaves room for the others.
    for (int column = 0; column < ImportParametersModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column), scaled(300)));
}

} // namespace attn::ui
