// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "ui/selection/selection.h"

using namespace attn;
using namespace attn::ui;

namespace {
constexpr int source = 0, target = 1, readTarget = 2;

/// Cross attention with `heads` heads, target by source; then one head over the tokens read.
PointingBounds boundsOf(int steps, int sources, int heads) {
    PointingBounds bounds;
    bounds.positions = {sources, steps, steps};
    bounds.stepAxis = target;
    bounds.readAxis = readTarget;
    bounds.sites = {{heads, target, source}, {1, target, readTarget}};
    return bounds;
}

Pointing pointing(const AxisPositions& at) {
    Pointing pointing;
    pointing.at = at;
    return pointing;
}
} // namespace

class TestSelection : public QObject {
    Q_OBJECT
private slots:
    void equalPositionsAreEqual() {
        AxisPositions at{{1, 4}};
        QCOMPARE(at[1], 4);
        QCOMPARE(at[0], -1);
        QCOMPARE(at[7], -1);
        QCOMPARE(at[-1], -1);
        at.set(5, 2);
        at.set(5, -1);
        QVERIFY(at == (AxisPositions{{1, 4}}));
        at.set(1, -1);
        QVERIFY(at.isEmpty() && at == AxisPositions());
        at.set(-1, 3);
        QVERIFY(at.isEmpty());
    }

    void hoverGoesOverPinned() {
        Selection selection;
        selection.setBounds(boundsOf(4, 5, 2));
        QCOMPARE(selection.currentStep(), 0);
        selection.togglePin({{target, 2}, {source, 3}});
        QCOMPARE(selection.currentStep(), 2);
        selection.hover(pointing({{target, 1}}));
        QCOMPARE(selection.effectiveStep(), 1);
        QCOMPARE(selection.effective().at[source], 3);
        selection.clearHover();
        QCOMPARE(selection.effectiveStep(), 2);
        selection.stepBy(1); // the pin goes along
        QCOMPARE(selection.pinned().at[target], 3);
        selection.stepBy(9);
        QCOMPARE(selection.currentStep(), 3);
        selection.togglePin({{target, 3}, {source, 3}});
        QCOMPARE(selection.pinned(), Pointing());
        selection.moveKey(1);
        QCOMPARE(selection.pinned().at[source], 0);
        selection.moveKey(-1);
        QCOMPARE(selection.pinned().at[source], 0);
        selection.cycleHead();
        selection.cycleHead();
        QCOMPARE(selection.promotedHead(), 1);
        selection.letGo();
        QCOMPARE(selection.promotedHead(), 1);
        QCOMPARE(selection.pinned().at[source], -1);
        selection.cycleHead();
        QCOMPARE(selection.promotedHead(), -1);
    }

    void whatNoLongerExistsIsDropped() {
        Selection selection;
        selection.setBounds(boundsOf(4, 5, 2));
        selection.togglePin({{target, 3}, {source, 4}});
        selection.setBounds(boundsOf(2, 5, 1));
        QCOMPARE(selection.currentStep(), 1);
        QCOMPARE(selection.pinned().at[target], -1);
        QCOMPARE(selection.pinned().at[source], 4);
        selection.setBounds({});
        QCOMPARE(selection.currentStep(), -1);
        selection.stepBy(1);
        QCOMPARE(selection.currentStep(), -1);
    }

    void nothingIsSaidWithoutAChange() {
        Selection selection;
        selection.setBounds(boundsOf(4, 5, 1));
        int said = 0;
        connect(&selection, &Selection::changed, this, [&] { ++said; });
        selection.setStep(0);
        selection.clearHover();
        selection.cycleHead();
        selection.chooseSite(0);
        selection.chooseSite(7);
        selection.hover(pointing({{source, 99}})); // beyond the bounds: nothing
        QCOMPARE(said, 0);
    }

