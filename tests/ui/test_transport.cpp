// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "ui/widgets/theme.h"
#include "ui/widgets/transport.h"

using namespace attn::ui;

class TestTransport : public QObject {
    Q_OBJECT

private:
    static QToolButton* button(Transport& t, const char* name) { return t.findChild<QToolButton*>(name); }
    static void click(Transport& t, const char* name) { QTest::mouseClick(button(t, name), Qt::LeftButton); }

private slots:
    void initTestCase() { applyTheme(ThemeChoice::Light); }

    void nothingToPlayDisablesAll() {
        Transport t;
        QCOMPARE(t.step(), -1);
        for (const char* name : {"first", "back", "play", "forward", "last"})
            QVERIFY(!button(t, name)->isEnabled());
        t.playPause();
        QVERIFY(!t.isPlaying());
        t.setSteps(1);
        QCOMPARE(t.step(), 0);
        QVERIFY(!button(t, "play")->isEnabled());
    }

    void buttonsStep() {
        Transport t;
        t.setSteps(8);
        t.show();
        QSignalSpy chosen(&t, &Transport::stepChosen);
        QCOMPARE(t.step(), 0);
        QVERIFY(!button(t, "back")->isEnabled());
        click(t, "forward");
        click(t, "forward");
        click(t, "back");
        click(t, "last");
        click(t, "first");
        QList<int> steps;
        for (const QVariantList& call : chosen) steps << call.first().toInt();
        QCOMPARE(steps, QList<int>({1, 2, 1, 7, 0}));
        t.setStep(7);
        QVERIFY(!button(t, "forward")->isEnabled() && !button(t, "last")->isEnabled());
        t.forward();
        QCOMPARE(t.step(), 7);
        QCOMPARE(chosen.size(), 5);
    }

    void settersAreSilentAndClamped() {
        Transport t;
        QSignalSpy chosen(&t, &Transport::stepChosen);
        t.setSteps(5);
        t.setStep(3);
        QCOMPARE(t.findChild<QSlider*>("step")->value(), 3);
        QCOMPARE(t.findChild<QLabel*>("position")->text(), QString("step 4 of 5"));
        t.setStep(99);
        QCOMPARE(t.step(), 4);
        t.setSteps(2);
        QCOMPARE(t.step(), 1);
        t.setSteps(0);
        QCOMPARE(t.step(), -1);
        QVERIFY(chosen.isEmpty());
    }

    void sliderChooses() {
        Transport t;
        t.setSteps(6);
        t.show();
        QSignalSpy chosen(&t, &Transport::stepChosen);
        auto* slider = t.findChild<QSlider*>("step");
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Right);
        QTest::keyClick(slider, Qt::Key_End);
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(chosen.last().first().toInt(), 5);
        QCOMPARE(t.step(), 5);
    }

    void playingVisitsEachStepOnceAndStops() {
        Transport t;
        t.setSteps(5);
        t.setSpeed(20);
        QSignalSpy chosen(&t, &Transport::stepChosen);
        QSignalSpy playing(&t, &Transport::playingChanged);
        t.playPause();
        QVERIFY(t.isPlaying());
        QTRY_VERIFY(!t.isPlaying());
        QList<int> steps;
        for (const QVariantList& call : chosen) steps << call.first().toInt();
        QCOMPARE(steps, QList<int>({1, 2, 3, 4}));
        QCOMPARE(playing.size(), 2);
        QCOMPARE(playing.first().first().toBool(), true);
        QCOMPARE(playing.last().first().toBool(), false);
        // From the end it starts anew.
        t.playPause();
        QCOMPARE(t.step(), 0);
        QVERIFY(t.isPlaying());
        // A step taken by hand pauses.
        t.forward();
        QVERIFY(!t.isPlaying());
        t.playPause();
        t.setSteps(3);
        QVERIFY(!t.isPlaying());
    }

    void speedIsInStepsPerSecond() {
        Transport t;
        for (const double speed : {0.5, 1.0, 2.0, 7.0, 20.0}) {
            t.setSpeed(speed);
            QVERIFY(std::abs(t.speed() / speed - 1) < 0.03); // the slider's grain
        }
        t.setSpeed(1000);
        QVERIFY(std::abs(t.speed() - 20) < 1e-9);
    }

    void everyControlHasNameAndTooltip() {
        Transport t;
        t.setSteps(4);
        for (const char* name : {"first", "back", "play", "forward", "last"}) {
            QVERIFY(!button(t, name)->icon().isNull());
            QVERIFY(!button(t, name)->accessibleName().isEmpty());
            QVERIFY(button(t, name)->toolTip().contains('('));
        }
        for (const QSlider* slider : t.findChildren<QSlider*>()) {
            QVERIFY(!slider->toolTip().isEmpty());
            QVERIFY(!slider->accessibleName().isEmpty());
        }
        const QString play = button(t, "play")->toolTip();
        t.playPause();
        QVERIFY(button(t, "play")->toolTip() != play);
    }
};

QTEST_MAIN(TestTransport)
#include "test_transport.moc"
