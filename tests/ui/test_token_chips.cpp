// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QContextMenuEvent>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "core/base/error.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_chips.h"

using namespace attn::ui;

namespace {

std::vector<TokenChip> chipsOf(const QString& sentence) {
    std::vector<TokenChip> chips;
    for (const QString& word : sentence.split(' ')) chips.push_back({word});
    return chips;
}

/// How many pixels of `area` have exactly this colour.
int count(const QImage& image, const QRectF& area, const QColor& colour) {
    int found = 0;
    const QRect rect = area.toAlignedRect().intersected(image.rect());
    for (int y = rect.top(); y <= rect.bottom(); ++y)
        for (int x = rect.left(); x <= rect.right(); ++x) found += QColor(image.pixel(x, y)) == colour;
    return found;
}

} // namespace

class TestTokenChips : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        applyTheme(ThemeChoice::Light);
        setTextScale(1);
    }

    void chipsFlowWithoutTouching() {
        TokenChips chips;
        QString sentence = "the small black cat sees the old man near the river";
        while (sentence.count(' ') < 39) sentence += " cat";
        chips.setTokens(chipsOf(sentence));
        QCOMPARE(chips.tokens().size(), std::size_t(40));
        for (const int width : {200, 480, 900}) {
            const int height = chips.heightForWidth(width);
            chips.resize(width, height);
            chips.grab();
            QRectF last;
            for (int i = 0; i < 40; ++i) {
                const QRectF rect = chips.chipRect(i);
                QVERIFY(QRectF(0, 0, width, height).contains(rect));
                QVERIFY(!rect.intersects(last));
                last = rect;
            }
        }
        // Two or three lines at the width of a panel.
        QVERIFY(chips.heightForWidth(900) <= 3.5 * chips.chipRect(0).height());
        QVERIFY(chips.heightForWidth(200) > chips.heightForWidth(900));
    }

    void aLongTokenIsCutToTheWidth() {
        TokenChips chips;
        chips.setTokens({{QString(200, 'w')}});
        chips.resize(150, chips.heightForWidth(150));
        chips.grab();
        QVERIFY(chips.chipRect(0).right() <= 150);
    }

    void rightToLeftFlowsFromTheRight() {
        TokenChips chips;
        chips.setTokens(chipsOf(QString::fromUtf8("القطة السوداء ترى .")));
        chips.resize(600, 60);
        chips.grab();
        QVERIFY(chips.chipRect(0).left() > chips.chipRect(1).left());
        QVERIFY(chips.chipRect(0).right() > 590);
        QTest::keyClick(&chips, Qt::Key_Left);
        QTest::keyClick(&chips, Qt::Key_Left);
        QCOMPARE(chips.hovered(), 1);
        chips.setTokens(chipsOf(QString::fromUtf8("研究 生命 起源 .")));
        QVERIFY(chips.chipRect(0).left() < chips.chipRect(1).left());
    }

    void mouseHoversAndClicks() {
        TokenChips chips;
        chips.setTokens(chipsOf("the small black cat"));
        chips.resize(400, 40);
        chips.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chips));
        QSignalSpy hovered(&chips, &TokenChips::chipHovered);
        QSignalSpy clicked(&chips, &TokenChips::chipClicked);
        QTest::mouseMove(&chips, chips.chipRect(2).center().toPoint());
        QTest::mouseMove(&chips, chips.chipRect(2).center().toPoint() + QPoint(1, 1));
        QCOMPARE(hovered.size(), 1);
        QCOMPARE(hovered.takeFirst().first().toInt(), 2);
        QTest::mouseClick(&chips, Qt::LeftButton, {}, chips.chipRect(1).center().toPoint());
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked.first().first().toInt(), 1);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&chips, &leave);
        QCOMPARE(hovered.last().first().toInt(), -1);
    }

    void slotsAreSilentAndClamped() {
        TokenChips chips;
        chips.setTokens(chipsOf("the cat"));
        QSignalSpy hovered(&chips, &TokenChips::chipHovered);
        chips.setHovered(1);
        chips.setPinned(1);
        chips.setCurrent(0);
        chips.setHovered(7);
        QCOMPARE(chips.hovered(), -1);
        QVERIFY(hovered.isEmpty());
        chips.setTokens(chipsOf("the"));
        QCOMPARE(chips.pinned(), -1);
        QCOMPARE(chips.current(), 0);
    }

    void keysMoveAndClick() {
        TokenChips chips;
        chips.setTokens(chipsOf("the small cat"));
        chips.resize(400, 40);
        chips.show();
        QSignalSpy hovered(&chips, &TokenChips::chipHovered);
        QSignalSpy clicked(&chips, &TokenChips::chipClicked);
        for (int i = 0; i < 5; ++i) QTest::keyClick(&chips, Qt::Key_Right);
        QCOMPARE(chips.hovered(), 2);
        QCOMPARE(hovered.size(), 3);
        QTest::keyClick(&chips, Qt::Key_Left);
        QTest::keyClick(&chips, Qt::Key_Return);
        QCOMPARE(clicked.takeFirst().first().toInt(), 1);
        QVERIFY(chips.accessibleDescription().contains("small"));
    }

    void statesAreSeen() {
        TokenChips chips;
        std::vector<TokenChip> tokens = chipsOf("the zyzzy cat sees it");
        tokens[1].unknown = true;
        chips.setTokens(tokens);
        chips.resize(500, 40);
        chips.setCurrent(2);
        const QImage image = chips.grab().toImage();
        const Theme theme = lightTheme();
        QVERIFY(count(image, chips.chipRect(2), theme.accent) > 20);
        QCOMPARE(count(image, chips.chipRect(3), theme.accent), 0);
        // A dashed outline: some of the top edge is the warning colour, some is not.
        const QRectF chip = chips.chipRect(1);
        const int dashes = count(image, QRectF(chip.left(), chip.top(), chip.width(), 1), theme.warning);
        QVERIFY2(dashes > 5 && dashes < chip.width() - 8, qPrintable(QString::number(dashes)));
        QCOMPARE(count(image, chips.chipRect(0), theme.warning), 0);
    }

    void weightsAreBarsInProportion() {
        TokenChips chips;
        chips.setTokens(chipsOf("aaaaaaaaaa bbbbbbbbbb cccccccccc"));
        chips.resize(500, 60);
        const double before = chips.sizeHint().height();
        chips.setWeights({0, 0.5F, 1});
        QVERIFY(chips.sizeHint().height() > before);
        const QImage image = chips.grab().toImage();
        const auto bar = [&](int index) {
            const QRectF chip = chips.chipRect(index);
            const int y = static_cast<int>(chip.bottom()) - 6;
            int dark = 0;
            for (int x = static_cast<int>(chip.left()) + 4; x < chip.right() - 4; ++x)
                dark += QColor(image.pixel(x, y)).lightness() < 150;
            return dark;
        };
        QCOMPARE(bar(0), 0);
        QVERIFY(bar(2) > 20);
        QVERIFY(std::abs(bar(1) - chips.chipRect(1).width() / 2 + 8) <= 2);
        QVERIFY_EXCEPTION_THROWN(chips.setWeights({1}), attn::Error);
    }

    void aLimitOfLinesFollowsTheCurrentChip() {
        TokenChips chips;
        QString sentence = "the small black cat";
        while (sentence.count(' ') < 39) sentence += " sees";
        chips.setTokens(chipsOf(sentence));
        chips.setMostLines(2);
        const int height = chips.heightForWidth(240);
        chips.resize(240, height);
        chips.grab();
        QVERIFY(height <= 2.5 * chips.chipRect(0).height());
        const QRectF all(0, 0, 240, height);
        for (const int i : {0, 20, 39, 7}) {
            chips.setCurrent(i);
            QVERIFY(!chips.chipRect(i).isEmpty() && all.contains(chips.chipRect(i)));
            QCOMPARE(chips.chipAt(chips.chipRect(i).center()), i);
        }
        // Pointing elsewhere shows that, and then the current one again.
        QVERIFY(chips.chipRect(39).isEmpty());
        chips.setHovered(39);
        QVERIFY(!chips.chipRect(39).isEmpty());
        chips.setHovered(-1);
        QVERIFY(!chips.chipRect(7).isEmpty());
        // The wheel goes line by line and stops at the ends.
        for (int i = 0; i < 30; ++i) {
            QWheelEvent down(QPointF(5, 5), chips.mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                             Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&chips, &down);
        }
        QVERIFY(!chips.chipRect(39).isEmpty());
        QVERIFY(chips.chipRect(0).isEmpty());
    }

    void aLimitOfLinesWritesSmallerFirst() {
        TokenChips chips;
        chips.setTokens(chipsOf("the small black cat sees the old man near the river and sleeps"));
        int width = 100;
        while (chips.heightForWidth(width) > 2.5 * chips.heightForWidth(9000)) ++width;
        // A little too narrow for two lines of the usual size.
        width -= 12;
        const int usual = chips.heightForWidth(width);
        chips.setMostLines(2);
        QVERIFY(chips.heightForWidth(width) < usual);
        chips.resize(width, chips.heightForWidth(width));
        chips.grab();
        for (int i = 0; i < 13; ++i) QVERIFY(!chips.chipRect(i).isEmpty());
    }

    void contextMenuNamesTheChip() {
        TokenChips chips;
        chips.setTokens(chipsOf("the cat"));
        chips.resize(300, 40);
        chips.grab();
        QSignalSpy menu(&chips, &TokenChips::chipMenuRequested);
        const QPoint at = chips.chipRect(1).center().toPoint();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, chips.mapToGlobal(at));
        QApplication::sendEvent(&chips, &event);
        QCOMPARE(menu.size(), 1);
        QCOMPARE(menu.first().first().toInt(), 1);
    }
};

QTEST_MAIN(TestTokenChips)
#include "test_token_chips.moc"
