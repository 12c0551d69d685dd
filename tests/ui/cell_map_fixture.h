// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>
#include <QStringList>
#include <QTest>
#include <limits>
#include <memory>
#include <vector>

#include "ui/widgets/cell_map.h"

/// Shared by the tests of the cell map.
namespace attn::ui {

inline const float missing = std::numeric_limits<float>::quiet_NaN();

inline std::vector<float> diagonal(int n) {
    std::vector<float> values(static_cast<std::size_t>(n) * n);
    for (int i = 0; i < n; ++i) values[static_cast<std::size_t>(i) * n + i] = 1;
    return values;
}

inline QStringList words(int n, const QString& stem) {
    QStringList all;
    for (int i = 0; i < n; ++i) all << stem + QString::number(i);
    return all;
}

/// `at` in logical pixels.
inline QColor pixel(const QImage& image, const QPointF& at) {
    return QColor(image.pixel((at * image.devicePixelRatio()).toPoint()));
}

/// A map of 6 x 8 with labels, shown at 640 x 480.
inline std::unique_ptr<CellMap> shownMap() {
    auto map = std::make_unique<CellMap>();
    std::vector<float> values(48);
    for (int i = 0; i < 48; ++i) values[i] = static_cast<float>(i) / 48;
    map->setData(6, 8, values);
    map->setRowLabels(words(6, "r"));
    map->setColumnLabels(words(8, "c"));
    map->resize(640, 480);
    map->show();
    [&] { QVERIFY(QTest::qWaitForWindowExposed(map.get())); }();
    return map;
}

} // namespace attn::ui
