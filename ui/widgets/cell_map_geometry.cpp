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

namespace {

/// Lays out one map: room for text is reserved first, cells take what is left, then everything is placed.
class Layout {
public:
    Layout(const CellMapContent& content, const QSizeF& size, CellMapView& view, double pixelRatio,
           bool figure)
        : m_content(content),
          m_size(size),
          m_view(view),
          m_pixelRatio(pixelRatio),
          m_numbers(numbersFont()),
          m_pad(content.compact ? 2 : 8),
          m_legend(figure || content.showLegend),
          m_caption(!content.caption.isEmpty() && (figure || content.compact)) {
        m_geometry.rows = content.rows;
        m_geometry.cols = content.cols;
        m_geometry.labelFont = tokensFont();
    }

    CellMapGeometry made() {
        m_foot = m_legend || m_caption ? m_numbers.height() + (m_content.compact ? 2 : 8) : 0;
        if (!m_content.compact) {
            reserveMargins();
            reserveRowLabels();
        }
        m_roomX = m_size.width() - 2 * m_pad - m_left - m_right;
        reserveHeader();
        sizeCells();
        placeMap();
        if (!m_content.compact) placeLabels();
        if (m_foot > 0) placeFoot();
        return m_geometry;
    }

private:
    double roomY(double header) const { return m_size.height() - 2 * m_pad - header - m_bottom - m_foot; }

    void reserveMargins() {
        if (!m_content.rowMargin.values.empty())
            m_right =
                8 + std::min(std::max<double>(scaled(88),
                                              m_numbers.horizontalAdvance(m_content.rowMargin.title) + 4),
                             std::max(0.22 * m_size.width(), m_numbers.horizontalAdvance("00.00") + 20));
        if (!m_content.columnMargin.values.empty())
            m_bottom =
                6 + scaled(28) +
                (columnNumbersFit(m_size.width() * m_view.zoom / m_content.cols) ? m_numbers.height() : 0);
    }

    void reserveRowLabels() {
        // No cell can be larger than without labels, so no label needs a larger font than fits then.
        const CellSize most = fittingCell(m_content, m_size.width() - 2 * m_pad - m_right,
                                          m_size.height() - 2 * m_pad - m_bottom - m_foot);
        const auto pitch = [&](double length, const QStringList& texts) {
            return texts.isEmpty() ? 1e6 : std::min(length * m_view.zoom, 1e6);
        };
        QFont& font = m_geometry.labelFont;
        font.setPixelSize(labelPixels(font, std::min(pitch(most.height, m_content.rowLabels),
                                                     pitch(most.width, m_content.columnLabels))));
        const double marker = scaled(14);
        double text =
            m_content.rowLabels.isEmpty() ? 0 : widestLabel(m_content.rowLabels, QFontMetricsF(font)) + 8;
        if (!m_content.columnMargin.values.empty())
            text = std::max(text, m_numbers.horizontalAdvance(m_content.columnMargin.title) + 8);
        // Without any text at the left, nothing needs room there.
        m_left = text > 0 ? std::min(marker + text, 0.3 * m_size.width()) : 0;
    }

    /// Height of the column labels in a font, at most `most` for the sizes of cells that it leaves room for.
    double headerAt(const QFont& font, const CellSize& cell, double most) const {
        const QFontMetricsF tokens(font);
        double height = 0;
        CellSize fitting = cell;
        for (int round = 0; round < 2; ++round) {
            height = std::max(
                height, columnHeaderHeight(m_content.columnLabels, tokens, fitting.width * m_view.zoom));
            fitting = fittingCell(m_content, m_roomX, roomY(std::min(height, most)));
        }
        return height;
    }

    /// The header's height depends on the cells' width (does a label lie or stand?), and they on it.
    void reserveHeader() {
        if (!m_content.compact && !m_content.columnLabels.isEmpty()) {
            const CellSize cell = fittingCell(m_content, m_roomX, roomY(0));
            const double most = m_size.height() * (m_content.fit == CellFit::Stretch ? 0.4 : 0.35);
            QFont& font = m_geometry.labelFont;
            m_header = headerAt(font, cell, most);
            if (m_header > most) {
                font.setPixelSize(scaled(11));
                m_header = headerAt(font, cell, most);
            }
            const double lying = QFontMetricsF(font).height() + 10;
            if (m_header > most) m_header = std::max(most, lying);
            // Words cut to a letter or two say less than the room they take.
            if (m_header < headerAt(font, cell, most) && m_header < 1.7 * lying) m_header = 0;
        }
        if (!m_content.compact && m_header == 0 && !m_content.rowMargin.values.empty())
            m_header = m_numbers.height() + 4;
    }

