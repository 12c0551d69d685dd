// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "tests/ui/cell_map_fixture.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/cell_map_labels.h"
#include "ui/widgets/cell_map_pool.h"

using namespace attn::ui;

class TestCellMap : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        applyTheme(ThemeChoice::Light);
        setTextScale(1);
    }

    // ---- pooling

    void noPeakIsLost_data() {
        QTest::addColumn<int>("cells");
        QTest::addColumn<QSize>("pixels");
        QTest::newRow("1000 to 300") << 1000 << QSize(300, 300);
        QTest::newRow("1000 to 333 x 77") << 1000 << QSize(333, 77);
        QTest::newRow("997 to 856") << 997 << QSize(856, 856);
        QTest::newRow("2000 to 100") << 2000 << QSize(100, 100);
        QTest::newRow("100 to 100") << 100 << QSize(100, 100);
        QTest::newRow("64 to 640") << 64 << QSize(640, 640);
    }
    void noPeakIsLost() {
        QFETCH(int, cells);
        QFETCH(QSize, pixels);
        CellMap map;
        map.setData(cells, cells, diagonal(cells));
        const QImage image = map.renderMap(pixels);
        QCOMPARE(image.size(), pixels);
        const QRgb full = ColourMap(MapName::Ink, Scale::Linear, 0, 1, currentTheme(&map)).colour(1);
        // A diagonal of ones touches every pixel row and every pixel column.
        for (int y = 0; y < pixels.height(); ++y) {
            bool seen = false;
            for (int x = 0; x < pixels.width() && !seen; ++x) seen = image.pixel(x, y) == full;
            QVERIFY2(seen, qPrintable(QString("row %1").arg(y)));
        }
        for (int x = 0; x < pixels.width(); ++x) {
            bool seen = false;
            for (int y = 0; y < pixels.height() && !seen; ++y) seen = image.pixel(x, y) == full;
            QVERIFY2(seen, qPrintable(QString("column %1").arg(x)));
        }
    }

    void eachCellFallsOnOnePixel() {
        CellMap map;
        const int n = 501;
        for (const int at : {0, 1, 250, 333, 500}) {
            std::vector<float> values(static_cast<std::size_t>(n) * n);
            values[static_cast<std::size_t>(at) * n + at] = 1;
            map.setData(n, n, values);
            const QImage image = map.renderMap({97, 131});
            int lit = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) lit += image.pixel(x, y) != lightTheme().panel.rgb();
            QCOMPARE(lit, 1);
        }
    }

    void signedMapsPoolBySize() {
        CellMap map;
        map.setColours(MapName::Diverging, Scale::Linear);
        map.setRange(-1, 1);
        map.setData(1, 4, {0.2F, -0.9F, 0.1F, 0.5F});
        const ColourMap colours(MapName::Diverging, Scale::Linear, -1, 1, currentTheme(&map));
        QCOMPARE(map.renderMap({2, 1}).pixel(0, 0), colours.colour(-0.9F));
        QCOMPARE(map.renderMap({2, 1}).pixel(1, 0), colours.colour(0.5F));
    }

    void missingValuesAreNeverHidden() {
        CellMap map;
        map.setData(2, 4, {1, missing, 0, 0, 0, 0, 0, 0});
        const QRgb shown = ColourMap(MapName::Ink, Scale::Linear, 0, 1, currentTheme(&map)).missingColour();
        QCOMPARE(map.renderMap({2, 2}).pixel(0, 0), shown);
        QVERIFY(map.renderMap({2, 2}).pixel(1, 0) != shown);
        map.setData(1, 1, {missing});
        QCOMPARE(map.renderMap({3, 3}).pixel(1, 1), shown);
    }

    void oddShapesAreDrawn_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("cols");
        QTest::newRow("1 x 1") << 1 << 1;
        QTest::newRow("1 x 7") << 1 << 7;
        QTest::newRow("7 x 1") << 7 << 1;
        QTest::newRow("1 x 3000") << 1 << 3000;
        QTest::newRow("3000 x 1") << 3000 << 1;
    }
    void oddShapesAreDrawn() {
        QFETCH(int, rows);
        QFETCH(int, cols);
        CellMap map;
        map.resize(400, 300);
        map.setData(rows, cols, std::vector<float>(static_cast<std::size_t>(rows) * cols, 1.0F));
        const QRgb full = ColourMap(MapName::Ink, Scale::Linear, 0, 1, currentTheme(&map)).colour(1);
        const QImage image = map.grab().toImage();
        int lit = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) lit += image.pixel(x, y) == full;
        QVERIFY2(lit >= 200, qPrintable(QString::number(lit)));
        QCOMPARE(map.cellAt(map.cellRect(rows - 1, cols - 1).center()), (CellIndex{rows - 1, cols - 1}));
    }

    void rangeIsFoundInTheData() {
        CellMap map;
        map.setRange(missing, missing);
        map.setData(1, 4, {5, missing, 7, std::numeric_limits<float>::infinity()});
        const ColourMap colours = map.content().colours(lightTheme());
        QCOMPARE(colours.min(), 5.0F);
        QCOMPARE(colours.max(), 7.0F);
    }

    // ---- the picture

    void cellsHaveTheirColours() {
        const auto map = shownMap();
        const QImage image = map->grab().toImage();
        const ColourMap colours(MapName::Ink, Scale::Linear, 0, 1, currentTheme(map.get()));
        for (int row = 0; row < 6; ++row)
            for (int col = 0; col < 8; ++col)
                QCOMPARE(pixel(image, map->cellRect(row, col).center()),
                         QColor(colours.colour(map->content().value(row, col))));
    }

    void rowsNotDecodedAreBlank() {
        const auto map = shownMap();
        map->setValidRows(2);
        const QImage image = map->grab().toImage();
        QVERIFY(pixel(image, map->cellRect(1, 3).center()) != lightTheme().panel);
        for (int col = 0; col < 8; ++col)
            QCOMPARE(pixel(image, map->cellRect(2, col).center()), lightTheme().panel);
        map->setValidRows(-1);
        QVERIFY(pixel(map->grab().toImage(), map->cellRect(2, 3).center()) != lightTheme().panel);
    }

    void forbiddenCellsAreMarked() {
        const auto map = shownMap();
        std::vector<unsigned char> allowed(48, 1);
        allowed[47] = 0;
        map->setAllowed(allowed);
        const QImage image = map->renderMap({8, 6});
        QCOMPARE(image.pixel(7, 5), forbiddenColour(lightTheme()));
        QVERIFY(image.pixel(6, 5) != forbiddenColour(lightTheme()));
        QVERIFY(map->describe({5, 7}).contains("not allowed"));
    }

    void pointingLeavesDataColoursAlone() {
        const auto map = shownMap();
        const QImage before = map->grab().toImage();
        map->setHoveredCell(2, 3);
        map->setCurrentRow(4);
        map->setCurrentColumn(6);
        map->setPinnedCell(1, -1);
        const QImage during = map->grab().toImage();
        QVERIFY(during != before);
        for (int row = 0; row < 6; ++row)
            for (int col = 0; col < 8; ++col)
                QCOMPARE(pixel(during, map->cellRect(row, col).center()),
                         pixel(before, map->cellRect(row, col).center()));
        // The current row is outlined in the accent colour.
        const QRectF row = map->cellRect(4, 0).united(map->cellRect(4, 7));
        QCOMPARE(pixel(during, QPointF(row.center().x(), row.top())), lightTheme().accent);
        const QRectF column = map->cellRect(0, 6).united(map->cellRect(5, 6));
        QCOMPARE(pixel(during, QPointF(column.left() - 1, column.center().y())), lightTheme().accent);
        map->setHoveredCell(-1, -1);
        map->setCurrentRow(-1);
        map->setCurrentColumn(-1);
        map->setPinnedCell(-1, -1);
        QCOMPARE(map->grab().toImage(), before);
    }

    void aThinRowIsMarkedAtBothSides() {
        CellMap map;
        map.setData(300, 4, std::vector<float>(1200, 0.5F));
        map.setFit(CellFit::Stretch);
        map.resize(200, 160);
        map.grab();
        const QRectF row = map.cellRect(150, 0).united(map.cellRect(150, 3));
        QVERIFY(row.height() < 1);
        map.setPinnedCell(150, -1);
        const QImage image = map.grab().toImage();
        for (const double x : {row.left() - 5, row.right() + 4})
            QCOMPARE(pixel(image, QPointF(x, row.center().y())), lightTheme().text);
    }

    void themeChangeRepaints() {
        const auto map = shownMap();
        applyTheme(ThemeChoice::Dark);
        QTRY_COMPARE(pixel(map->grab().toImage(), map->cellRect(0, 0).center()), darkTheme().panel);
        applyTheme(ThemeChoice::Light);
        QTRY_COMPARE(pixel(map->grab().toImage(), map->cellRect(0, 0).center()), lightTheme().panel);
    }

    void emptyStateSaysWhatToDo() {
        CellMap map;
        map.resize(300, 200);
        const QImage blank = map.grab().toImage();
        map.setEmptyText("Type a sentence and press Enter");
        QVERIFY(map.grab().toImage() != blank);
        QCOMPARE(map.cellAt({150, 100}), CellIndex());
    }

    // ---- layout

    void cellsAreNearlySquareAndBounded() {
        CellMapContent content;
        CellMapView view;
        for (const auto& [rows, cols] : {std::pair{12, 14}, {3, 4}, {20, 25}, {6, 30}, {30, 8}}) {
            content.rows = rows;
            content.cols = cols;
            const CellMapGeometry g = layOut(content, {900, 640}, view, 1, false);
            const double ratio = g.cellWidth / g.cellHeight;
            QVERIFY2(ratio <= 1.6 && ratio >= 1 / 1.35, qPrintable(QString::number(ratio)));
            QVERIFY(g.cellWidth <= 64 && g.cellWidth >= 12);
            QVERIFY(QRectF(0, 0, 900, 640).contains(g.map));
        }
    }

    void labelsNeverOverlap_data() {
        QTest::addColumn<int>("n");
        for (const int n : {1, 5, 14, 45, 120, 1000}) QTest::addRow("%d", n) << n;
    }
    void labelsNeverOverlap() {
        QFETCH(int, n);
        CellMapContent content;
        content.rows = content.cols = n;
        content.values = std::make_shared<const std::vector<float>>(static_cast<std::size_t>(n) * n);
        content.rowLabels = words(n, "translation");
        for (int i = 0; i < n; ++i)
            content.columnLabels << (i % 3 == 0   ? QString::fromUtf8("注意力")
                                     : i % 3 == 1 ? QString("a")
                                                  : QString("government"));
        CellMapView view;
        const CellMapGeometry g = layOut(content, {800, 600}, view, 1, false);
        QVERIFY(g.labelFont.pixelSize() >= 11);
        QImage canvas(800, 600, QImage::Format_RGB32);
        QPainter painter(&canvas);
        const auto disjoint = [](const QRectF& a, const QRectF& b) {
            // Boxes carry a margin of 2 around the ink.
            return !a.adjusted(2, 2, -2, -2).intersects(b.adjusted(2, 2, -2, -2));
        };
        QRectF last;
        for (int row = 0; row < n; row += rowLabelStride(g)) {
            const QRectF box = paintRowLabel(painter, content, g, row, {Qt::black, {}, {}, {}});
            QVERIFY(disjoint(box, last) && !box.isEmpty());
            QVERIFY(box.right() <= g.map.left() && box.left() >= 0);
            last = box;
        }
        last = {};
        for (int col = 0; col < n; col += columnLabelStride(g)) {
            const QRectF box = paintColumnLabel(painter, content, g, col, {Qt::black, {}, {}, {}});
            QVERIFY(disjoint(box, last) && !box.isEmpty());
            QVERIFY(box.bottom() <= g.map.top());
            last = box;
        }
    }

    void fortyWordsAreAllLabelled() {
        CellMapContent content;
        content.rows = content.cols = 42;
        content.values = std::make_shared<const std::vector<float>>(42 * 42);
        content.rowLabels = words(42, "homme");
        content.columnLabels = words(42, "small");
        content.rowMargin = {"entropy, bits", std::vector<float>(42, 1), 4};
        content.columnMargin = {"coverage", std::vector<float>(42, 1), 1};
        CellMapView view;
        // The room of the map in a window of 1280 x 800.
        const QSizeF size(728, 564);
        const CellMapGeometry g = layOut(content, size, view, 1, false);
        QCOMPARE(rowLabelStride(g), 1);
        QCOMPARE(columnLabelStride(g), 1);
        // What is above, beside and underneath takes all the height together.
        QVERIFY(g.columnLabels.top() <= 16);
        QVERIFY(g.columnMargin.bottom() >= size.height() - 16);
    }

    void aLowMapCutsNoWords() {
        CellMapContent content;
        content.rows = 96;
        content.cols = 10;
        content.fit = CellFit::Stretch;
        content.values = std::make_shared<const std::vector<float>>(960);
        for (int i = 0; i < 10; ++i) content.columnLabels << (i % 2 ? "homme" : "small");
        const QFontMetricsF smallest([] {
            QFont font = tokensFont();
            font.setPixelSize(11);
            return font;
        }());
        for (const double height : {40.0, 70.0, 100.0, 150.0, 300.0}) {
            CellMapView view;
            const CellMapGeometry g = layOut(content, {230, height}, view, 1, false);
            QVERIFY(g.columnLabels.isEmpty() ||
                    g.columnLabels.height() >= smallest.horizontalAdvance("homme"));
            QVERIFY(g.map.width() >= 230 - 17); // the room is filled
            QVERIFY2(g.map.height() >= 0.4 * height, qPrintable(QString::number(g.map.height())));
        }
    }

    void deviceRatioGivesWholeDevicePixels() {
        CellMapContent content;
        content.rows = 17;
        content.cols = 23;
        for (const double ratio : {1.0, 1.5, 2.0}) {
            CellMapView view;
            const CellMapGeometry g = layOut(content, {640, 480}, view, ratio, false);
            for (const double length : {g.cellWidth, g.cellHeight, g.origin.x(), g.origin.y()})
                QVERIFY(std::abs(length * ratio - std::round(length * ratio)) < 1e-6);
        }
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

    // ---- figure

    void figureHoldsMapTextAndCaption() {
        const auto map = shownMap();
        map->setCaption("layer 1, mean of 2 heads");
        map->setRowMargin({"entropy, bits", std::vector<float>(6, 1.0F), 2});
        map->setHoveredCell(2, 2);
        map->setCurrentRow(1);
        QImage image(800, 600, QImage::Format_RGB32);
        QPainter painter(&image);
        map->paintFigure(painter, QSizeF(800, 600), lightTheme());
        painter.end();
        CellMapView view;
        const CellMapGeometry g = layOut(map->content(), {800, 600}, view, 1, true);
        const ColourMap colours(MapName::Ink, Scale::Linear, 0, 1, lightTheme());
        for (int row = 0; row < 6; ++row)
            for (int col = 0; col < 8; ++col)
                QCOMPARE(pixel(image, g.cellRect(row, col).center()),
                         QColor(colours.colour(map->content().value(row, col))));
        // Pointing is not part of a figure.
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                QVERIFY(QColor(image.pixel(x, y)) != lightTheme().accent &&
                        QColor(image.pixel(x, y)) != lightTheme().hover);
        const auto inked = [&](const QRectF& part) {
            const QRect area = part.toAlignedRect().intersected(image.rect());
            for (int y = area.top(); y <= area.bottom(); ++y)
                for (int x = area.left(); x <= area.right(); ++x)
                    if (QColor(image.pixel(x, y)) != lightTheme().panel) return true;
            return false;
        };
        for (const QRectF& part : {g.caption, g.legend, g.rowLabels, g.columnLabels, g.rowMargin})
            QVERIFY(!part.isEmpty() && inked(part));
    }

    void largeFiguresKeepPeaks() {
        CellMap map;
        map.setData(400, 400, diagonal(400));
        QImage image(500, 400, QImage::Format_RGB32);
        QPainter painter(&image);
        map.paintFigure(painter, QSizeF(500, 400), lightTheme());
        painter.end();
        CellMapView view;
        const QRect area = layOut(map.content(), {500, 400}, view, 1, true).map.toAlignedRect();
        int rows = 0;
        for (int y = area.top(); y < area.bottom(); ++y) {
            bool dark = false;
            for (int x = area.left(); x < area.right(); ++x) dark = dark || lightness(image.pixel(x, y)) < 60;
            rows += dark;
        }
        QVERIFY2(rows > 0.95 * area.height(), qPrintable(QString("%1 of %2").arg(rows).arg(area.height())));
    }
};

QTEST_MAIN(TestCellMap)
#include "test_cell_map.moc"
