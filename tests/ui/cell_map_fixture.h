// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <limits>
#include <memory>

#include "ui/widgets/cell_map.h"

/// Maps to be looked at and pointed at, for the tests of CellMap.
namespace attn::ui {

inline const float missing = std::numeric_limits<float>::quiet_NaN();

inline QStringList words(int n, const QString& stem) {
    QStringList all;
    for (int i = 0; i < n; ++i) all << stem + QString::number(i);
    return all;
}

/// The pointer over the widget, whatever the screen's own pointer does.
inline void moveTo(QWidget& widget, const QPointF& at) {
    QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

inline void wheel(QWidget& widget, const QPointF& at, int turns) {
    QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * turns), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
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
