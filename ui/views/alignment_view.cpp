// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/alignment_view.h"

#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <cmath>

#include "ui/present/axis_text.h"
#include "ui/present/hypotheses.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

AlignmentView::AlignmentView(Selection* selection, QWidget* parent)
    : TraceView(selection, parent),
      m_map(new CellMap),
      m_heading(new QLabel(tr("Alignment"))),
      m_caption(new QLabel),
      m_remark(new QLabel),
      m_site(new QComboBox),
      m_head(new QComboBox),
      m_display(new QToolButton),
      m_menu(new QMenu(this)) {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(8, 4, 8, 0);
    column->setSpacing(4);
    auto* header = new QHBoxLayout;
    header->setSpacing(12);
    m_heading->setFont(headingFont());
    m_caption->setMinimumWidth(1);
    header->addWidget(m_heading);
    header->addWidget(m_caption, 1);
    header->addWidget(m_site);
    header->addWidget(m_head);
    header->addWidget(m_display);
    column->addLayout(header);
    column->addWidget(m_map, 1);
    m_remark->setWordWrap(true);
    m_remark->setAlignment(Qt::AlignCenter);
    m_remark->setMargin(16);
    m_remark->setMinimumSize(1, 1);
    m_remark->hide();
    column->addWidget(m_remark, 1);
    setContent(content);

    m_site->setToolTip(tr("Which attention of the model is shown"));
    m_site->setAccessibleName(tr("Site"));
    m_site->hide();
    m_head->setToolTip(tr("Which head's map is shown (H)"));
    m_head->setAccessibleName(tr("Head"));
    m_head->hide();
    m_display->setIcon(themedIcon(QStringLiteral("settings"), m_display));
    m_display->setAutoRaise(true);
    m_display->setToolTip(tr("How the map is drawn, copied and exported"));
    m_display->setAccessibleName(tr("Display of the map"));
    m_display->setPopupMode(QToolButton::InstantPopup);
    m_display->setMenu(m_menu);
    buildActions();

    m_map->setAccessibleName(tr("Alignment"));
    m_map->setValueName(tr("weight"));
    m_map->setRange(0, 1);
    m_map->setToolTipText([this](int row, int col) { return cellText(row, col); });
    applyDisplay();
    connect(m_map, &CellMap::cellHovered, this, [this](int row, int col) {
        Pointing at;
        at.at = shownPlace().at(row, col);
        this->selection().hover(at);
    });
    connect(m_map, &CellMap::cellClicked, this, &AlignmentView::togglePin);
    connect(m_map, &CellMap::cellActivated, this, &AlignmentView::togglePin);
    connect(m_site, &QComboBox::activated, this, [this](int index) { this->selection().chooseSite(index); });
    connect(m_head, &QComboBox::activated, this,
            [this](int index) { this->selection().promoteHead(index - 1); });
}

void AlignmentView::togglePin(int row, int col) {
    selection().togglePin(shownPlace().at(row, col));
}

void AlignmentView::buildActions() {
    const auto group = [this](const QString& title, const QList<QPair<QString, int>>& entries) {
        auto* menu = new QMenu(title, this);
        auto* actions = new QActionGroup(this);
        for (const auto& [text, value] : entries) {
            QAction* action = menu->addAction(text);
            action->setCheckable(true);
            action->setData(value);
            actions->addAction(action);
        }
        actions->actions().constFirst()->setChecked(true);
        connect(actions, &QActionGroup::triggered, this, [this] {
            applyDisplay();
            emit displayChanged();
        });
        m_displayActions << menu->menuAction();
        return actions;
    };
    const auto toggle = [this](const QString& text, const QString& tip, bool on) {
        auto* action = new QAction(text, this);
        action->setCheckable(true);
        action->setChecked(on);
        action->setToolTip(tip);
        connect(action, &QAction::triggered, this, [this] {
            applyDisplay();
            emit displayChanged();
        });
        m_displayActions << action;
        return action;
    };
    m_maps = group(tr("&Colour map"), {{tr("Ink"), int(MapName::Ink)},
                                       {tr("Viridis"), int(MapName::Viridis)},
                                       {tr("Cividis"), int(MapName::Cividis)},
                                       {tr("Greys"), int(MapName::Greys)}});
    m_scales = group(tr("&Scale of colours"), {{tr("Linear"), int(Scale::Linear)},
                                               {tr("Square root"), int(Scale::SquareRoot)},
                                               {tr("Logarithmic"), int(Scale::Log)}});
    m_values = toggle(tr("&Values in the cells"), tr("Shows the weights where there is room"), false);
    m_maxima = toggle(tr("Row &maxima"), tr("Marks each row's largest weight"), false);
    m_allowed = toggle(tr("Positions out of s&cope"), tr("Hatches where attention may not look"), true);
    m_gold = toggle(tr("Gol&d links"),
                    tr("Outlines the cells of a reference alignment: sure ones solid, possible ones dashed"),
                    true);
    m_menu->addActions(m_displayActions);
}

