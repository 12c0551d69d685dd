// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
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
constexpr double keyZoom = 1.25;

bool isMapKey(int key) {
    for (const int own : {Qt::Key_Up, Qt::Key_Down, Qt::Key_Left, Qt::Key_Right, Qt::Key_Plus, Qt::Key_Equal,
                          Qt::Key_Minus, Qt::Key_0, Qt::Key_Return, Qt::Key_Enter})
        if (key == own) return true;
    return false;
}

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

// ---- pointing

void CellMap::setHoveredCell(int row, int col) {
    const CellIndex cell{row < m_content.rows ? row : -1, col < m_content.cols ? col : -1};
    if (cell == m_hovered) return;
    m_hovered = cell;
    announce();
    update();
}

void CellMap::setPinnedCell(int row, int col) {
    const CellIndex cell{row < m_content.rows ? row : -1, col < m_content.cols ? col : -1};
    if (cell == m_pinned) return;
    m_pinned = cell;
    announce();
    update();
}

void CellMap::setCurrentRow(int row) {
    row = row < m_content.rows ? row : -1;
    if (row == m_currentRow) return;
    m_currentRow = row;
    update();
}

void CellMap::setCurrentColumn(int col) {
    col = col < m_content.cols ? col : -1;
    if (col == m_currentColumn) return;
    m_currentColumn = col;
    update();
}

void CellMap::hover(CellIndex cell) {
    if (cell == m_hovered) return;
    setHoveredCell(cell.row, cell.col);
    emit cellHovered(cell.row, cell.col);
}

void CellMap::moveHover(int rows, int cols) {
    if (m_content.isEmpty()) return;
    CellIndex cell = m_hovered.isCell() ? m_hovered : m_pinned;
    if (cell.isCell())
        cell = {std::clamp(cell.row + rows, 0, m_content.rows - 1),
                std::clamp(cell.col + cols, 0, m_content.cols - 1)};
    else
        cell = {std::max(m_currentRow, 0), 0};
    scrollTo(cell);
    hover(cell);
}

void CellMap::scrollTo(CellIndex cell) {
    const CellMapGeometry& g = geometryNow();
    const QRectF rect = g.cellRect(cell.row, cell.col);
    const QPointF before = m_view.offset;
    if (rect.left() < g.map.left()) m_view.offset.rx() -= g.map.left() - rect.left();
    if (rect.right() > g.map.right()) m_view.offset.rx() += rect.right() - g.map.right();
    if (rect.top() < g.map.top()) m_view.offset.ry() -= g.map.top() - rect.top();
    if (rect.bottom() > g.map.bottom()) m_view.offset.ry() += rect.bottom() - g.map.bottom();
    if (m_view.offset != before) contentChanged(true);
}

void CellMap::zoomBy(double factor, const QPointF& about) {
    if (m_content.isEmpty()) return;
    if (m_wantedFrame) takeWantedFrame();
    const CellMapGeometry before = geometryNow();
    const QPointF held(std::clamp(about.x(), before.map.left(), before.map.right()),
                       std::clamp(about.y(), before.map.top(), before.map.bottom()));
    const double x = (held.x() - before.origin.x()) / before.cellWidth;
    const double y = (held.y() - before.origin.y()) / before.cellHeight;
    m_view.zoom = std::max(1.0, m_view.zoom * factor);
    contentChanged(true);
    const CellMapGeometry after = geometryNow();
    m_view.offset = QPointF(x * after.cellWidth - (held.x() - after.map.left()),
                            y * after.cellHeight - (held.y() - after.map.top()));
    contentChanged(true);
    geometryNow();
}

void CellMap::zoomIn() {
    zoomBy(keyZoom, geometryNow().map.center());
}
void CellMap::zoomOut() {
    zoomBy(1 / keyZoom, geometryNow().map.center());
}

CellMapFrame CellMap::frame() const {
    if (m_wantedFrame) return *m_wantedFrame;
    const CellMapGeometry& g = geometryNow();
    const double width = g.cellWidth * g.cols, height = g.cellHeight * g.rows;
    if (m_view.zoom <= 1 || !(width > 0) || !(height > 0)) return {};
    return {m_view.zoom, {m_view.offset.x() / width, m_view.offset.y() / height}};
}

void CellMap::setFrame(const CellMapFrame& frame) {
    if (frame == this->frame()) return;
    m_wantedFrame = frame;
    update();
}

