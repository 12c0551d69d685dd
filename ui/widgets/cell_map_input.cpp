// SPDX-License-Identifier: GPL-3.0-or-later
// CellMap's pointer, keyboard and view: hovering, pinning, zooming, panning.
#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/widgets/cell_map.h"

namespace attn::ui {

namespace {

constexpr double keyZoom = 1.25;

bool isMapKey(int key) {
    for (const int own : {Qt::Key_Up, Qt::Key_Down, Qt::Key_Left, Qt::Key_Right, Qt::Key_Plus, Qt::Key_Equal,
                          Qt::Key_Minus, Qt::Key_0, Qt::Key_Return, Qt::Key_Enter})
        if (key == own) return true;
    return false;
}

} // namespace

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
