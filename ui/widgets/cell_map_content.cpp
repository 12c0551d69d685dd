// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_content.h"

#include <algorithm>

namespace attn::ui {

namespace {

QString plainCell(QString text) {
    return text.replace('\t', ' ').replace('\n', ' ');
}

QString exactNumber(float value) {
    if (std::isnan(value)) return QStringLiteral("nan");
    return QString::number(static_cast<double>(value), 'g', 7);
}

} // namespace

ColourMap CellMapContent::colours(const Theme& theme) const {
    float low = min;
    float high = max;
    if ((std::isnan(low) || std::isnan(high)) && values) {
        float smallest = std::numeric_limits<float>::infinity();
        float largest = -smallest;
        for (const float v : *values) {
            if (!std::isfinite(v)) continue;
            smallest = std::min(smallest, v);
            largest = std::max(largest, v);
        }
        if (smallest > largest) smallest = largest = 0;
        if (std::isnan(low)) low = smallest;
        if (std::isnan(high)) high = largest;
    }
    return ColourMap(map, scale, low, high, theme);
}

QString tableText(const CellMapContent& content) {
    if (content.isEmpty()) return {};
    const bool rowMargin = !content.rowMargin.values.empty();
    QString text;
    for (int col = 0; col < content.cols; ++col) text += '\t' + plainCell(content.columnName(col));
    if (rowMargin) text += '\t' + plainCell(content.rowMargin.title);
    text += '\n';
    for (int row = 0; row < content.shownRows(); ++row) {
        text += plainCell(content.rowName(row));
        for (int col = 0; col < content.cols; ++col) text += '\t' + exactNumber(content.value(row, col));
        if (rowMargin) text += '\t' + exactNumber(content.rowMargin.values[row]);
        text += '\n';
    }
    if (!content.columnMargin.values.empty()) {
        text += plainCell(content.columnMargin.title);
        for (const float v : content.columnMargin.values) text += '\t' + exactNumber(v);
        text += '\n';
    }
    return text;
}

} // namespace attn::ui