void CellMap::takeWantedFrame() {
    const CellMapFrame frame = *std::exchange(m_wantedFrame, std::nullopt);
    m_view = {std::max(1.0, frame.zoom), {}};
    contentChanged(true);
    const CellMapGeometry& g = geometryNow();
    m_view.offset = {frame.corner.x() * g.cellWidth * g.cols, frame.corner.y() * g.cellHeight * g.rows};
    contentChanged(true);
}

void CellMap::fitToView() {
    m_wantedFrame.reset();
    m_view = {};
    contentChanged(true);
}

// ---- events

bool CellMap::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && m_keyboardFocus &&
        isMapKey(static_cast<QKeyEvent*>(event)->key())) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = toolTipAt(help->pos());
    if (text.isEmpty()) {
        QToolTip::hideText();
        event->ignore();
    } else {
        QToolTip::showText(help->globalPos(), text, this);
    }
    return true;
}

void CellMap::changeEvent(QEvent* event) {
    switch (event->type()) {
        case QEvent::PaletteChange:
        case QEvent::FontChange:
        case QEvent::StyleChange:
            updateGeometry();
            contentChanged(true);
            break;
        case QEvent::LanguageChange:
            announce();
            break;
        default:
            break;
    }
    QWidget::changeEvent(event);
}

void CellMap::resizeEvent(QResizeEvent* event) {
    // Who has zoomed in goes on looking at the same part.
    if (m_geometry && m_view.zoom > 1) m_wantedFrame = frame();
    contentChanged(true);
    QWidget::resizeEvent(event);
}

void CellMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_keyboardFocus = false;
    m_pressed = true;
    m_dragging = false;
    m_pressedAt = event->position();
    geometryNow();
    m_pannedFrom = m_view.offset;
}

void CellMap::mouseMoveEvent(QMouseEvent* event) {
    const QPointF moved = event->position() - m_pressedAt;
    if (m_pressed && moved.manhattanLength() >= QApplication::startDragDistance() && m_view.zoom > 1)
        m_dragging = true;
    if (m_dragging) {
        setCursor(Qt::ClosedHandCursor);
        m_view.offset = m_pannedFrom - moved;
        contentChanged(true);
        return;
    }
    const CellIndex before = m_hovered;
    hover(cellAt(event->position()));
    // A tooltip that is up follows from cell to cell without a new wait.
    if (m_hovered != before && QToolTip::isVisible())
        QToolTip::showText(event->globalPosition().toPoint(), toolTipAt(event->position()), this);
}

void CellMap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_pressed) return;
    const bool click = !m_dragging && (event->position() - m_pressedAt).manhattanLength() <
                                          QApplication::startDragDistance();
    m_pressed = false;
    if (m_dragging) unsetCursor();
    m_dragging = false;
    const CellIndex cell = cellAt(event->position());
    if (click && (cell.row >= 0 || cell.col >= 0)) emit cellClicked(cell.row, cell.col);
}

void CellMap::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_pressed = false;
    const CellIndex cell = cellAt(event->position());
    fitToView();
    if (cell.row >= 0 || cell.col >= 0) emit cellClicked(cell.row, cell.col);
}

void CellMap::leaveEvent(QEvent* event) {
    hover({});
    QWidget::leaveEvent(event);
}

void CellMap::focusInEvent(QFocusEvent* event) {
    m_keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                      event->reason() == Qt::ShortcutFocusReason;
    QWidget::focusInEvent(event);
}

void CellMap::focusOutEvent(QFocusEvent* event) {
    m_keyboardFocus = false;
    QWidget::focusOutEvent(event);
}

void CellMap::wheelEvent(QWheelEvent* event) {
    const double turns = event->angleDelta().y() / 120.0;
    if (turns == 0 || m_content.compact || m_content.isEmpty()) {
        event->ignore();
        return;
    }
    zoomBy(std::pow(keyZoom, turns), event->position());
    hover(cellAt(event->position()));
    event->accept();
}

void CellMap::keyPressEvent(QKeyEvent* event) {
    const CellIndex cell = m_hovered.isCell() ? m_hovered : m_pinned;
    switch (event->key()) {
        case Qt::Key_Up:
            return moveHover(-1, 0);
        case Qt::Key_Down:
            return moveHover(1, 0);
        case Qt::Key_Left:
            return moveHover(0, -1);
        case Qt::Key_Right:
            return moveHover(0, 1);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomIn();
        case Qt::Key_Minus:
            return zoomOut();
        case Qt::Key_0:
            return fitToView();
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (cell.isCell()) {
                emit cellActivated(cell.row, cell.col);
                return;
            }
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

} // namespace attn::ui