void AlignmentView::addToMenu(const QList<QAction*>& actions) {
    auto* line = new QAction(this);
    line->setSeparator(true);
    TraceView::addToMenu(m_displayActions + QList<QAction*>{line} + actions);
    m_menu->addAction(line);
    m_menu->addActions(actions);
}

MapName AlignmentView::mapName() const {
    return static_cast<MapName>(m_maps->checkedAction()->data().toInt());
}
Scale AlignmentView::scale() const {
    return static_cast<Scale>(m_scales->checkedAction()->data().toInt());
}
bool AlignmentView::showsValues() const {
    return m_values->isChecked();
}
bool AlignmentView::showsRowMaxima() const {
    return m_maxima->isChecked();
}
bool AlignmentView::showsAllowed() const {
    return m_allowed->isChecked();
}
bool AlignmentView::showsGold() const {
    return m_gold->isChecked();
}

void AlignmentView::setColours(MapName map, Scale scale) {
    for (QAction* action : m_maps->actions())
        if (action->data().toInt() == int(map)) action->setChecked(true);
    for (QAction* action : m_scales->actions())
        if (action->data().toInt() == int(scale)) action->setChecked(true);
    applyDisplay();
}

void AlignmentView::setOverlays(bool values, bool rowMaxima, bool allowed, bool gold) {
    m_values->setChecked(values);
    m_maxima->setChecked(rowMaxima);
    m_allowed->setChecked(allowed);
    m_gold->setChecked(gold);
    applyDisplay();
}

void AlignmentView::applyDisplay() {
    m_map->setColours(mapName(), scale());
    m_map->setShowValues(showsValues());
    m_map->setShowRowMaxima(showsRowMaxima());
    if (m_map->rows() == 0) return;
    m_map->setAllowed(showsAllowed() ? m_shown.allowed : std::vector<unsigned char>());
    m_map->setGoldLinks(showsGold() && trace() ? goldCells(*trace(), m_shown.site) : std::vector<GoldLink>());
}

QString AlignmentView::caption() const {
    return trace() ? pathTitle(*trace(), path()) + QStringLiteral(" · ") +
                         mapTitle(*trace(), m_shown.site, m_shown.head)
                   : QString();
}

void AlignmentView::traceChanged() {
    if (!trace()) {
        m_map->clear();
        return;
    }
    listSites();
    showMap();
}

void AlignmentView::listSites() {
    const int sites = static_cast<int>(trace()->sites.size());
    m_site->clear();
    for (int site = 0; site < sites; ++site) {
        const Site& at = trace()->sites[static_cast<std::size_t>(site)];
        const auto nameOf = [&](int axis) { return axisName(trace()->axes[static_cast<std::size_t>(axis)]); };
        m_site->addItem(siteText(*trace(), site));
        m_site->setItemData(site, tr("%1 × %2").arg(nameOf(at.queryAxis), nameOf(at.keyAxis)),
                            Qt::ToolTipRole);
    }
    m_site->setVisible(sites > 1);
}

void AlignmentView::listHeads() {
    const int heads = shownPlace().heads;
    if (heads > 0 && m_head->count() != heads + 1) {
        m_head->clear();
        m_head->addItem(tr("Mean of %1 heads").arg(heads));
        for (int head = 0; head < heads; ++head) m_head->addItem(tr("Head %1").arg(head + 1));
    }
    m_head->setVisible(heads > 1);
}

