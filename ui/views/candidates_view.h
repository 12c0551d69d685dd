// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "ui/present/candidates.h"
#include "ui/views/trace_view.h"

class QLabel;
class QTableView;

namespace attn::ui {

/// A step's candidates: token, probability, log-probability.
class CandidatesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Word, Probability, LogProbability, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setList(CandidateList list);
    const CandidateList& list() const { return m_list; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    CandidateList m_list;
};

/// The distribution of the effective step. A click forces a word there.
class CandidatesView : public TraceView {
    Q_OBJECT
public:
    explicit CandidatesView(Selection* selection, QWidget* parent = nullptr);

    QString reasonForNothing(const Trace& trace) const override;
    QString caption() const override;
    NumberTable numbers() const override;
    QString textAt(const QPoint& position) const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QTableView* table() const { return m_table; }

signals:
    /// The person wants this token at this step of the shown path.
    void wordForced(int step, const std::string& token);

protected:
    void traceChanged() override;
    void selectionChanged(Selection::Aspects what) override;

private:
    QLabel* m_summary;
    QTableView* m_table;
    CandidatesModel* m_model;
    int m_step = -1;
};

} // namespace attn::ui
