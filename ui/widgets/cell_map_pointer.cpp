// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_pointer.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/cell_map_labels.h"

namespace attn::ui {

namespace {

/// Cells under this size get one line through the middle instead of one on each side.
constexpr double thinCell = 4;

class PointerPainter {
public:
    PointerPainter(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                   const Theme& theme)
        : m_painter(painter), m_content(content), m_g(geometry), m_theme(theme) {}

    void currentRow(int row) {
        if (!rowInView(row)) return;
        QRectF label;
        if (!m_content.compact)
            label = paintRowLabel(m_painter, m_content, m_g, row,
                                  {m_theme.accent, m_theme.panel, {}, m_theme.panel});
        QPen pen(m_theme.accent, 2);
        pen.setJoinStyle(Qt::MiterJoin);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        const QRectF outline =
            grown(QRectF(m_g.map.left(), m_g.cellRect(row, 0).top(), m_g.map.width(), m_g.cellHeight), 3);
        m_painter.drawRect(outline.intersected(m_g.map.adjusted(-1, -1, 1, 1)));
        if (m_content.compact) return;
        const double size = scaled(4);
        const double right = label.isEmpty() ? m_g.rowLabels.right() - 6 : label.left() - 1;
        const QPointF tip(right, m_g.rowMiddle(row).value_or(outline.center().y()));
        const QPointF marker[] = {tip, tip + QPointF(-1.5 * size, -size), tip + QPointF(-1.5 * size, size)};
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.accent);
        m_painter.drawPolygon(marker, 3);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void currentColumn(int col) {
        if (!columnInView(col)) return;
        if (!m_content.compact)
            paintColumnLabel(m_painter, m_content, m_g, col,
                             {m_theme.accent, m_theme.panel, {}, m_theme.panel});
        // Outside the column, whose cells may be narrow.
        const QRectF cell = m_g.cellRect(0, col);
        const QRectF column(cell.left(), m_g.map.top(), cell.width(), m_g.map.height());
        QPen pen(m_theme.accent, 2);
        pen.setJoinStyle(Qt::MiterJoin);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(
            grown(column.adjusted(-1, -1, 1, 1), 4).intersected(m_g.map.adjusted(-1, -1, 1, 1)));
    }

    void lightRow(int row, const QColor& colour, const LabelStyle& style) {
        if (!rowInView(row)) return;
        const QRectF cell = m_g.cellRect(row, 0);
        setLine(colour);
        if (m_g.cellHeight < thinCell) {
            rowLine(cell.center().y());
        } else {
            rowLine(cell.top());
            rowLine(cell.bottom());
        }
        if (m_content.compact) return;
        paintRowLabel(m_painter, m_content, m_g, row, style);
        if (m_content.rowLabels.isEmpty()) rowMarkers(cell.center().y(), colour);
    }

    void lightColumn(int col, const QColor& colour, const LabelStyle& style) {
        if (!columnInView(col)) return;
        const QRectF cell = m_g.cellRect(0, col);
        setLine(colour);
        if (m_g.cellWidth < thinCell) {
            columnLine(cell.center().x());
        } else {
            columnLine(cell.left());
            columnLine(cell.right());
        }
        if (!m_content.compact) paintColumnLabel(m_painter, m_content, m_g, col, style);
    }

    void frame(CellIndex cell, const QColor& colour) {
        if (!rowInView(cell.row) || !columnInView(cell.col)) return;
        m_painter.save();
        m_painter.setClipRect(m_g.map.adjusted(-3, -3, 3, 3));
        const QRectF rect = m_g.cellRect(cell.row, cell.col).adjusted(1, 1, -2, -2).normalized();
        strokeWithHalo(m_painter, grown(rect, 5), colour, m_theme);
        m_painter.restore();
    }

private:
    bool rowInView(int row) const {
        const QRectF cell = m_g.cellRect(row, 0);
        return row >= 0 && row < m_g.rows && cell.bottom() > m_g.map.top() && cell.top() < m_g.map.bottom();
    }
    bool columnInView(int col) const {
        const QRectF cell = m_g.cellRect(0, col);
        return col >= 0 && col < m_g.cols && cell.right() > m_g.map.left() && cell.left() < m_g.map.right();
    }
    void setLine(QColor colour) {
        colour.setAlpha(150);
        m_painter.setPen(QPen(colour, 1));
    }
    void rowLine(double y) {
        if (y >= m_g.map.top() && y <= m_g.map.bottom())
            m_painter.drawLine(QPointF(m_g.map.left(), y - 0.5), QPointF(m_g.map.right() - 1, y - 0.5));
    }
    /// Where no label is lit, small marks at both sides lead to a row that may be a pixel high.
    void rowMarkers(double y, const QColor& colour) {
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colour);
        for (const int side : {-1, 1}) {
            const QPointF tip(side < 0 ? m_g.map.left() - 1 : m_g.map.right() + 1, y);
            const QPointF marker[] = {tip, tip + QPointF(6 * side, -4), tip + QPointF(6 * side, 4)};
            m_painter.drawPolygon(marker, 3);
        }
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }
    void columnLine(double x) {
        if (x >= m_g.map.left() && x <= m_g.map.right())
            m_painter.drawLine(QPointF(x - 0.5, m_g.map.top()), QPointF(x - 0.5, m_g.map.bottom() - 1));
    }

    QPainter& m_painter;
    const CellMapContent& m_content;
    const CellMapGeometry& m_g;
    const Theme& m_theme;
};

} // namespace

QRectF grown(const QRectF& rect, double least) {
    const double x = std::max(0.0, least - rect.width()) / 2;
    const double y = std::max(0.0, least - rect.height()) / 2;
    return rect.adjusted(-x, -y, x, y);
}

void strokeWithHalo(QPainter& painter, const QRectF& rect, const QColor& colour, const Theme& theme,
                    Qt::PenStyle style) {
    QPen halo(theme.panel, 4);
    halo.setJoinStyle(Qt::MiterJoin);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(halo);
    painter.drawRect(rect);
    QPen line(colour, 2);
    line.setJoinStyle(Qt::MiterJoin);
    if (style == Qt::DashLine) line.setDashPattern({2.5, 2});
    painter.setPen(line);
    painter.drawRect(rect);
}

void paintPointer(QPainter& painter, const CellMapContent& content, const CellMapGeometry& geometry,
                  const Theme& theme, const CellMapPointer& pointer) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    PointerPainter p(painter, content, geometry, theme);
    p.currentRow(pointer.currentRow);
    p.currentColumn(pointer.currentColumn);

    const LabelStyle pinned{theme.text, theme.panel, theme.text, theme.panel};
    p.lightRow(pointer.pinned.row, theme.text, pinned);
    p.lightColumn(pointer.pinned.col, theme.text, pinned);
    p.frame(pointer.pinned, theme.text);

    const bool onCurrent = pointer.hovered.row >= 0 && pointer.hovered.row == pointer.currentRow;
    const QColor ground = blend(theme.panel, theme.hover, 0.22);
    p.lightRow(pointer.hovered.row, theme.hover,
               {onCurrent ? theme.accent : theme.text, ground, {}, theme.panel});
    const bool onColumn = pointer.hovered.col >= 0 && pointer.hovered.col == pointer.currentColumn;
    p.lightColumn(pointer.hovered.col, theme.hover,
                  {onColumn ? theme.accent : theme.text, ground, {}, theme.panel});
    if (pointer.hovered != pointer.pinned) p.frame(pointer.hovered, theme.hover);
    painter.restore();
}

} // namespace attn::ui
