// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map.h"

#include <QPainter>
#include <utility>

#include "core/base/error.h"
#include "ui/widgets/cell_map_labels.h"
#include "ui/widgets/cell_map_paint.h"
#include "ui/widgets/cell_map_pointer.h"
#include "ui/widgets/cell_map_pool.h"
#include "ui/widgets/theme_text.h"

namespace attn::ui {

namespace {

constexpr qsizetype mostShapes = 100'000; ///< cells drawn as rectangles in a figure

} // namespace

CellMap::CellMap(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Map"));
}

// ---- what is shown

void CellMap::requireSize(qsizetype found, qsizetype expected, const char* what) const {
    if (found != 0 && found != expected)
        throw Error(ErrorKind::Bug, "CellMap: " + std::string(what) + " has " + std::to_string(found) +
                                        " entries, expected " + std::to_string(expected));
}

void CellMap::setData(int rows, int cols, std::vector<float> values) {
    setData(rows, cols, std::make_shared<const std::vector<float>>(std::move(values)));
}

void CellMap::setData(int rows, int cols, std::shared_ptr<const std::vector<float>> values) {
    const qsizetype found = values ? static_cast<qsizetype>(values->size()) : 0;
    if (rows < 0 || cols < 0 || found != static_cast<qsizetype>(rows) * cols)
        throw Error(ErrorKind::Bug, "CellMap: data has " + std::to_string(found) + " entries, expected " +
                                        std::to_string(rows) + " x " + std::to_string(cols));
    const bool shape = rows != m_content.rows || cols != m_content.cols;
    if (rows != m_content.rows) {
        m_content.rowLabels.clear();
        m_content.rowMargin = {};
    }
    if (cols != m_content.cols) {
        m_content.columnLabels.clear();
        m_content.columnMargin = {};
    }
    if (shape) {
        m_content.allowed.clear();
        m_content.gold.clear();
        m_content.validRows = -1;
        m_view = {};
        if (m_hovered.row >= rows || m_hovered.col >= cols) m_hovered = {};
        if (m_pinned.row >= rows || m_pinned.col >= cols) m_pinned = {};
        if (m_currentRow >= rows) m_currentRow = -1;
        if (m_currentColumn >= cols) m_currentColumn = -1;
    }
    m_content.rows = rows;
    m_content.cols = cols;
    m_content.values = std::move(values);
    contentChanged(shape);
    announce();
}

void CellMap::clear() {
    setData(0, 0, std::vector<float>());
}

void CellMap::setRowLabels(const QStringList& labels) {
    requireSize(labels.size(), m_content.rows, "row labels");
    m_content.rowLabels = labels;
    contentChanged(true);
}

void CellMap::setColumnLabels(const QStringList& labels) {
    requireSize(labels.size(), m_content.cols, "column labels");
    m_content.columnLabels = labels;
    contentChanged(true);
}

void CellMap::setRowMargin(CellMargin margin) {
    requireSize(static_cast<qsizetype>(margin.values.size()), m_content.rows, "row margin");
    m_content.rowMargin = std::move(margin);
    contentChanged(true);
}

void CellMap::setColumnMargin(CellMargin margin) {
    requireSize(static_cast<qsizetype>(margin.values.size()), m_content.cols, "column margin");
    m_content.columnMargin = std::move(margin);
    contentChanged(true);
}

void CellMap::setAllowed(std::vector<unsigned char> allowed) {
    requireSize(static_cast<qsizetype>(allowed.size()),
                static_cast<qsizetype>(m_content.rows) * m_content.cols, "allowed mask");
    m_content.allowed = std::move(allowed);
    contentChanged(false);
}

void CellMap::setGoldLinks(std::vector<GoldLink> links) {
    m_content.gold = std::move(links);
    contentChanged(false);
}

void CellMap::setValidRows(int count) {
    if (count == m_content.validRows) return;
    m_content.validRows = count;
    contentChanged(false);
}

void CellMap::setColours(MapName map, Scale scale) {
    m_content.map = map;
    m_content.scale = scale;
    contentChanged(false);
}

void CellMap::setRange(float min, float max) {
    m_content.min = min;
    m_content.max = max;
    contentChanged(false);
}

void CellMap::setFit(CellFit fit) {
    m_content.fit = fit;
    contentChanged(true);
}

void CellMap::setCompact(bool compact) {
    m_content.compact = compact;
    contentChanged(true);
    updateGeometry();
}

void CellMap::setCaption(const QString& caption) {
    m_content.caption = caption;
    contentChanged(true);
}

void CellMap::setShowValues(bool show) {
    m_content.showValues = show;
    contentChanged(false);
}

void CellMap::setShowRowMaxima(bool show) {
    m_content.showRowMaxima = show;
    contentChanged(false);
}

void CellMap::setShowLegend(bool show) {
    m_content.showLegend = show;
    contentChanged(true);
}

void CellMap::setEmptyText(const QString& text) {
    m_emptyText = text;
    update();
}

void CellMap::setValueName(const QString& name) {
    m_valueName = name;
    announce();
}

void CellMap::setToolTipText(std::function<QString(int, int)> text) {
    m_toolTipText = std::move(text);
}

void CellMap::contentChanged(bool shape) {
    if (shape) m_geometry.reset();
    m_picture = QPixmap();
    update();
}

const CellMapGeometry& CellMap::geometryNow() const {
    if (!m_geometry)
        m_geometry = std::make_unique<CellMapGeometry>(
            layOut(m_content, QSizeF(size()), m_view, devicePixelRatioF(), false));
    return *m_geometry;
}

QSize CellMap::sizeHint() const {
    return m_content.compact ? QSize(scaled(112), scaled(112)) : QSize(560, 480);
}
QSize CellMap::minimumSizeHint() const {
    return m_content.compact ? QSize(48, 48) : QSize(160, 120);
}

// ---- where things are

QRectF CellMap::cellRect(int row, int col) const {
    return geometryNow().cellRect(row, col);
}

CellIndex CellMap::cellAt(const QPointF& position) const {
    if (m_content.isEmpty()) return {};
    const CellMapGeometry& g = geometryNow();
    const int row = g.rowAt(position.y());
    const int col = g.columnAt(position.x());
    if (g.map.contains(position)) return {row, col};
    if (g.rowLabels.contains(position) || g.rowMargin.contains(position)) return {row, -1};
    if (g.columnLabels.contains(position) || g.columnMargin.contains(position)) return {-1, col};
    return {};
}

QString CellMap::describe(CellIndex cell) const {
    QStringList parts;
    if (cell.row >= 0 && cell.row < m_content.rows) parts << tr("row %1").arg(m_content.rowName(cell.row));
    if (cell.col >= 0 && cell.col < m_content.cols)
        parts << tr("column %1").arg(m_content.columnName(cell.col));
    if (parts.size() < 2) return parts.join(QString());
    const QString name = m_valueName.isEmpty() ? tr("value") : m_valueName;
    if (cell.row >= m_content.shownRows())
        parts << tr("not decoded yet");
    else if (!m_content.isAllowed(cell.row, cell.col))
        parts << tr("not allowed");
    else
        parts << name + ' ' +
                     QString::number(static_cast<double>(m_content.value(cell.row, cell.col)), 'g', 3);
    return parts.join(tr(", "));
}

void CellMap::setToolTipHint(const QString& hint) {
    m_hint = hint;
}

QString CellMap::toolTipAt(const QPointF& position) const {
    const QString text = textAt(position);
    return m_hint.isEmpty() || text.isEmpty() ? text : text + QLatin1Char('\n') + m_hint;
}

QString CellMap::textAt(const QPointF& position) const {
    const CellIndex cell = cellAt(position);
    if (cell.isCell()) {
        if (m_toolTipText) return m_toolTipText(cell.row, cell.col);
        return describe(cell);
    }
    const auto margin = [](const CellMargin& m, int index) {
        if (index >= static_cast<int>(m.values.size())) return QString();
        return '\n' + m.title + ' ' + shortNumber(static_cast<double>(m.values[index]));
    };
    if (cell.row >= 0) return m_content.rowName(cell.row) + margin(m_content.rowMargin, cell.row);
    if (cell.col >= 0) return m_content.columnName(cell.col) + margin(m_content.columnMargin, cell.col);
    return {};
}

void CellMap::announce() {
    setAccessibleDescription(describe(m_hovered.isCell() ? m_hovered : m_pinned));
}

// ---- painting

void CellMap::paintEvent(QPaintEvent*) {
    const Theme theme = currentTheme(this);
    QPainter painter(this);
    if (m_content.isEmpty()) {
        painter.fillRect(rect(), theme.panel);
        painter.setFont(uiFont());
        painter.setPen(theme.dimText);
        painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const double ratio = devicePixelRatioF();
    if (!m_picture.isNull() && m_picture.devicePixelRatio() != ratio) contentChanged(true);
    if (m_wantedFrame) takeWantedFrame();
    const CellMapGeometry& g = geometryNow();
    if (m_picture.isNull()) {
        const ColourMap colours = m_content.colours(theme);
        const CellMapScene scene{m_content, g, colours, theme};
        m_picture = QPixmap(QSizeF(QSizeF(size()) * ratio).toSize());
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(theme.panel);
        QPainter picture(&m_picture);
        paintCellsAsImage(picture, scene, ratio);
        paintMarks(picture, scene);
        paintLabels(picture, m_content, g, theme);
        paintMargins(picture, scene);
        paintCaptionAndLegend(picture, scene);
    }
    painter.drawPixmap(0, 0, m_picture);
    paintPointer(painter, m_content, g, theme, {m_hovered, m_pinned, m_currentRow, m_currentColumn});
    if (m_keyboardFocus) {
        painter.setPen(QPen(theme.hover, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

QImage CellMap::renderMap(const QSize& pixels) const {
    const Theme theme = currentTheme(this);
    return poolCells(m_content, m_content.colours(theme), theme, QRectF(0, 0, m_content.cols, m_content.rows),
                     pixels);
}

void CellMap::paintFigure(QPainter& painter, const QSizeF& size) const {
    paintFigure(painter, size, currentTheme(this));
}

void CellMap::paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) const {
    painter.fillRect(QRectF(QPointF(), size), theme.panel);
    if (m_content.isEmpty()) return;
    CellMapView whole;
    const CellMapGeometry g = layOut(m_content, size, whole, 1, true);
    const ColourMap colours = m_content.colours(theme);
    const CellMapScene scene{m_content, g, colours, theme};
    if (static_cast<qsizetype>(m_content.rows) * m_content.cols <= mostShapes)
        paintCellsAsShapes(painter, scene);
    else
        paintCellsAsImage(painter, scene, 3);
    paintMarks(painter, scene);
    paintLabels(painter, m_content, g, theme);
    paintMargins(painter, scene);
    paintCaptionAndLegend(painter, scene);
}

} // namespace attn::ui
