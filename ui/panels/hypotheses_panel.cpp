// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/hypotheses_panel.h"

#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/present/numbers.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
constexpr int kMostRows = 5; ///< seen at once: the alignment above needs the height
}

void HypothesesModel::setRows(std::vector<HypothesisRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int HypothesesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int HypothesesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HypothesesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const HypothesisRow& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            switch (index.column()) {
                case Rank:
                    return count(index.row() + 1);
                case Text:
                    return row.ended ? row.text : row.text + QStringLiteral(" …");
                case Score:
                    return number(row.score.total, 2);
                case LogProbability:
                    return number(row.score.logProb, 2);
                case Length:
                    return number(row.score.length, 2);
                case Coverage:
                    return number(row.score.coverage, 2);
                default:
                    return {};
            }
        case Qt::ToolTipRole:
            return QString(row.text + QLatin1Char('\n') + row.scoreText());
        case Qt::FontRole:
            return index.column() == Text ? tokensFont() : numbersFont();
        case Qt::TextAlignmentRole:
            return int((index.column() == Text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        default:
            return {};
    }
}

QVariant HypothesesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
        case Rank:
            return tip ? tr("Rank, the best first") : tr("Rank");
        case Text:
            return tip ? tr("Choose one: every view shows it") : tr("Hypothesis");
        case Score:
            return tip ? tr("What it is ranked by: ln p divided by the length normalisation, plus coverage")
                       : tr("Score");
        case LogProbability:
            return tip ? tr("Natural logarithm of its probability: the sum over its words") : tr("ln p");
        case Length:
            return tip ? tr("What the length penalty divides ln p by") : tr("÷ length");
        case Coverage:
            return tip ? tr("What the coverage penalty adds") : tr("+ coverage");
        default:
            return {};
    }
}

HypothesesPanel::HypothesesPanel(QWidget* parent)
    : QWidget(parent), m_table(new QTableView), m_model(new HypothesesModel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 0, 8, 0);
    column->addWidget(m_table);
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(tr("Hypotheses"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(HypothesesModel::Text, QHeaderView::Stretch);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid()) emit chosen(now.row());
            });
    hide();
}

void HypothesesPanel::setRows(std::vector<HypothesisRow> rows) {
    {
        const QSignalBlocker quiet(this);
        m_model->setRows(std::move(rows));
    }
    setCurrent(0);
    fitHeight();
    setVisible(m_model->rowCount() > 1);
}

void HypothesesPanel::setCurrent(int rank) {
    if (rank == current() || rank >= m_model->rowCount()) return;
    const QSignalBlocker quiet(this);
    m_table->setCurrentIndex(m_model->index(rank, HypothesesModel::Text));
}

int HypothesesPanel::current() const {
    return m_table->currentIndex().row();
}

void HypothesesPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitHeight();
}

void HypothesesPanel::fitHeight() {
    QHeaderView* sections = m_table->verticalHeader();
    sections->setMinimumSectionSize(1);
    sections->setDefaultSectionSize(QFontMetrics(tokensFont()).height() + 4);
    const int rows = std::min(m_model->rowCount(), kMostRows);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * sections->defaultSectionSize() + 2 * m_table->frameWidth());
}

} // namespace attn::ui
