// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>

#include "tests/ui/window_fixture.h"
#include "ui/present/numbers.h"
#include "ui/views/step_card_widget.h"
#include "ui/widgets/curve_plot.h"

using namespace attn;
using namespace attn::ui;

/// Point at a thing in one view and every other view points at the same thing.
class TestLinking : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    CellMap* map() const { return m_window->alignmentView()->map(); }
    void raise(const char* dock) const {
        auto* found = m_window->findChild<QDockWidget*>(QLatin1String(dock));
        found->raise();
        QCoreApplication::processEvents();
    }
    int stepAxis() const { return m_window->selection().stepAxis(); }
    const HeadTrace& head(int step, int head) const {
        const TracePtr& trace = m_window->session().trace();
        return trace->row(0, step, trace->bestPath())->heads[static_cast<std::size_t>(head)];
    }
    /// What every view points at now.
    void compareEverywhere(int step, int source) const {
        QCOMPARE(map()->hoveredCell().row, step);
        QCOMPARE(map()->hoveredCell().col, source);
        QCOMPARE(m_window->stepView()->shownQuery(), step);
        QCOMPARE(m_window->stepView()->shownKey(), source);
        QCOMPARE(m_window->stepView()->target()->hovered(), step);
        QCOMPARE(m_window->sourcePanel()->chips()->hovered(), source);
        QCOMPARE(m_window->statesView()->strip(true)->map()->hoveredCell().col, step);
        QCOMPARE(m_window->statesView()->strip(false)->map()->hoveredCell().col, source);
    }

private slots:
    void init() {
        m_window = shownWindow("torch_four_heads", "the small cat sees a bird");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    void hoveringTheMapLightsEveryView() {
        QTest::mouseMove(map(), cellPoint(map(), 1, 1));
        QTest::mouseMove(map(), cellPoint(map(), 2, 3));
        compareEverywhere(2, 3);
        raise("heads");
        for (int i = 0; i < m_window->headsView()->mapCount(); ++i)
            QCOMPARE(m_window->headsView()->mapAt(i)->hoveredCell(), (CellIndex{2, 3}));
        raise("candidates");
        QVERIFY(m_window->candidatesView()->caption().contains("step 3"));
        // The cards hold this step's numbers.
        QCOMPARE(m_window->stepView()->card(Stage::Normaliser)->resultText(),
                 weightText(head(2, 0).normalised[3]));
        // The pointer leaves: nothing is hovered any more, and the current step is shown again.
        QTest::mouseMove(m_window->sourcePanel(), QPoint(1, 1));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(map(), &leave);
        QCOMPARE(map()->hoveredCell(), CellIndex());
        QCOMPARE(m_window->stepView()->shownQuery(), m_window->selection().currentStep());
    }

    void aClickPinsASecondLetsGo() {
        QTest::mouseClick(map(), Qt::LeftButton, {}, cellPoint(map(), 2, 1));
        QCOMPARE(m_window->selection().pinned().at[stepAxis()], 2);
        QCOMPARE(m_window->selection().pinned().at[0], 1);
        QCOMPARE(m_window->selection().currentStep(), 2);
        QCOMPARE(map()->pinnedCell(), (CellIndex{2, 1}));
        QCOMPARE(map()->currentRow(), 2);
        QCOMPARE(m_window->transport()->step(), 2);
        QCOMPARE(m_window->sourcePanel()->chips()->pinned(), 1);
        QCOMPARE(m_window->stepView()->target()->current(), 2);
        QCOMPARE(m_window->statesView()->strip(true)->map()->currentColumn(), 2);
        QCOMPARE(m_window->statesView()->strip(false)->map()->currentColumn(), -1);
        QTest::mouseClick(map(), Qt::LeftButton, {}, cellPoint(map(), 2, 1));
        QCOMPARE(m_window->selection().pinned().at[stepAxis()], -1);
        QCOMPARE(map()->pinnedCell(), CellIndex());
    }

    void escapeLetsGo() {
        QTest::mouseClick(map(), Qt::LeftButton, {}, cellPoint(map(), 2, 1));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QCOMPARE(m_window->selection().pinned(), Pointing());
        QCOMPARE(m_window->selection().currentStep(), 2);
    }

    void hoveringAChipLightsItsColumn() {
        TokenChips* chips = m_window->sourcePanel()->chips();
        QTest::mouseMove(chips, chips->chipRect(0).center().toPoint());
        QTest::mouseMove(chips, chips->chipRect(4).center().toPoint());
        QCOMPARE(map()->hoveredCell(), (CellIndex{-1, 4}));
        QCOMPARE(m_window->stepView()->shownKey(), 4);
        QCOMPARE(m_window->statesView()->strip(false)->map()->hoveredCell().col, 4);
    }

    void hoveringAStateLightsItsTime() {
        CellMap* decoder = m_window->statesView()->strip(true)->map();
        QTest::mouseMove(decoder, cellPoint(decoder, 1, 1));
        QTest::mouseMove(decoder, cellPoint(decoder, 3, 2));
        QCOMPARE(m_window->selection().effectiveStep(), 2);
        QCOMPARE(m_window->selection().effective().unit, 3);
        QCOMPARE(map()->hoveredCell().row, 2);
        CellMap* encoder = m_window->statesView()->strip(false)->map();
        QTest::mouseMove(encoder, cellPoint(encoder, 0, 1));
        QTest::mouseMove(encoder, cellPoint(encoder, 0, 2));
        QCOMPARE(map()->hoveredCell().col, 2);
        QCOMPARE(m_window->sourcePanel()->chips()->hovered(), 2);
    }

    void aClickedUnitHasACurve() {
        CellMap* decoder = m_window->statesView()->strip(true)->map();
        CurvePlot* curve = m_window->statesView()->curve();
        QVERIFY(!curve->isVisible());
        const int height = decoder->height();
        QTest::mouseClick(decoder, Qt::LeftButton, {}, cellPoint(decoder, 1, 0));
        QCOMPARE(m_window->selection().pinned().unit, 1);
        QVERIFY(curve->isVisible());
        QCOMPARE(curve->stepCount(), m_window->selection().bounds().steps());
        QTest::mouseClick(decoder, Qt::LeftButton, {}, cellPoint(decoder, 1, 0));
        QCOMPARE(m_window->selection().pinned().unit, -1);
        QVERIFY(!curve->isVisible());
        QTRY_VERIFY(std::abs(decoder->height() - height) <= 1);
    }

    void aHeadIsPromotedByAClick() {
        raise("heads");
        CellMap* third = m_window->headsView()->mapAt(3);
        QTest::mouseClick(third, Qt::LeftButton, {}, third->rect().center());
        QCOMPARE(m_window->selection().promotedHead(), 2);
        QCOMPARE(m_window->alignmentView()->shown().head, 2);
        QCOMPARE(m_window->alignmentView()->map()->content().value(1, 1), head(1, 2).weights[1]);
        QVERIFY(m_window->alignmentView()->caption().contains("head 3 of 4"));
        QVERIFY(m_window->alignmentView()->map()->content().caption.contains("head 3 of 4"));
    }

    void hiddenViewsCatchUp() {
        raise("candidates");
        m_window->selection().setStep(3);
        QCoreApplication::processEvents();
        raise("heads");
        QCOMPARE(m_window->headsView()->mapAt(0)->currentRow(), 3);
    }
};

QTEST_MAIN(TestLinking)
#include "test_linking.moc"
