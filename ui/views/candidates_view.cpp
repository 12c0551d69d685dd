// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/candidates_view.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/present/hypotheses.h"
#include "ui/present/numbers.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
/// A bar as long as the probability, behind its number.
class BarDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme(option.widget);
        const QRectF room = QRectF(option.rect).adjusted(2, 3, -2, -3);
        const double share = index.data(Qt::UserRole).toDouble();
        painter->fillRect(QRectF(room.left(), room.top(), room.width() * share, room.height()),
                          blend(theme.panel, theme.text, 0.25));
        QStyledItemDelegate::paint(painter, option, index);
    }
};
} // namespace

void CandidatesModel::setList(CandidateList list) {
    beginResetModel();
    m_list = std::move(list);
    endResetModel();
}

int CandidatesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_list.rows.size());
}

int CandidatesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CandidatesModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const CandidateRow& row = m_list.rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            if (index.column() == Word) return row.text;
            return index.column() == Probability ? weightText(row.probability) : number(row.logProb, 3);
        case Qt::UserRole:
            return row.probability;
        case Qt::FontRole:
            if (index.column() != Word) return numbersFont();
            return row.chosen ? headingFont() : tokensFont();
        case Qt::TextAlignmentRole:
            return int((index.column() == Word ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        case Qt::ToolTipRole:
            return row.chosen ? tr("This is the word of this step.")
                              : tr("Click to force “%1” here and go on from there.").arg(row.text);
        default:
            return {};
    }
}

QVariant CandidatesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    switch (section) {
        case Word:
            return tr("Word");
        case Probability:
            return tr("Probability");
        case LogProbability:
            return tr("ln p");
        default:
            return {};
    }
}

CandidatesView::CandidatesView(Selection* selection, QWidget* parent)
    : TraceView(selection, parent),
      m_summary(new QLabel),
      m_table(new QTableView),
      m_model(new CandidatesModel(this)) {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(4);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(CandidatesModel::Probability, new BarDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setAccessibleName(tr("Candidates"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(CandidatesModel::Probability, QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setContent(content);
    const auto force = [this](const QModelIndex& index) {
        const CandidateRow& row = m_model->list().rows[static_cast<std::size_t>(index.row())];
        if (!row.chosen) emit wordForced(m_step, row.token);
    };
    connect(m_table, &QTableView::clicked, this, force);
    connect(m_table, &QTableView::activated, this, force);
}

QString CandidatesView::reasonForNothing(const Trace& trace) const {
    if (hasCandidates(trace)) return {};
    if (trace.steps.empty() && !trace.rows.empty())
        return tr("This model generates no words, so there are no candidates.");
    if (!trace.steps.empty())
        return tr(
            "This file holds weights only: no candidates were recorded. Open the model that wrote it to see "
            "which other words were probable.");
    return {};
}

QString CandidatesView::caption() const {
    const StepTrace* step = stepAt(m_step);
    if (!step) return {};
    return tr("%1 · candidates at step %2").arg(pathTitle(*trace(), path())).arg(m_step + 1);
}

void CandidatesView::traceChanged() {
    m_step = -1;
    m_model->setList({});
}

void CandidatesView::selectionChanged(Selection::Aspects) {
    const int step = selection().effectiveStep();
    if (step == m_step) return;
    m_step = step;
    const StepTrace* now = stepAt(step);
    if (!now) {
        m_summary->setText(tr("No step was decoded."));
        return m_model->setList({});
    }
    m_table->verticalHeader()->setMinimumSectionSize(1);
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(tokensFont()).height() + 4);
    m_model->setList(candidateList(*trace(), path()[static_cast<std::size_t>(step)]));
    const CandidateList& list = m_model->list();
    m_summary->setText(tr("Step %1: entropy %2 bits, all other words together %3.")
                           .arg(step + 1)
                           .arg(number(list.entropy, 2), weightText(list.rest)) +
                       (list.forced ? QLatin1Char(' ') + tr("This word was given, not chosen.") : QString()));
}

QString CandidatesView::textAt(const QPoint& position) const {
    const QModelIndex index = m_table->indexAt(m_table->viewport()->mapFrom(this, position));
    if (!index.isValid() || childAt(position) != m_table->viewport()) return {};
    const CandidateRow& row = m_model->list().rows[static_cast<std::size_t>(index.row())];
    return tr("“%1”: probability %2").arg(row.text, weightText(row.probability));
}

NumberTable CandidatesView::numbers() const {
    NumberTable table;
    table.caption = caption();
    table.columns = QStringList{tr("probability"), tr("ln p")};
    for (const CandidateRow& row : m_model->list().rows) {
        table.rows << row.text;
        table.values.push_back({row.probability, row.logProb});
    }
    return table;
}

void CandidatesView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    const auto& rows = m_model->list().rows;
    const double height = std::min(28.0, size.height() / static_cast<double>(rows.size() + 1));
    painter.setPen(theme.text);
    painter.setFont(uiFont());
    painter.drawText(QRectF(0, 0, size.width(), height), Qt::AlignLeft | Qt::AlignVCenter, caption());
    double y = height;
    for (const CandidateRow& row : rows) {
        const QRectF bar(size.width() * 0.35, y + 3, size.width() * 0.5, height - 6);
        painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * row.probability, bar.height())),
                         blend(theme.panel, theme.text, 0.35));
        painter.drawText(QRectF(0, y, bar.left() - 8, height), Qt::AlignRight | Qt::AlignVCenter, row.text);
        painter.drawText(QRectF(bar.right() + 8, y, size.width() * 0.15 - 8, height),
                         Qt::AlignLeft | Qt::AlignVCenter, weightText(row.probability));
        y += height;
    }
}

} // namespace attn::ui