void AlignmentView::showMap() {
    listHeads();
    const int site = shownSite();
    const int promoted = selection().promotedHead();
    m_shown = attentionMap(*trace(), site, promoted < shownPlace().heads ? promoted : -1, path());
    const AttentionMap& map = m_shown;
    m_map->setVisible(!map.isEmpty());
    m_remark->setVisible(map.isEmpty());
    m_remark->setText(map.isEmpty() ? noAttentionText(*trace()) : QString());
    m_display->setEnabled(!map.isEmpty());
    m_caption->setText(ruleTitle(*trace(), site, map.head)); // the site is named beside it
    if (map.isEmpty()) {
        m_map->clear();
        m_map->setCaption(caption());
        return;
    }
    m_map->setData(map.rows, map.cols, map.weights);
    m_map->setRowLabels(map.rowLabels);
    m_map->setColumnLabels(map.columnLabels);
    m_map->setRowMargin({tr("entropy, bits"), map.entropy,
                         std::max(1.0F, std::log2(static_cast<float>(std::max(map.cols, 2))))});
    float most = 1;
    for (float sum : map.coverage) most = std::max(most, sum);
    m_map->setColumnMargin({tr("coverage"), map.coverage, most});
    m_map->setCaption(caption());
    m_site->setCurrentIndex(site);
    m_head->setCurrentIndex(map.head + 1);
    applyDisplay();
}

void AlignmentView::selectionChanged(Selection::Aspects what) {
    const bool otherHead = what & Selection::Head && selection().promotedHead() != m_shown.head;
    if (otherHead || (what & Selection::Place && shownSite() != m_shown.site)) showMap();
    const PointingBounds::SiteBounds place = shownPlace();
    const AxisPositions& hovered = selection().hovered().at;
    const AxisPositions& pinned = selection().pinned().at;
    m_map->setHoveredCell(hovered[place.queryAxis], hovered[place.keyAxis]);
    m_map->setPinnedCell(pinned[place.queryAxis], pinned[place.keyAxis]);
    m_map->setCurrentRow(rowsAreSteps() ? selection().currentStep() : -1);
    setGrowing(m_growing);
}

bool AlignmentView::rowsAreSteps() const {
    return bounds().stepAxis >= 0 && shownPlace().queryAxis == bounds().stepAxis;
}

void AlignmentView::setGrowing(bool growing) {
    m_growing = growing;
    if (trace()) m_map->setValidRows(growing && rowsAreSteps() ? selection().currentStep() + 1 : -1);
}

QString AlignmentView::cellText(int row, int col) const {
    const AttentionMap& map = m_shown;
    if (map.isEmpty() || (row < 0 && col < 0)) return {};
    if (col < 0)
        return tr("“%1”: entropy %2 bits")
            .arg(map.rowLabels.value(row), number(map.entropy[static_cast<std::size_t>(row)], 3));
    if (row < 0)
        return tr("“%1”: coverage %2")
            .arg(map.columnLabels.value(col), number(map.coverage[static_cast<std::size_t>(col)], 3));
    if (!map.allowed.empty() && map.allowed[static_cast<std::size_t>(row) * map.cols + col] == 0)
        return tr("“%1” ← “%2”: out of scope").arg(map.rowLabels.value(row), map.columnLabels.value(col));
    return tr("“%1” ← “%2”: weight %3")
        .arg(map.rowLabels.value(row), map.columnLabels.value(col), weightText(map.weight(row, col)));
}

NumberTable AlignmentView::numbers() const {
    NumberTable table;
    if (!trace() || m_shown.isEmpty()) return table;
    const AttentionMap& map = m_shown;
    table.caption = caption();
    table.columns = map.columnLabels;
    table.columns << tr("entropy, bits");
    table.rows = map.rowLabels;
    for (int t = 0; t < map.rows; ++t) {
        const float* row = map.weights.data() + static_cast<std::size_t>(t) * map.cols;
        table.values.emplace_back(row, row + map.cols);
        table.values.back().push_back(map.entropy[static_cast<std::size_t>(t)]);
    }
    table.marginRows = table.marginColumns = 1;
    table.rows << tr("coverage");
    table.values.emplace_back(map.coverage.begin(), map.coverage.end());
    table.values.back().push_back(NAN);
    return table;
}

void AlignmentView::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) {
    if (!m_shown.isEmpty()) return m_map->paintFigure(painter, size, theme);
    if (!trace()) return;
    painter.setFont(uiFont());
    painter.setPen(theme.text);
    painter.drawText(QRectF({0, 0}, size), Qt::AlignCenter | Qt::TextWordWrap, noAttentionText(*trace()));
}

} // namespace attn::ui
