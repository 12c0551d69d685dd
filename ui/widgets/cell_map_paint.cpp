// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_paint.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/cell_map_pointer.h"
#include "ui/widgets/cell_map_pool.h"
#include "ui/widgets/theme_text.h"

namespace attn::ui {

namespace {

constexpr double gridFrom = 10; ///< cell sizes in logical pixels from which details are drawn
constexpr double marksFrom = 6;

QRgb cellColour(const CellMapScene& s, int row, int col) {
    return s.content.isAllowed(row, col) ? s.colours.colour(s.content.value(row, col))
                                         : forbiddenColour(s.theme);
}

void paintGrid(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    if (s.content.compact) {
        // Zero is the panel: without a frame one would not see where the map ends.
        painter.setPen(QPen(s.theme.grid, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(g.map.adjusted(-1, -1, 0, 0));
    }
    if (std::min(g.cellWidth, g.cellHeight) < gridFrom || s.content.compact) return;
    const auto [firstRow, lastRow] = g.visibleRows();
    const auto [firstCol, lastCol] = g.visibleColumns();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(s.theme.grid, 1));
    // Lines lie inside the last pixel of each cell.
    for (int row = firstRow; row <= lastRow; ++row) {
        const double y = std::min(g.cellRect(row, 0).top(), g.map.bottom()) - 0.5;
        if (y > g.map.top() - 1) painter.drawLine(QPointF(g.map.left(), y), QPointF(g.map.right() - 1, y));
    }
    for (int col = firstCol; col <= lastCol; ++col) {
        const double x = std::min(g.cellRect(0, col).left(), g.map.right()) - 0.5;
        if (x > g.map.left() - 1) painter.drawLine(QPointF(x, g.map.top()), QPointF(x, g.map.bottom() - 1));
    }
}

void paintHatches(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    if (std::min(g.cellWidth, g.cellHeight) < marksFrom) return;
    const auto [firstRow, lastRow] = g.visibleRows();
    const auto [firstCol, lastCol] = g.visibleColumns();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(blend(s.theme.panel, s.theme.dimText, 0.6), 1));
    for (int row = firstRow; row < std::min(lastRow, s.content.shownRows()); ++row)
        for (int col = firstCol; col < lastCol; ++col) {
            const bool missing = std::isnan(s.content.value(row, col));
            if (!missing && s.content.isAllowed(row, col)) continue;
            const QRectF cell = g.cellRect(row, col).adjusted(1, 1, -1, -1);
            painter.drawLine(cell.bottomLeft(), cell.topRight());
            if (missing) painter.drawLine(cell.topLeft(), cell.bottomRight());
        }
}

void paintValues(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    QFont font = numbersFont();
    QFontMetricsF metrics(font);
    const QString widest = s.colours.isSigned() ? QStringLiteral("-0.88") : QStringLiteral("0.88");
    if (metrics.horizontalAdvance(widest) + 6 > g.cellWidth) {
        font.setPixelSize(scaled(11));
        metrics = QFontMetricsF(font);
    }
    if (metrics.horizontalAdvance(widest) + 4 > g.cellWidth || metrics.ascent() + 4 > g.cellHeight) return;
    const auto [firstRow, lastRow] = g.visibleRows();
    const auto [firstCol, lastCol] = g.visibleColumns();
    painter.setFont(font);
    for (int row = firstRow; row < std::min(lastRow, s.content.shownRows()); ++row)
        for (int col = firstCol; col < lastCol; ++col) {
            const float value = s.content.value(row, col);
            if (std::isnan(value) || !s.content.isAllowed(row, col)) continue;
            const QColor ground = QColor(cellColour(s, row, col));
            const QColor ink = readableOn(ground);
            // What rounds to zero is a dot, so that the others are seen; the tooltip has the number.
            const bool tiny = value != 0 && std::abs(value) < 0.005F;
            painter.setPen(tiny && contrastRatio(s.theme.dimText, ground) >= 4.5 ? s.theme.dimText : ink);
            painter.drawText(g.cellRect(row, col), Qt::AlignCenter,
                             tiny ? QString(QChar(0x00b7)) : shortNumber(static_cast<double>(value)));
        }
}

void paintRowMaxima(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    if (std::min(g.cellWidth, g.cellHeight) < marksFrom) return;
    const auto [firstRow, lastRow] = g.visibleRows();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (int row = firstRow; row < std::min(lastRow, s.content.shownRows()); ++row) {
        int best = -1;
        float largest = -std::numeric_limits<float>::infinity();
        for (int col = 0; col < s.content.cols; ++col) {
            const float v =
                s.colours.isSigned() ? std::abs(s.content.value(row, col)) : s.content.value(row, col);
            if (v > largest) {
                largest = v;
                best = col;
            }
        }
        if (best < 0) continue;
        const QRectF cell = g.cellRect(row, best).adjusted(0, 0, -1, -1);
        const double side = std::clamp(std::min(cell.width(), cell.height()) / 3, 3.0, 9.0);
        painter.setBrush(readableOn(QColor(cellColour(s, row, best))));
        const QPointF corner = cell.topRight();
        const QPointF triangle[] = {corner, corner - QPointF(side, 0), corner + QPointF(0, side)};
        painter.drawPolygon(triangle, 3);
    }
}

void paintGold(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    const bool outline = std::min(g.cellWidth, g.cellHeight) >= marksFrom + 2;
    for (const GoldLink& link : s.content.gold) {
        if (link.row >= s.content.shownRows() || link.row < 0 || link.col < 0 || link.col >= s.content.cols)
            continue;
        const QRectF cell = g.cellRect(link.row, link.col);
        if (outline) {
            painter.setRenderHint(QPainter::Antialiasing, false);
            strokeWithHalo(painter, cell.adjusted(2, 2, -3, -3), s.theme.gold, s.theme,
                           link.sure ? Qt::SolidLine : Qt::DashLine);
        } else {
            const QRectF dot = grown(QRectF(cell.center(), QSizeF(0, 0)), link.sure ? 3 : 2);
            painter.fillRect(dot, s.theme.gold);
        }
    }
}

void paintRowMargin(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    const CellMargin& margin = s.content.rowMargin;
    if (g.rowMargin.isEmpty() || margin.values.empty()) return;
    QFont font = numbersFont();
    font.setPixelSize(
        std::clamp(static_cast<int>(std::min(g.cellHeight, 1e6)) - 1, scaled(11), font.pixelSize()));
    const QFontMetricsF metrics(font);
    const QFontMetricsF titleMetrics(numbersFont());
    painter.setFont(numbersFont());
    painter.setPen(s.theme.dimText);
    const double titleRoom = g.rowMargin.width();
    painter.drawText(QPointF(g.rowMargin.left(), g.map.top() - 6 - titleMetrics.descent()),
                     elideByGrapheme(titleMetrics, margin.title, titleRoom));

    const double number = metrics.horizontalAdvance("00.00") + 2;
    const double barRoom = g.rowMargin.width() - number - 4;
    const QColor bar = blend(s.theme.panel, s.theme.dimText, 0.6);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(font);
    const bool numbers = g.cellHeight >= font.pixelSize();
    const auto [firstRow, lastRow] = g.visibleRows();
    for (int row = firstRow; row < std::min(lastRow, s.content.shownRows()); ++row) {
        const float value = margin.values[row];
        const std::optional<double> middle = g.rowMiddle(row);
        if (std::isnan(value) || !middle) continue;
        const double thick = std::max(1.0, std::min(g.cellHeight - 2, static_cast<double>(scaled(8))));
        const double share = std::clamp(static_cast<double>(value / margin.max), 0.0, 1.0);
        const double top = std::round(*middle - thick / 2);
        if (g.cellHeight >= gridFrom)
            painter.fillRect(QRectF(g.rowMargin.left(), top, barRoom, std::round(thick)), s.theme.grid);
        painter.fillRect(QRectF(g.rowMargin.left(), top, barRoom * share, std::max(1.0, std::round(thick))),
                         bar);
        if (!numbers) continue;
        painter.setPen(s.theme.text);
        const QString text = shortNumber(static_cast<double>(value));
        painter.drawText(QPointF(g.rowMargin.right() - metrics.horizontalAdvance(text),
                                 *middle + (metrics.ascent() - metrics.descent()) / 2),
                         text);
    }
}

void paintColumnMargin(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    const CellMargin& margin = s.content.columnMargin;
    if (g.columnMargin.isEmpty() || margin.values.empty()) return;
    QFont font = numbersFont();
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    painter.setPen(s.theme.dimText);
    const bool numbers = columnNumbersFit(g.cellWidth);
    const double room = numbers ? g.columnMargin.height() - metrics.height() : g.columnMargin.height();
    const double foot = std::round(g.columnMargin.top() + room);
    const QString title = elideByGrapheme(metrics, margin.title, g.rowLabels.width() - 8);
    painter.drawText(QPointF(g.rowLabels.right() - 6 - metrics.horizontalAdvance(title), foot), title);

    const QColor bar = blend(s.theme.panel, s.theme.dimText, 0.6);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRectF(g.columnMargin.left(), foot, g.columnMargin.width(), 1), s.theme.outline);
    const auto [firstCol, lastCol] = g.visibleColumns();
    for (int col = firstCol; col < lastCol; ++col) {
        const float value = margin.values[col];
        const std::optional<double> middle = g.columnMiddle(col);
        if (std::isnan(value) || !middle) continue;
        const double thick = std::max(1.0, std::min(g.cellWidth - 2, static_cast<double>(scaled(20))));
        const double tall = std::clamp(static_cast<double>(value / margin.max), 0.0, 1.0) * (room - 2);
        painter.fillRect(
            QRectF(std::round(*middle - thick / 2), foot - tall, std::max(1.0, std::round(thick)), tall),
            bar);
        if (!numbers) continue;
        painter.setPen(s.theme.text);
        const QString text = shortNumber(static_cast<double>(value));
        painter.drawText(QPointF(*middle - metrics.horizontalAdvance(text) / 2, foot + 1 + metrics.ascent()),
                         text);
    }
}

} // namespace

