// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cell_map_pool.h"

#include <algorithm>
#include <cstring>

namespace attn::ui {

namespace {

/// The cells from `first` to before `last` that fall on one pixel.
struct Run {
    int first;
    int last;
    bool operator==(const Run&) const = default;
};

/// For each of `pixels` pixels its cells in start .. start + length, of `count`.
std::vector<Run> runs(double start, double length, int pixels, int count) {
    std::vector<Run> all(pixels);
    const double step = length / pixels;
    for (int i = 0; i < pixels; ++i) {
        // A cell of a pixel and more is found by the pixel's middle; smaller cells are shared out by their
        // edges.
        const double from = step <= 1 ? start + (i + 0.5) * step : start + i * step;
        const int first = std::clamp(static_cast<int>(std::floor(from + 1e-9)), 0, count - 1);
        const int next = step <= 1 ? first + 1 : static_cast<int>(std::floor(start + (i + 1) * step + 1e-9));
        all[i] = {first, std::clamp(next, first + 1, count)};
    }
    return all;
}

template <bool Signed>
void poolRow(const float* values, const std::vector<Run>& columns, std::vector<float>& best,
             std::vector<unsigned char>& missing) {
    const auto size = [](float v) { return Signed ? std::abs(v) : v; };
    for (std::size_t x = 0; x < columns.size(); ++x) {
        float largest = best[x];
        for (int c = columns[x].first; c < columns[x].last; ++c) {
            const float v = values[c];
            if (std::isnan(v))
                missing[x] = 1;
            else if (size(v) > size(largest))
                largest = v;
        }
        best[x] = largest;
    }
}

} // namespace

QRgb forbiddenColour(const Theme& theme) {
    return blend(theme.panel, theme.dimText, 0.14).rgb();
}

QImage poolCells(const CellMapContent& content, const ColourMap& colours, const Theme& theme,
                 const QRectF& cells, const QSize& pixels) {
    QImage image(pixels, QImage::Format_RGB32);
    if (pixels.isEmpty()) return image;
    image.fill(theme.panel);
    if (content.isEmpty()) return image;

    const auto columns = runs(cells.x(), cells.width(), pixels.width(), content.cols);
    const auto rows = runs(cells.y(), cells.height(), pixels.height(), content.rows);
    const int shown = content.shownRows();
    const QRgb forbidden = forbiddenColour(theme);
    const float lowest = colours.isSigned() ? 0 : -std::numeric_limits<float>::infinity();
    std::vector<float> best(pixels.width());
    std::vector<unsigned char> missing(pixels.width());
    std::vector<unsigned char> allowed(pixels.width());

    for (int y = 0; y < pixels.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const Run run{rows[y].first, std::min(rows[y].last, shown)};
        if (run.first >= run.last) continue;
        if (y > 0 && rows[y] == rows[y - 1]) {
            std::memcpy(line, image.constScanLine(y - 1), sizeof(QRgb) * pixels.width());
            continue;
        }
        std::fill(best.begin(), best.end(), lowest);
        std::fill(missing.begin(), missing.end(), 0);
        std::fill(allowed.begin(), allowed.end(), content.allowed.empty());
        for (int r = run.first; r < run.last; ++r) {
            const float* values = content.values->data() + static_cast<std::size_t>(r) * content.cols;
            if (colours.isSigned())
                poolRow<true>(values, columns, best, missing);
            else
                poolRow<false>(values, columns, best, missing);
            if (content.allowed.empty()) continue;
            for (int x = 0; x < pixels.width(); ++x)
                for (int c = columns[x].first; c < columns[x].last; ++c)
                    allowed[x] |= content.isAllowed(r, c);
        }
        for (int x = 0; x < pixels.width(); ++x)
            line[x] = missing[x] ? colours.missingColour() : allowed[x] ? colours.colour(best[x]) : forbidden;
    }
    return image;
}

} // namespace attn::ui
