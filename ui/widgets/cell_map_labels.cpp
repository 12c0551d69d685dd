// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_labels.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/theme_text.h"

namespace attn::ui {

namespace {

constexpr double labelGap = 6; ///< between a label and the map
constexpr qsizetype measuredLabels = 64;

/// Characters, wide ones counted twice.
int weight(const QString& text) {
    int sum = 0;
    for (const QChar c : text) sum += c.unicode() >= 0x1100 ? 2 : 1;
    return sum;
}

/// The labels worth measuring: those with most characters.
QStringList heaviest(QStringList labels) {
    if (labels.size() <= measuredLabels) return labels;
    std::nth_element(labels.begin(), labels.begin() + measuredLabels, labels.end(),
                     [](const QString& a, const QString& b) { return weight(a) > weight(b); });
    labels.resize(measuredLabels);
    return labels;
}

/// A single character is never turned.
bool lies(const QString& label, double labelWidth, double cellWidth) {
    return labelWidth <= cellWidth - 4 || label.size() == 1;
}

double stackPitch(const QFontMetricsF& metrics) {
    return metrics.ascent() + 1;
}

double standingHeight(const QString& label, const QFontMetricsF& metrics) {
    if (isCjk(label)) return static_cast<double>(graphemes(label).size()) * stackPitch(metrics) + 2;
    return metrics.horizontalAdvance(label);
}

int stride(double pitch, const QFont& font) {
    return pitch <= 0 ? 1 : std::max(1, static_cast<int>(std::ceil(font.pixelSize() / pitch - 1e-6)));
}

void paintGround(QPainter& painter, const QRectF& box, const LabelStyle& style) {
    if (!style.ground.isValid() && !style.frame.isValid()) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(style.frame.isValid() ? QPen(style.frame, 1) : QPen(Qt::NoPen));
    painter.setBrush(style.ground.isValid() ? QBrush(style.ground) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.restore();
}

void paintStack(QPainter& painter, const QString& label, const QFontMetricsF& metrics, double middle,
                double foot, double height) {
    QStringList parts = graphemes(label);
    const double pitch = stackPitch(metrics);
    const auto room = std::max<qsizetype>(1, static_cast<qsizetype>(height / pitch));
    if (parts.size() > room) {
        parts.resize(room);
        parts.back() = QChar(0x22ee);
    }
    double baseline = foot - metrics.descent() * 0.6 - static_cast<double>(parts.size() - 1) * pitch;
    for (const QString& part : parts) {
        painter.drawText(QPointF(middle - metrics.horizontalAdvance(part) / 2, baseline), part);
        baseline += pitch;
    }
}

/// Of the labels at every `every`-th place, those that a label at `place` would cover in part.
std::vector<int> coveredLabels(int place, int every, double pitch, double extent) {
    std::vector<int> covered;
    if (every == 1) return covered;
    for (int other = place / every * every; other <= place + every; other += every)
        if (std::abs(other - place) * pitch < extent) covered.push_back(other);
    return covered;
}

} // namespace

double widestLabel(const QStringList& labels, const QFontMetricsF& metrics) {
    double widest = 0;
    for (const QString& label : heaviest(labels)) widest = std::max(widest, metrics.horizontalAdvance(label));
    return std::ceil(widest);
}

double columnHeaderHeight(const QStringList& labels, const QFontMetricsF& metrics, double cellWidth) {
    double height = metrics.height();
    for (const QString& label : heaviest(labels))
        if (!lies(label, metrics.horizontalAdvance(label), cellWidth))
            height = std::max(height, standingHeight(label, metrics));
    return std::ceil(std::min(height, static_cast<double>(scaled(160)))) + labelGap + 4;
}

int rowLabelStride(const CellMapGeometry& g) {
    return stride(g.cellHeight, g.labelFont);
}
int columnLabelStride(const CellMapGeometry& g) {
    return stride(g.cellWidth, g.labelFont);
}

QRectF paintRowLabel(QPainter& painter, const CellMapContent& content, const CellMapGeometry& g, int row,
                     const LabelStyle& style) {
    const std::optional<double> seen = g.rowMiddle(row);
    if (row >= content.rowLabels.size() || row >= content.shownRows() || !seen) return {};
    const QFontMetricsF metrics(g.labelFont);
    if (style.clear.isValid())
        for (const int other : coveredLabels(row, rowLabelStride(g), g.cellHeight, metrics.ascent())) {
            const double slot = rowLabelStride(g) * g.cellHeight;
            painter.fillRect(QRectF(g.rowLabels.left(), g.cellRect(other, 0).center().y() - slot / 2,
                                    g.rowLabels.width() - 1, slot),
                             style.clear);
        }
    const double room = g.rowLabels.width() - scaled(14) - labelGap;
    const QString label = elideByGrapheme(metrics, content.rowLabels[row], room);
    const double width = metrics.horizontalAdvance(label);
    const double height = std::min(std::max(g.cellHeight, metrics.ascent() + 3), metrics.height() + 2);
    const double left = g.rowLabels.right() - labelGap - width;
    const QRectF box(left - 4, *seen - height / 2, width + 8, height);
    paintGround(painter, box, style);
    painter.setFont(g.labelFont);
    painter.setPen(style.text);
    painter.drawText(QPointF(left, *seen + (metrics.ascent() - metrics.descent()) / 2), label);
    return box;
}

QRectF paintColumnLabel(QPainter& painter, const CellMapContent& content, const CellMapGeometry& g, int col,
                        const LabelStyle& style) {
    const std::optional<double> seen = g.columnMiddle(col);
    if (col >= content.columnLabels.size() || !seen || g.columnLabels.isEmpty()) return {};
    const double middle = *seen;
    const QFontMetricsF metrics(g.labelFont);
    if (style.clear.isValid())
        for (const int other : coveredLabels(col, columnLabelStride(g), g.cellWidth, metrics.ascent())) {
            const double slot = columnLabelStride(g) * g.cellWidth;
            painter.fillRect(QRectF(g.cellRect(0, other).center().x() - slot / 2, g.columnLabels.top(), slot,
                                    g.columnLabels.height() - 1),
                             style.clear);
        }
    const QString& full = content.columnLabels[col];
    const double foot = g.columnLabels.bottom() - labelGap;
    const double room = g.columnLabels.height() - labelGap - 2;
    const double fullWidth = metrics.horizontalAdvance(full);
    painter.setFont(g.labelFont);
    if (lies(full, fullWidth, g.cellWidth)) {
        const QRectF box(middle - fullWidth / 2 - 4, foot - metrics.height() - 1, fullWidth + 8,
                         metrics.height() + 3);
        paintGround(painter, box, style);
        painter.setPen(style.text);
        painter.drawText(QPointF(middle - fullWidth / 2, foot - metrics.descent()), full);
        return box;
    }
    const double thickness = std::max(metrics.ascent() + 3, std::min(g.cellWidth, metrics.height() + 2));
    const double height = std::min(room, standingHeight(full, metrics));
    const QRectF box(middle - thickness / 2, foot - height - 3, thickness, height + 6);
    paintGround(painter, box, style);
    painter.setPen(style.text);
    if (isCjk(full)) {
        paintStack(painter, full, metrics, middle, foot, room);
        return box;
    }
    painter.save();
    painter.translate(middle, foot);
    painter.rotate(-90);
    painter.drawText(QPointF(0, (metrics.ascent() - metrics.descent()) / 2),
                     elideByGrapheme(metrics, full, room));
    painter.restore();
    return box;
}

void paintLabels(QPainter& painter, const CellMapContent& content, const CellMapGeometry& g,
                 const Theme& theme) {
    if (content.compact) return;
    const LabelStyle plain{theme.text, {}, {}, {}};
    const auto [firstRow, lastRow] = g.visibleRows();
    const int rowStride = rowLabelStride(g);
    for (int row = 0; row < std::min(lastRow, content.shownRows()); row += rowStride)
        if (row >= firstRow) paintRowLabel(painter, content, g, row, plain);
    const auto [firstCol, lastCol] = g.visibleColumns();
    const int colStride = columnLabelStride(g);
    for (int col = 0; col < lastCol; col += colStride)
        if (col >= firstCol) paintColumnLabel(painter, content, g, col, plain);
}

} // namespace attn::ui