void paintCellsAsImage(QPainter& painter, const CellMapScene& s, double pixelRatio) {
    const auto& g = s.geometry;
    const QRectF part((g.map.left() - g.origin.x()) / g.cellWidth,
                      (g.map.top() - g.origin.y()) / g.cellHeight, g.map.width() / g.cellWidth,
                      g.map.height() / g.cellHeight);
    const QSize pixels(std::max(1, static_cast<int>(std::lround(g.map.width() * pixelRatio))),
                       std::max(1, static_cast<int>(std::lround(g.map.height() * pixelRatio))));
    QImage image = poolCells(s.content, s.colours, s.theme, part, pixels);
    painter.drawImage(g.map, image);
}

void paintCellsAsShapes(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    const QRgb panel = s.theme.panel.rgb();
    // A trace of overlap closes the seams that viewers draw between neighbours.
    constexpr double overlap = 0.2;
    for (int row = 0; row < s.content.shownRows(); ++row)
        for (int col = 0, next; col < s.content.cols; col = next) {
            const QRgb colour = cellColour(s, row, col);
            for (next = col + 1; next < s.content.cols && cellColour(s, row, next) == colour;) ++next;
            if (colour == panel) continue;
            const QRectF run = g.cellRect(row, col).united(g.cellRect(row, next - 1));
            painter.fillRect(run.adjusted(0, 0, overlap, overlap), QColor(colour));
        }
}