    void sizeCells() {
        CellMapGeometry& g = m_geometry;
        const CellSize cell = fittingCell(m_content, m_roomX, roomY(m_header));
        const double largest = scaled(largestZoomedCell);
        const double most = std::max({1.0, largest / cell.width, largest / cell.height});
        m_view.zoom = std::clamp(m_view.zoom, 1.0, most);
        g.cellWidth = snapped(std::min(cell.width * m_view.zoom, std::max(cell.width, largest)), m_pixelRatio,
                              m_content.fit);
        g.cellHeight = snapped(std::min(cell.height * m_view.zoom, std::max(cell.height, largest)),
                               m_pixelRatio, m_content.fit);
        // Whole pixels leave a rest, which makes the bars underneath easier to read.
        const double rest = std::floor(roomY(m_header) - g.cellHeight * g.rows);
        if (m_bottom > 0 && rest > 0 && rest <= g.rows)
            m_bottom += std::min(rest, static_cast<double>(scaled(24)));
    }

    void placeMap() {
        CellMapGeometry& g = m_geometry;
        const QSizeF all(g.cellWidth * g.cols, g.cellHeight * g.rows);
        const QSizeF seen(std::min(all.width(), std::max(m_roomX, 1.0)),
                          std::min(all.height(), std::max(roomY(m_header), 1.0)));
        const double x = onPixel(m_pad + m_left + std::max(0.0, (m_roomX - seen.width()) / 2), m_pixelRatio);
        const double y =
            onPixel(m_pad + m_header + std::max(0.0, (roomY(m_header) - seen.height()) / 2), m_pixelRatio);
        g.map = QRectF(QPointF(x, y), seen);
        m_view.offset.setX(std::clamp(m_view.offset.x(), 0.0, std::max(0.0, all.width() - seen.width())));
        m_view.offset.setY(std::clamp(m_view.offset.y(), 0.0, std::max(0.0, all.height() - seen.height())));
        g.origin = QPointF(x - onPixel(m_view.offset.x(), m_pixelRatio),
                           y - onPixel(m_view.offset.y(), m_pixelRatio));
    }

    void placeLabels() {
        CellMapGeometry& g = m_geometry;
        const double x = g.map.x(), y = g.map.y(), width = g.map.width(), height = g.map.height();
        const double pitch = std::min(m_content.rowLabels.isEmpty() ? 1e6 : g.cellHeight,
                                      m_content.columnLabels.isEmpty() ? 1e6 : g.cellWidth);
        g.labelFont.setPixelSize(labelPixels(g.labelFont, std::min(pitch, 1e6)));
        g.rowLabels = QRectF(x - m_left, y, m_left, height);
        g.columnLabels = QRectF(x, y - m_header, width, m_header);
        if (m_right > 0) g.rowMargin = QRectF(x + width + 8, y, m_right - 8, height);
        if (m_bottom > 0) g.columnMargin = QRectF(x, y + height + 6, width, m_bottom - 6);
    }

    void placeFoot() {
        CellMapGeometry& g = m_geometry;
        const double height = m_numbers.height();
        const double top =
            m_content.compact ? g.map.y() + g.map.height() + 2 : m_size.height() - m_pad - height;
        const double width = m_legend ? std::min(static_cast<double>(scaled(200)), m_size.width() / 2) : 0;
        if (m_legend) g.legend = QRectF(m_size.width() - m_pad - width, top, width, height);
        if (m_caption) g.caption = QRectF(m_pad, top, m_size.width() - 2 * m_pad - width - 8, height);
        if (m_content.compact && !m_legend) g.caption = QRectF(0, top, m_size.width(), height);
    }

    const CellMapContent& m_content;
    const QSizeF m_size;
    CellMapView& m_view;
    const double m_pixelRatio;
    const QFontMetricsF m_numbers;
    const double m_pad;
    const bool m_legend, m_caption;
    /// Logical pixels reserved around the map for text.
    double m_left = 0, m_right = 0, m_header = 0, m_bottom = 0, m_foot = 0;
    double m_roomX = 0; ///< width left for the map
    CellMapGeometry m_geometry;
};

} // namespace

CellMapGeometry layOut(const CellMapContent& content, const QSizeF& size, CellMapView& view,
                       double pixelRatio, bool figure) {
    if (!content.isEmpty()) return Layout(content, size, view, pixelRatio, figure).made();
    CellMapGeometry nothing;
    nothing.rows = content.rows;
    nothing.cols = content.cols;
    nothing.labelFont = tokensFont();
    nothing.map = QRectF(QPointF(), size);
    return nothing;
}

} // namespace attn::ui