    /// Steps stand on two axes: what they decoded and what they read.
    void saidAndReadArePointedAtSeparately() {
        Selection selection;
        selection.setBounds(boundsOf(4, 5, 1));
        selection.chooseSite(1);
        selection.hover(pointing({{target, 3}, {readTarget, 1}}));
        QCOMPARE(selection.effectiveStep(), 3);
        QCOMPARE(selection.effective().at[readTarget], 1);
        selection.hover(pointing({{readTarget, 2}})); // a column alone leaves the step
        QCOMPARE(selection.effectiveStep(), 0);
        selection.togglePin({{target, 2}, {readTarget, 1}});
        QCOMPARE(selection.currentStep(), 2);
        selection.setStep(1); // the row goes along, the column stays
        QCOMPARE(selection.pinned().at[target], 1);
        QCOMPARE(selection.pinned().at[readTarget], 1);
        selection.moveKey(1); // keys of this site are the tokens read
        QCOMPARE(selection.pinned().at[readTarget], 2);
        QCOMPARE(selection.pinned().at[source], -1);
        selection.setBounds(boundsOf(2, 5, 1));
        QCOMPARE(selection.pinned().at[readTarget], -1);
    }

    void eachSiteHasItsHeads() {
        Selection selection;
        selection.setBounds(boundsOf(4, 5, 3));
        selection.promoteHead(2);
        QCOMPARE(selection.heads(), 3);
        Selection::Aspects said;
        connect(&selection, &Selection::changed, this, [&](Selection::Aspects what) { said |= what; });
        selection.chooseSite(1);
        QVERIFY(said & Selection::Place && said & Selection::Head);
        QCOMPARE(selection.site(), 1);
        QCOMPARE(selection.heads(), 1);
        QCOMPARE(selection.promotedHead(), -1); // that site has no third head
        selection.letGo();
        QCOMPARE(selection.site(), 1);
        Pointing elsewhere;
        elsewhere.site = 0;
        elsewhere.head = 1;
        selection.hover(elsewhere);
        QCOMPARE(selection.effective().site, 0);
        QCOMPARE(selection.effective().head, 1);
        QCOMPARE(selection.site(), 1);
        selection.setBounds({});
        QCOMPARE(selection.site(), -1);
        QCOMPARE(selection.heads(), 0);
    }

    /// A view that saw the bounds before has to look again.
    void otherBoundsAreSaid() {
        Selection selection;
        Selection::Aspects said;
        connect(&selection, &Selection::changed, this, [&](Selection::Aspects what) { said |= what; });
        PointingBounds read; // nothing is decoded
        read.positions = {3, 1};
        read.sites = {{2, 1, 0}};
        selection.setBounds(read);
        QVERIFY(said & Selection::Place && said & Selection::Pointed);
        QCOMPARE(selection.currentStep(), -1);
        said = {};
        selection.setBounds(read);
        QVERIFY(!said);
        selection.setBounds({});
        QVERIFY(said & Selection::Place);
    }

    /// Queries and keys of a sentence that looks at itself are told apart, and the source stays the keys.
    void anAxisThatLooksAtItselfStandsTwice() {
        Trace trace;
        trace.axes = {{AxisKind::Source}, {AxisKind::Target}};
        trace.axes[source].positions.resize(5);
        trace.sites = {{SiteKind::EncoderSelf, 0, false, source, source},
                       {SiteKind::DecoderSelf, 0, false, target, target},
                       {SiteKind::EncoderSelf, 1, false, source, source}};
        trace.passes.resize(1);
        trace.steps.resize(1);
        const PointingBounds bounds = pointingBounds(trace, {0});
        QCOMPARE(bounds.stepAxis, target);
        QCOMPARE(bounds.positions, (std::vector<int>{5, 1, 5, 1}));
        QCOMPARE(bounds.sites[0].keyAxis, source);
        QCOMPARE(bounds.sites[0].queryAxis, 2);
        QCOMPARE(bounds.sites[1].queryAxis, target);
        QCOMPARE(bounds.sites[1].keyAxis, 3);
        QVERIFY(bounds.sites[2] == bounds.sites[0]);
        Selection selection;
        selection.setBounds(bounds);
        selection.togglePin(bounds.sites[0].at(4, 1));
        QCOMPARE(selection.pinned().at[bounds.sites[0].queryAxis], 4);
        QCOMPARE(selection.pinned().at[source], 1);
    }
};

QTEST_MAIN(TestSelection)
#include "test_selection.moc"