void paintMarks(QPainter& painter, const CellMapScene& s) {
    painter.save();
    paintGrid(painter, s);
    painter.setClipRect(s.geometry.map);
    paintHatches(painter, s);
    if (s.content.showValues) paintValues(painter, s);
    if (s.content.showRowMaxima) paintRowMaxima(painter, s);
    paintGold(painter, s);
    painter.restore();
}

void paintMargins(QPainter& painter, const CellMapScene& s) {
    if (s.content.compact) return;
    painter.save();
    paintRowMargin(painter, s);
    paintColumnMargin(painter, s);
    painter.restore();
}

void paintCaptionAndLegend(QPainter& painter, const CellMapScene& s) {
    const auto& g = s.geometry;
    const QFont font = numbersFont();
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    if (!g.caption.isEmpty() && !s.content.caption.isEmpty()) {
        painter.setPen(s.theme.dimText);
        painter.drawText(g.caption, (s.content.compact ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter,
                         elideByGrapheme(metrics, s.content.caption, g.caption.width()));
    }
    if (g.legend.isEmpty()) return;
    const QString low = shortNumber(static_cast<double>(s.colours.min()));
    const QString high = shortNumber(static_cast<double>(s.colours.max()));
    const double lowWidth = metrics.horizontalAdvance(low) + 6;
    const double highWidth = metrics.horizontalAdvance(high) + 6;
    painter.setPen(s.theme.dimText);
    painter.drawText(g.legend, Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(g.legend, Qt::AlignRight | Qt::AlignVCenter, high);
    QRectF bar = g.legend.adjusted(lowWidth, 0, -highWidth, 0);
    bar = QRectF(bar.left(), std::round(bar.center().y() - 4), bar.width(), 8);
    constexpr int steps = 64;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < steps; ++i)
        painter.fillRect(
            QRectF(bar.left() + bar.width() * i / steps, bar.top(), bar.width() / steps + 0.2, 8),
            QColor(s.colours.at(static_cast<float>(i) / (steps - 1))));
    painter.setPen(QPen(s.theme.outline, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);
    painter.restore();
}

} // namespace attn::ui
