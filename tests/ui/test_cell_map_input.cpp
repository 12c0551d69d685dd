// SPDX-License-Identifier: GPL-3.0-or-later
// The cell map under the pointer and the keyboard: hovering, clicking, zooming, panning.
#include <QApplication>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "tests/ui/cell_map_fixture.h"
#include "ui/widgets/cell_map.h"

using namespace attn::ui;

namespace {

/// The pointer over the widget, whatever the screen's own pointer does.
void moveTo(QWidget& widget, const QPointF& at) {
    QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

void wheel(QWidget& widget, const QPointF& at, int turns) {
    QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, 120 * turns), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

} // namespace

class TestCellMapInput : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        applyTheme(ThemeChoice::Light);
        setTextScale(1);
    }

    void hoverTellsEachCellOnce() {
        const auto map = shownMap();
        moveTo(*map, QPoint(1, 1)); // wherever the pointer was before
        QSignalSpy hovered(map.get(), &CellMap::cellHovered);
        const QPoint cell = map->cellRect(2, 5).center().toPoint();
        moveTo(*map, cell);
        moveTo(*map, cell + QPoint(2, 1));
        QCOMPARE(hovered.size(), 1);
        QCOMPARE(hovered.takeFirst(), QVariantList({2, 5}));
        QCOMPARE(map->hoveredCell(), (CellIndex{2, 5}));
        moveTo(*map, map->cellRect(3, 5).center().toPoint());
        QCOMPARE(hovered.takeFirst(), QVariantList({3, 5}));
        // A label is its whole row or column.
        moveTo(*map, QPointF(map->cellRect(4, 0).left() - 10, map->cellRect(4, 0).center().y()).toPoint());
        QCOMPARE(hovered.takeFirst(), QVariantList({4, -1}));
        moveTo(*map, QPointF(map->cellRect(0, 6).center().x(), map->cellRect(0, 6).top() - 10).toPoint());
        QCOMPARE(hovered.takeFirst(), QVariantList({-1, 6}));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(map.get(), &leave);
        QCOMPARE(hovered.takeFirst(), QVariantList({-1, -1}));
        QVERIFY(hovered.isEmpty());
    }

    void slotsAreSilent() {
        const auto map = shownMap();
        QSignalSpy hovered(map.get(), &CellMap::cellHovered);
        QSignalSpy clicked(map.get(), &CellMap::cellClicked);
        map->setHoveredCell(1, 1);
        map->setHoveredCell(-1, 3);
        map->setPinnedCell(2, 2);
        map->setCurrentRow(3);
        map->setHoveredCell(99, 99);
        QCOMPARE(map->hoveredCell(), CellIndex());
        QVERIFY(hovered.isEmpty() && clicked.isEmpty());
    }

    void clickTellsAndDoesNotPinByItself() {
        const auto map = shownMap();
        QSignalSpy clicked(map.get(), &CellMap::cellClicked);
        QTest::mouseClick(map.get(), Qt::LeftButton, {}, map->cellRect(1, 2).center().toPoint());
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.first(), QVariantList({1, 2}));
        QCOMPARE(map->pinnedCell(), CellIndex());
        QTest::mouseClick(map.get(), Qt::RightButton, {}, map->cellRect(1, 2).center().toPoint());
        QTest::mouseClick(map.get(), Qt::LeftButton, {}, QPoint(1, 1));
        QCOMPARE(clicked.size(), 1);
    }

    void wheelZoomsAboutThePointer() {
        const auto map = shownMap();
        const QPointF at = map->cellRect(3, 6).center() + QPointF(5, 3);
        const QRectF fitted = map->cellRect(3, 6);
        // Once the map is larger than its room, the point under the pointer stays.
        wheel(*map, at, 1);
        wheel(*map, at, 1);
        const QRectF before = map->cellRect(3, 6);
        const double share = (at.x() - before.left()) / before.width();
        QCOMPARE(map->cellAt(at), (CellIndex{3, 6}));
        wheel(*map, at, 1);
        const QRectF after = map->cellRect(3, 6);
        QVERIFY(after.width() > before.width() && before.width() > fitted.width());
        QCOMPARE(map->cellAt(at), (CellIndex{3, 6}));
        QVERIFY(std::abs((at.x() - after.left()) / after.width() - share) < 0.02);
        for (int i = 0; i < 30; ++i) wheel(*map, at, -1);
        QCOMPARE(map->zoom(), 1.0);
        QCOMPARE(map->cellRect(3, 6), fitted);
        for (int i = 0; i < 60; ++i) wheel(*map, at, 1);
        QVERIFY(map->cellRect(3, 6).width() <= 128);
    }

    void dragPansAndIsNoClick() {
        const auto map = shownMap();
        map->zoomBy(2.5, map->cellRect(3, 4).center());
        QSignalSpy clicked(map.get(), &CellMap::cellClicked);
        const QPoint from = map->cellRect(3, 4).center().toPoint();
        const QRectF before = map->cellRect(3, 4);
        QTest::mousePress(map.get(), Qt::LeftButton, {}, from);
        moveTo(*map, from + QPoint(-20, -10));
        moveTo(*map, from + QPoint(-40, -30));
        QCOMPARE(map->cellRect(3, 4).topLeft(), before.topLeft() + QPointF(-40, -30));
        QTest::mouseRelease(map.get(), Qt::LeftButton, {}, from + QPoint(-40, -30));
        QVERIFY(clicked.isEmpty());
        // Two clicks, so that a pin that toggles is back where it was.
        QTest::mouseClick(map.get(), Qt::LeftButton, {}, from);
        QTest::mouseDClick(map.get(), Qt::LeftButton, {}, from);
        QTest::mouseRelease(map.get(), Qt::LeftButton, {}, from);
        QCOMPARE(map->zoom(), 1.0);
        QCOMPARE(clicked.size(), 2);
        QCOMPARE(clicked[0], clicked[1]);
    }

    void panningStopsAtTheEdges() {
        const auto map = shownMap();
        map->zoomBy(3, map->cellRect(0, 0).center());
        const QPoint from = map->rect().center();
        QTest::mousePress(map.get(), Qt::LeftButton, {}, from);
        moveTo(*map, from + QPoint(5000, 5000));
        QTest::mouseRelease(map.get(), Qt::LeftButton, {}, from + QPoint(5000, 5000));
        QCOMPARE(map->cellAt(map->cellRect(0, 0).topLeft()), (CellIndex{0, 0}));
    }

    /// What is seen of a zoomed map is a part of it, whatever the widget's size, and can be asked for before
    /// there is data.
    void theFrameStays() {
        const auto fill = [](CellMap& map) {
            map.setData(60, 80, std::vector<float>(60 * 80, 0.5F));
            map.setRowLabels(words(60, "r"));
            map.setColumnLabels(words(80, "c"));
        };
        CellMap map;
        map.resize(640, 480);
        fill(map);
        map.grab();
        QCOMPARE(map.frame(), CellMapFrame());
        map.zoomBy(2, map.cellRect(40, 50).center());
        const CellMapFrame seen = map.frame();
        QVERIFY(seen.zoom > 1.5 && seen.corner.x() > 0.1 && seen.corner.y() > 0.1);
        const auto isSeen = [&](const CellMap& other) {
            const CellMapFrame now = other.frame();
            return std::abs(now.zoom - seen.zoom) < 1e-9 &&
                   std::abs(now.corner.x() - seen.corner.x()) < 0.05 &&
                   std::abs(now.corner.y() - seen.corner.y()) < 0.05;
        };
        map.resize(900, 640);
        map.grab();
        QVERIFY(isSeen(map));

        CellMap later;
        later.setFrame(seen);
        later.resize(640, 480);
        fill(later);
        later.grab();
        QVERIFY(isSeen(later));
        later.fitToView();
        QCOMPARE(later.frame(), CellMapFrame());
    }

    void keysMoveZoomAndActivate() {
        const auto map = shownMap();
        QSignalSpy hovered(map.get(), &CellMap::cellHovered);
        QSignalSpy activated(map.get(), &CellMap::cellActivated);
        map->setCurrentRow(2);
        QTest::keyClick(map.get(), Qt::Key_Right);
        QCOMPARE(map->hoveredCell(), (CellIndex{2, 0}));
        QTest::keyClick(map.get(), Qt::Key_Right);
        QTest::keyClick(map.get(), Qt::Key_Down);
        QTest::keyClick(map.get(), Qt::Key_Up);
        QTest::keyClick(map.get(), Qt::Key_Up);
        QCOMPARE(map->hoveredCell(), (CellIndex{1, 1}));
        QCOMPARE(hovered.size(), 5);
        for (int i = 0; i < 20; ++i) QTest::keyClick(map.get(), Qt::Key_Left);
        QCOMPARE(map->hoveredCell(), (CellIndex{1, 0}));
        QTest::keyClick(map.get(), Qt::Key_Return);
        QCOMPARE(activated.takeFirst(), QVariantList({1, 0}));
        for (int i = 0; i < 4; ++i) QTest::keyClick(map.get(), Qt::Key_Plus);
        QVERIFY(map->zoom() > 1.5);
        // The keyboard takes the view along.
        for (int i = 0; i < 20; ++i) QTest::keyClick(map.get(), Qt::Key_Right);
        QCOMPARE(map->cellAt(map->cellRect(1, 7).center()), (CellIndex{1, 7}));
        QTest::keyClick(map.get(), Qt::Key_Minus);
        QTest::keyClick(map.get(), Qt::Key_0);
        QCOMPARE(map->zoom(), 1.0);
    }
};

QTEST_MAIN(TestCellMapInput)
#include "test_cell_map_input.moc"
