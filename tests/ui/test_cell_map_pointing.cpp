// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <cmath>

#include "core/base/error.h"
#include "tests/ui/cell_map_fixture.h"

using namespace attn::ui;

/// How a person moves about in a map, and what a map says of its cells.
class TestCellMapPointing : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        applyTheme(ThemeChoice::Light);
        setTextScale(1);
    }

    // ---- pointing

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

    /// What is seen of a zoomed map is a part of it, whatever the widget's size, and can be asked for before
    /// there is data.
    void theFrameStays() {
        const auto map = shownMap();
        QCOMPARE(map->frame(), CellMapFrame());
        map->zoomBy(3, map->cellRect(4, 5).center());
        const CellMapFrame seen = map->frame();
        QVERIFY(seen.zoom > 2 && seen.corner.x() > 0.1 && seen.corner.y() > 0.1);
        const auto isSeen = [&](const CellMap& other) {
            const CellMapFrame now = other.frame();
            return std::abs(now.zoom - seen.zoom) < 1e-9 &&
                   std::abs(now.corner.x() - seen.corner.x()) < 0.02 &&
                   std::abs(now.corner.y() - seen.corner.y()) < 0.02;
        };
        map->resize(900, 640);
        map->grab();
        QVERIFY(isSeen(*map));

        CellMap later;
        later.setFrame(seen);
        later.resize(640, 480);
        later.setData(6, 8, std::vector<float>(48, 0.5F));
        later.setRowLabels(words(6, "r"));
        later.setColumnLabels(words(8, "c"));
        later.grab();
        QVERIFY(isSeen(later));
        later.fitToView();
        QCOMPARE(later.frame(), CellMapFrame());
    }

    // ---- text twins

    void cellsAreDescribedForScreenReaders() {
        const auto map = shownMap();
        map->setData(1, 2, {0.93F, 0.07F});
        map->setRowLabels({"le"});
        map->setColumnLabels({"the", "cat"});
        map->setValueName("weight");
        map->setHoveredCell(0, 0);
        QCOMPARE(map->accessibleDescription(), QString("row le, column the, weight 0.93"));
        map->setHoveredCell(-1, -1);
        map->setPinnedCell(0, 1);
        QCOMPARE(map->accessibleDescription(), QString("row le, column cat, weight 0.07"));
    }

    void tableHoldsEveryNumber() {
        CellMap map;
        map.setData(2, 2, {0.5F, missing, 0.25F, 1});
        map.setRowLabels({"le", "chat\tnoir"});
        map.setColumnLabels({"the", "cat"});
        map.setRowMargin({"entropy, bits", {1.5F, 0}, 2});
        map.setColumnMargin({"coverage", {0.75F, 1}, 2});
        QCOMPARE(map.tableText(),
                 QString("\tthe\tcat\tentropy, bits\nle\t0.5\tnan\t1.5\nchat noir\t0.25\t1\t0\n"
                         "coverage\t0.75\t1\n"));
        map.setValidRows(1);
        QVERIFY(!map.tableText().contains("0.25"));
    }

    void sizesThatDifferAreRefused() {
        CellMap map;
        QVERIFY_EXCEPTION_THROWN(map.setData(2, 2, {1, 2, 3}), attn::Error);
        map.setData(2, 3, std::vector<float>(6));
        QVERIFY_EXCEPTION_THROWN(map.setRowLabels({"a"}), attn::Error);
        QVERIFY_EXCEPTION_THROWN(map.setColumnLabels({"a", "b"}), attn::Error);
        QVERIFY_EXCEPTION_THROWN(map.setAllowed({1, 1}), attn::Error);
        QVERIFY_EXCEPTION_THROWN(map.setRowMargin({"entropy", {1}, 1}), attn::Error);
        map.setRowLabels({"a", "b"});
        map.setHoveredCell(1, 2);
        map.setData(1, 2, std::vector<float>(2));
        QVERIFY(map.content().rowLabels.isEmpty());
        QCOMPARE(map.hoveredCell(), CellIndex());
    }
};

QTEST_MAIN(TestCellMapPointing)
#include "test_cell_map_pointing.moc"
