// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_geometry.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "ui/widgets/cell_map_labels.h"

namespace attn::ui {

namespace {

constexpr double largestCell = 64;
constexpr double largestZoomedCell = 128;
/// Under this size filling the room matters more than being square.
constexpr double squareFrom = 16;

struct CellSize {
    double width;
    double height;
};

CellSize fittingCell(const CellMapContent& content, double width, double height) {
    CellSize cell{std::max(width, 1.0) / content.cols, std::max(height, 1.0) / content.rows};
    if (content.fit == CellFit::Stretch) return cell;
    // On a large screen a short sentence may have larger cells.
    const double largest = std::max(static_cast<double>(scaled(largestCell)), std::min(width, height) / 12);
    cell.width = std::min(cell.width, largest);
    cell.height = std::min(cell.height, largest);
    cell.width = std::min(cell.width, std::max(1.5 * cell.height, static_cast<double>(scaled(squareFrom))));
    cell.height = std::min(cell.height, std::max(1.25 * cell.width, static_cast<double>(scaled(squareFrom))));
    return cell;
}

/// Cells of one shape get whole device pixels; those that fill the room differ by one at most.
double snapped(double length, double pixelRatio, CellFit fit) {
    if (fit == CellFit::Stretch) return length;
    return length * pixelRatio >= 4 ? std::floor(length * pixelRatio + 1e-6) / pixelRatio : length;
}

double onPixel(double position, double pixelRatio) {
    return std::round(position * pixelRatio) / pixelRatio;
}

/// The size of labels that stand `pitch` apart: none larger than `font`, none under 11 px.
int labelPixels(const QFont& font, double pitch) {
    return std::clamp(static_cast<int>(pitch) - 1, scaled(11), std::max(font.pixelSize(), scaled(11)));
}

/// The middle of the part of a cell start .. start + length that lies in from .. to.
std::optional<double> seenMiddle(double start, double length, double from, double to, double text) {
    const double first = std::max(start, from);
    const double last = std::min(start + length, to);
    if (last - first < std::min(length, text) * 0.75) return std::nullopt;
    return (first + last) / 2;
}

} // namespace

bool columnNumbersFit(double cellWidth) {
    return cellWidth >= QFontMetricsF(numbersFont()).horizontalAdvance("0.88") + 4;
}

std::optional<double> CellMapGeometry::rowMiddle(int row) const {
    return seenMiddle(origin.y() + row * cellHeight, cellHeight, map.top(), map.bottom(),
                      labelFont.pixelSize());
}

std::optional<double> CellMapGeometry::columnMiddle(int col) const {
    return seenMiddle(origin.x() + col * cellWidth, cellWidth, map.left(), map.right(),
                      labelFont.pixelSize());
}

int CellMapGeometry::rowAt(double y) const {
    if (y < map.top() || y >= map.bottom() || cellHeight <= 0) return -1;
    return std::clamp(static_cast<int>(std::floor((y - origin.y()) / cellHeight)), 0, rows - 1);
}

int CellMapGeometry::columnAt(double x) const {
    if (x < map.left() || x >= map.right() || cellWidth <= 0) return -1;
    return std::clamp(static_cast<int>(std::floor((x - origin.x()) / cellWidth)), 0, cols - 1);
}

std::pair<int, int> CellMapGeometry::visibleRows() const {
    return {
        std::clamp(static_cast<int>(std::floor((map.top() - origin.y()) / cellHeight + 1e-6)), 0, rows),
        std::clamp(static_cast<int>(std::ceil((map.bottom() - origin.y()) / cellHeight - 1e-6)), 0, rows)};
}

std::pair<int, int> CellMapGeometry::visibleColumns() const {
    return {std::clamp(static_cast<int>(std::floor((map.left() - origin.x()) / cellWidth + 1e-6)), 0, cols),
            std::clamp(static_cast<int>(std::ceil((map.right() - origin.x()) / cellWidth - 1e-6)), 0, cols)};
}

CellMapGeometry layOut(const CellMapContent& content, const QSizeF& size, CellMapView& view,
                       double pixelRatio, bool figure) {
    CellMapGeometry g;
    g.rows = content.rows;
    g.cols = content.cols;
    g.labelFont = tokensFont();
    if (content.isEmpty()) {
        g.map = QRectF(QPointF(), size);
        return g;
    }
    const bool labels = !content.compact;
    const double pad = content.compact ? 2 : 8;
    const QFontMetricsF numbers(numbersFont());

    const bool legend = figure || content.showLegend;
    const bool caption = !content.caption.isEmpty() && (figure || content.compact);
    const double foot = legend || caption ? numbers.height() + (content.compact ? 2 : 8) : 0;

    double left = 0;
    double right = 0;
    double bottom = 0;
    if (labels) {
        if (!content.rowMargin.values.empty())
            right = 8 + std::min(std::max<double>(scaled(88),
                                                  numbers.horizontalAdvance(content.rowMargin.title) + 4),
                                 std::max(0.22 * size.width(), numbers.horizontalAdvance("00.00") + 20));
        if (!content.columnMargin.values.empty())
            bottom = 6 + scaled(28) +
                     (columnNumbersFit(size.width() * view.zoom / content.cols) ? numbers.height() : 0);
        // No cell can be larger than without labels, so no label needs a larger font than fits then.
        const CellSize most =
            fittingCell(content, size.width() - 2 * pad - right, size.height() - 2 * pad - bottom - foot);
        const auto pitch = [&](double length, const QStringList& texts) {
            return texts.isEmpty() ? 1e6 : std::min(length * view.zoom, 1e6);
        };
        g.labelFont.setPixelSize(labelPixels(g.labelFont, std::min(pitch(most.height, content.rowLabels),
                                                                   pitch(most.width, content.columnLabels))));
        const QFontMetricsF tokens(g.labelFont);
        const double marker = scaled(14);
        double text = content.rowLabels.isEmpty() ? 0 : widestLabel(content.rowLabels, tokens) + 8;
        if (!content.columnMargin.values.empty())
            text = std::max(text, numbers.horizontalAdvance(content.columnMargin.title) + 8);
        // Without any text at the left, the room there is no one's.
        left = text > 0 ? std::min(marker + text, 0.3 * size.width()) : 0;
    }
    const double roomX = size.width() - 2 * pad - left - right;
    const auto roomY = [&](double header) { return size.height() - 2 * pad - header - bottom - foot; };

    // The header's height depends on the cells' width (does a label lie or stand?), and they on it.
    double header = 0;
    CellSize cell = fittingCell(content, roomX, roomY(0));
    if (labels && !content.columnLabels.isEmpty()) {
        const double most = size.height() * (content.fit == CellFit::Stretch ? 0.4 : 0.35);
        const auto headerAt = [&](const QFont& font) {
            const QFontMetricsF tokens(font);
            double height = 0;
            CellSize fitting = cell;
            for (int round = 0; round < 2; ++round) {
                height = std::max(
                    height, columnHeaderHeight(content.columnLabels, tokens, fitting.width * view.zoom));
                fitting = fittingCell(content, roomX, roomY(std::min(height, most)));
            }
            return height;
        };
        header = headerAt(g.labelFont);
        if (header > most) {
            g.labelFont.setPixelSize(scaled(11));
            header = headerAt(g.labelFont);
        }
        const double lying = QFontMetricsF(g.labelFont).height() + 10;
        if (header > most) header = std::max(most, lying);
        // Words cut to a letter or two say less than the room they take.
        if (header < headerAt(g.labelFont) && header < 1.7 * lying) header = 0;
    }
    if (labels && header == 0 && !content.rowMargin.values.empty()) header = numbers.height() + 4;
    cell = fittingCell(content, roomX, roomY(header));

    const double largest = scaled(largestZoomedCell);
    const double most = std::max({1.0, largest / cell.width, largest / cell.height});
    view.zoom = std::clamp(view.zoom, 1.0, most);
    g.cellWidth =
        snapped(std::min(cell.width * view.zoom, std::max(cell.width, largest)), pixelRatio, content.fit);
    g.cellHeight =
        snapped(std::min(cell.height * view.zoom, std::max(cell.height, largest)), pixelRatio, content.fit);

    // Whole pixels leave a rest, which makes the bars underneath easier to read.
    const double rest = std::floor(roomY(header) - g.cellHeight * g.rows);
    if (bottom > 0 && rest > 0 && rest <= g.rows) bottom += std::min(rest, static_cast<double>(scaled(24)));

    const QSizeF all(g.cellWidth * g.cols, g.cellHeight * g.rows);
    const QSizeF seen(std::min(all.width(), std::max(roomX, 1.0)),
                      std::min(all.height(), std::max(roomY(header), 1.0)));
    const double x = onPixel(pad + left + std::max(0.0, (roomX - seen.width()) / 2), pixelRatio);
    const double y = onPixel(pad + header + std::max(0.0, (roomY(header) - seen.height()) / 2), pixelRatio);
    g.map = QRectF(QPointF(x, y), seen);
    view.offset.setX(std::clamp(view.offset.x(), 0.0, std::max(0.0, all.width() - seen.width())));
    view.offset.setY(std::clamp(view.offset.y(), 0.0, std::max(0.0, all.height() - seen.height())));
    g.origin = QPointF(x - onPixel(view.offset.x(), pixelRatio), y - onPixel(view.offset.y(), pixelRatio));

    if (labels) {
        const double pitch = std::min(content.rowLabels.isEmpty() ? 1e6 : g.cellHeight,
                                      content.columnLabels.isEmpty() ? 1e6 : g.cellWidth);
        g.labelFont.setPixelSize(labelPixels(g.labelFont, std::min(pitch, 1e6)));
        g.rowLabels = QRectF(x - left, y, left, seen.height());
        g.columnLabels = QRectF(x, y - header, seen.width(), header);
        if (right > 0) g.rowMargin = QRectF(x + seen.width() + 8, y, right - 8, seen.height());
        if (bottom > 0) g.columnMargin = QRectF(x, y + seen.height() + 6, seen.width(), bottom - 6);
    }
    if (foot > 0) {
        const double top = content.compact ? y + seen.height() + 2 : size.height() - pad - numbers.height();
        const double legendWidth = legend ? std::min(static_cast<double>(scaled(200)), size.width() / 2) : 0;
        if (legend) g.legend = QRectF(size.width() - pad - legendWidth, top, legendWidth, numbers.height());
        if (caption) g.caption = QRectF(pad, top, size.width() - 2 * pad - legendWidth - 8, numbers.height());
        if (content.compact && !legend) g.caption = QRectF(0, top, size.width(), numbers.height());
    }
    return g;
}

} // namespace attn::ui
