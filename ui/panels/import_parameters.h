// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <vector>

#include "core/io/import/import.h"

class QComboBox;
class QLabel;
class QTableView;

namespace attn::ui {

/// What became of each parameter.
class ImportParametersModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Ours, Theirs, Expected, Found, Note, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// All, or those that deserve a look.
    void setParameters(const std::vector<ParameterReport>& all, bool problemsOnly);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ParameterReport> m_rows;
};

/// The table with its heading, counts and filter.
class ImportParameters : public QWidget {
    Q_OBJECT
public:
    explicit ImportParameters(QWidget* parent = nullptr);

    /// Shows the problems alone where there are some, unless the person has chosen otherwise.
    void setReport(const ImportReport& report);
    QTableView* table() const { return m_table; }
    QComboBox* filter() const { return m_filter; }

private:
    void refresh();

    std::vector<ParameterReport> m_all;
    bool m_chosen = false; ///< the filter, by the person
    QLabel* m_counts;
    QComboBox* m_filter;
    QTableView* m_table;
    ImportParametersModel* m_model;
};

} // namespace attn::ui
