// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <vector>

#include "ui/present/hypotheses.h"

class QTableView;

namespace attn::ui {

/// The hypotheses that a search found: a row for each, best first.
class HypothesesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Rank, Text, Score, LogProbability, Length, Coverage, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<HypothesisRow> rows);
    const std::vector<HypothesisRow>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<HypothesisRow> m_rows;
};

/// The list in which a person chooses the hypothesis that every view shows. Hidden while there are fewer than
/// two.
class HypothesesPanel : public QWidget {
    Q_OBJECT
public:
    explicit HypothesesPanel(QWidget* parent = nullptr);

    /// Makes the first one current. Emits nothing.
    void setRows(std::vector<HypothesisRow> rows);
    /// Marks the one that is shown, by its rank from 0. Emits nothing.
    void setCurrent(int rank);
    int current() const;

    QTableView* table() const { return m_table; }

signals:
    void chosen(int rank);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();

    QTableView* m_table;
    HypothesesModel* m_model;
};

} // namespace attn::ui
