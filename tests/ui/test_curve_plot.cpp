// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "ui/widgets/curve_plot.h"
#include "ui/widgets/theme.h"

using namespace attn::ui;

namespace {

int count(const QImage& image, const QColor& colour) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) found += QColor(image.pixel(x, y)) == colour;
    return found;
}

/// Columns of the image that hold exactly this colour.
QList<int> columnsOf(const QImage& image, const QColor& colour) {
    QList<int> columns;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            if (QColor(image.pixel(x, y)) == colour) {
                columns << x;
                break;
            }
    return columns;
}

QWidget* plotOf(CurvePlot& plot) {
    return plot.findChild<QWidget*>("plot");
}

} // namespace

class TestCurvePlot : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CurvePlot> shownPlot(std::vector<double> y) {
        auto plot = std::make_unique<CurvePlot>();
        plot->setCurves({{"unit 37", std::move(y), QColor(1, 2, 200)}});
        plot->resize(500, 300);
        plot->show();
        [&] { QVERIFY(QTest::qWaitForWindowExposed(plot.get())); }();
        QApplication::processEvents();
        return plot;
    }

private slots:
    void initTestCase() {
        applyTheme(ThemeChoice::Light);
        setTextScale(1);
    }

    void cursorStandsAtItsStep() {
        const auto plot = shownPlot({0, 1, 4, 9, 16});
        QCOMPARE(count(plot->grab().toImage(), lightTheme().accent), 0);
        plot->setCursor(3, 1);
        QImage image = plot->grab().toImage();
        QList<int> columns = columnsOf(image, lightTheme().accent);
        QVERIFY(!columns.isEmpty());
        for (const int x : columns) QVERIFY(std::abs(x - plot->stepX(3)) <= 2);
        columns = columnsOf(image, lightTheme().hover);
        QVERIFY(!columns.isEmpty());
        for (const int x : columns) QVERIFY(std::abs(x - plot->stepX(1)) <= 2);
        plot->setCursor(-1, 99);
        image = plot->grab().toImage();
        QCOMPARE(count(image, lightTheme().accent) + count(image, lightTheme().hover), 0);
    }

    void aSingleStepIsDrawn() {
        const auto plot = shownPlot({0.5});
        QVERIFY(count(plot->grab().toImage(), QColor(1, 2, 200)) >= 5);
    }

    void aMissingValueIsAGap() {
        const auto whole = shownPlot({1, 1, 1, 1, 1});
        const auto gap = shownPlot({1, 1, std::nan(""), 1, 1});
        const double left = gap->stepX(1);
        const double right = gap->stepX(3);
        for (const int x : columnsOf(gap->grab().toImage(), QColor(1, 2, 200)))
            QVERIFY(x <= left + 6 || x >= right - 6);
        QVERIFY(columnsOf(whole->grab().toImage(), QColor(1, 2, 200)).contains(qRound(whole->stepX(2)) + 20));
    }

    void mouseAndKeysPoint() {
        const auto plot = shownPlot({0, 1, 4, 9, 16});
        QSignalSpy hovered(plot.get(), &CurvePlot::stepHovered);
        QSignalSpy clicked(plot.get(), &CurvePlot::stepClicked);
        const auto at = [&](int step) { return QPoint(qRound(plot->stepX(step)), 120); };
        QTest::mouseMove(plotOf(*plot), at(2));
        QTest::mouseMove(plotOf(*plot), at(2) + QPoint(3, 3));
        QCOMPARE(hovered.size(), 1);
        QCOMPARE(hovered.takeFirst().first().toInt(), 2);
        QTest::mouseClick(plotOf(*plot), Qt::LeftButton, {}, at(4));
        QCOMPARE(clicked.takeFirst().first().toInt(), 4);
        hovered.clear();
        QTest::keyClick(plot.get(), Qt::Key_Left);
        QCOMPARE(hovered.size(), 1);
        plot->setCursor(0, -1);
        QVERIFY(hovered.size() == 1);
    }

    void darkThemeLeavesNoWhiteBox() {
        const auto plot = shownPlot({0, 1, 2});
        applyTheme(ThemeChoice::Dark);
        QTRY_COMPARE(QColor(plot->grab().toImage().pixel(2, 2)), darkTheme().panel);
        QCOMPARE(count(plot->grab().toImage(), Qt::white), 0);
        applyTheme(ThemeChoice::Light);
        QTRY_COMPARE(QColor(plot->grab().toImage().pixel(2, 2)), lightTheme().panel);
    }

    void tableHoldsEveryNumber() {
        CurvePlot plot;
        plot.setCurves({{"loss", {3, 2.5}}, {"accuracy", {0.25}}});
        plot.setStepNumbers(0, 10);
        QCOMPARE(plot.tableText(), QString("step\tloss\taccuracy\n0\t3\t0.25\n10\t2.5\t\n"));
        plot.setTickLabels({"5e3", "cat"});
        QVERIFY(plot.tableText().contains("5e3\t3"));
        QCOMPARE(plot.stepCount(), 2);
    }

    void tokensAreNotReadAsNumbers() {
        // "5e3" as a number would be drawn as 5 with a raised power: wider, and higher, than its text.
        const auto plot = shownPlot({1, 1});
        plot->setTickLabels({"5e3", "5e3"});
        QApplication::processEvents(); // the replot is queued
        const QImage text = plot->grab().toImage();
        plot->setTickLabels({"5f3", "5f3"}); // the same but for one letter
        QApplication::processEvents();
        const QImage other = plot->grab().toImage();
        const int step = qRound(plot->stepX(0));
        int first = 1000, last = 0, firstOther = 1000, lastOther = 0;
        for (int x = step - 40; x < step + 40; ++x)
            for (int y = 300 - 24; y < 300; ++y) {
                if (QColor(text.pixel(x, y)).lightness() < 128) {
                    first = std::min(first, x);
                    last = std::max(last, x);
                }
                if (QColor(other.pixel(x, y)).lightness() < 128) {
                    firstOther = std::min(firstOther, x);
                    lastOther = std::max(lastOther, x);
                }
            }
        QVERIFY(last > first);
        QVERIFY2(std::abs((last - first) - (lastOther - firstOther)) <= 6,
                 qPrintable(QString("%1 %2").arg(last - first).arg(lastOther - firstOther)));
    }

    void figureHasCurvesButNoCursor() {
        const auto plot = shownPlot({0, 1, 4, 9, 16});
        plot->setCursor(2, 3);
        QImage image(600, 300, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        plot->paintFigure(painter, {600, 300});
        painter.end();
        QCOMPARE(count(image, lightTheme().accent), 0);
        const QList<int> columns = columnsOf(image, QColor(1, 2, 200));
        QVERIFY(!columns.isEmpty());
        QVERIFY2(columns.last() > 500, "the figure fills its size");
        QApplication::processEvents();
        QVERIFY(count(plot->grab().toImage(), lightTheme().accent) > 0);
    }
};

QTEST_MAIN(TestCurvePlot)
#include "test_curve_plot.moc"
