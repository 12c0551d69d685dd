// SPDX-License-Identifier: GPL-3.0-or-later
// The views on traces of networks that did not exist when they were written: they ask what a trace holds.
#include <QComboBox>
#include <QDirIterator>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QTableView>
#include <QTest>

#include "tests/ui/trace_fixture.h"
#include "ui/present/numbers.h"
#include "ui/present/site_text.h"
#include "ui/views/alignment_view.h"
#include "ui/views/candidates_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_card_widget.h"
#include "ui/views/step_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_chips.h"

using namespace attn;
using namespace attn::ui;

namespace {
/// All views of one trace, side by side in one window.
struct Views {
    Selection selection;
    QWidget window;
    AlignmentView alignment{&selection};
    StepView step{&selection};
    StatesView states{&selection};
    HeadsView heads{&selection};
    CandidatesView candidates{&selection};

    Views() {
        // Places of their own: what one view shows must not move another one from under the pointer.
        const std::pair<QWidget*, QRect> places[] = {{&alignment, {0, 0, 500, 440}},
                                                     {&heads, {0, 450, 500, 450}},
                                                     {&step, {510, 0, 400, 900}},
                                                     {&states, {920, 0, 480, 560}},
                                                     {&candidates, {920, 570, 480, 330}}};
        for (const auto& [view, place] : places) {
            view->setParent(&window);
            view->setGeometry(place);
        }
        window.resize(1400, 900);
        window.show();
    }
    std::vector<TraceView*> all() { return {&alignment, &step, &states, &heads, &candidates}; }
    void show(Trace trace) {
        const auto shared = std::make_shared<const Trace>(std::move(trace));
        for (TraceView* view : all()) view->setTrace(shared, shared->bestPath());
        selection.setBounds(pointingBounds(*shared, shared->bestPath()));
        QCoreApplication::processEvents();
    }
    CellMap* map() const { return alignment.map(); }
    /// What a person reads in a view.
    static QString textsOf(const QWidget* view) {
        QStringList texts;
        for (const QLabel* label : view->findChildren<QLabel*>())
            if (label->isVisible()) texts << label->text();
        return texts.join('\n');
    }
    /// The figure is more than its background.
    static bool drawsSomething(TraceView* view) {
        QImage image(500, 400, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::white);
        QImage blank = image;
        QPainter painter(&image);
        view->paintFigure(painter, QSizeF(500, 400), lightTheme());
        painter.end();
        return image != blank;
    }
};

void moveTo(CellMap* map, int row, int col) {
    const QPoint at = map->cellRect(row, col).center().toPoint();
    QTest::mouseMove(map, at + QPoint(1, 1));
    QTest::mouseMove(map, at);
}
} // namespace

class TestUnseenTraces : public QObject {
    Q_OBJECT
    std::unique_ptr<Views> m_views;

    void chooseSite(int site) {
        QComboBox* box = m_views->alignment.siteBox();
        QVERIFY(box->isVisible());
        box->setFocus();
        for (int moves = 0; box->currentIndex() != site && moves < 10; ++moves)
            QTest::keyClick(box, box->currentIndex() < site ? Qt::Key_Down : Qt::Key_Up);
        QCOMPARE(m_views->selection.site(), site);
    }

private slots:
    void init() {
        m_views = std::make_unique<Views>();
        QVERIFY(QTest::qWaitForWindowExposed(&m_views->window));
    }
    void cleanup() { m_views.reset(); }

    /// The views know no family.
    void noFamilyIsNamed() {
        const QRegularExpression family(QStringLiteral("encoder_?decoder|language_?model"),
                                        QRegularExpression::CaseInsensitiveOption);
        int files = 0;
        for (const char* folder : {"ui/views", "ui/present", "ui/selection"}) {
            QDirIterator each(QStringLiteral(ATTENTOSCOPE_SOURCE "/") + QLatin1String(folder), QDir::Files);
            while (each.hasNext()) {
                QFile file(each.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                QVERIFY2(!QString::fromUtf8(file.readAll()).contains(family),
                         qUtf8Printable(file.fileName()));
                ++files;
            }
        }
        QVERIFY(files > 30);
    }

    void aContinuationIsAMapOfItself() {
        m_views->show(fixture::continuation());
        const CellMapContent& map = m_views->map()->content();
        QCOMPARE(map.rowLabels, (QStringList{"the", "cat", "sleeps", "⟨end⟩"}));
        QCOMPARE(map.columnLabels, (QStringList{"⟨start⟩", "the", "cat", "sleeps"}));
        QVERIFY(!m_views->alignment.siteBox()->isVisible());
        QCOMPARE(m_views->alignment.caption(), QString("continuation · single head · causal · softmax"));
        for (int t = 0; t < 4; ++t)
            for (int i = 0; i < 4; ++i) {
                QCOMPARE(bool(map.allowed[std::size_t(4 * t + i)]), i <= t);
                const float weight = i <= t ? float(i + 1) * 2 / float((t + 1) * (t + 2)) : 0;
                QCOMPARE(map.value(t, i), weight);
            }
        const QPointF out = m_views->map()->cellRect(1, 3).center();
        QVERIFY(m_views->map()->textAt(out).contains("out of scope"));
    }

    void aContinuationIsLinkedInEveryView() {
        m_views->show(fixture::continuation());
        StepView& step = m_views->step;
        StateStrip* strip = m_views->states.strip(true);
        moveTo(m_views->map(), 2, 1);
        QCOMPARE(m_views->map()->hoveredCell(), (CellIndex{2, 1}));
        QCOMPARE(m_views->selection.effectiveStep(), 2);
        QCOMPARE(step.shownQuery(), 2);
        QCOMPARE(step.shownKey(), 1);
        QVERIFY(Views::textsOf(&step).contains("“sleeps” ← “the”"));
        QVERIFY(Views::textsOf(&step).contains("step 3 of 4"));
        QCOMPARE(step.target()->hovered(), 2);
        QCOMPARE(strip->map()->hoveredCell().col, 2);
        QCOMPARE(m_views->heads.mapAt(0)->hoveredCell(), (CellIndex{2, 1}));
        QVERIFY(m_views->candidates.caption().contains("step 3"));
        // A column stands for the state of the step that read it.
        Pointing column;
        column.at = {{1, 3}};
        m_views->selection.hover(column);
        QCOMPARE(m_views->map()->hoveredCell(), (CellIndex{-1, 3}));
        QCOMPARE(strip->map()->hoveredCell().col, 3);
        QCOMPARE(step.shownQuery(), m_views->selection.currentStep());
        m_views->selection.clearHover();
        // States point at rows.
        moveTo(strip->map(), 1, 3);
        QCOMPARE(m_views->map()->hoveredCell().row, 3);
        QTest::mouseClick(m_views->map(), Qt::LeftButton, {},
                          m_views->map()->cellRect(3, 2).center().toPoint());
        QCOMPARE(m_views->selection.currentStep(), 3);
        QCOMPARE(m_views->map()->pinnedCell(), (CellIndex{3, 2}));
        QCOMPARE(m_views->map()->currentRow(), 3);
        m_views->selection.moveKey(1);
        QCOMPARE(m_views->map()->pinnedCell(), (CellIndex{3, 3}));
        m_views->alignment.setGrowing(true);
        QCOMPARE(m_views->map()->content().validRows, 4);
    }

    void aContinuationHasCardsStatesAndCandidates() {
        const Trace trace = fixture::continuation();
        m_views->show(trace);
        m_views->selection.setStep(2);
        const HeadTrace& head = trace.passes[2].rows[0].heads[0];
        QCOMPARE(m_views->step.shownKey(), 2); // the largest weight
        QCOMPARE(m_views->step.card(Stage::Normaliser)->resultText(), weightText(double(head.weights[2])));
        QCOMPARE(m_views->step.card(Stage::Scope)->card().title, QString("Scope · causal"));
        QCOMPARE(m_views->step.card(Stage::Scope)->resultText(), QString("3 of 3"));
        QCOMPARE(m_views->step.card(Stage::Mix)->card().strip, head.context);
        QVERIFY(!m_views->states.strip(false)->isVisible());
        QCOMPARE(m_views->states.strip(true)->caption(), QString("Network, layer 1 · hidden"));
        QCOMPARE(m_views->states.strip(true)->map()->content().value(1, 2), -2.0F);
        const QAbstractItemModel* table = m_views->candidates.table()->model();
        QCOMPARE(table->index(0, 0).data().toString(), QString("sleeps"));
        QCOMPARE(table->index(1, 0).data().toString(), QString("⟨end⟩"));
        QCOMPARE(m_views->heads.mapCount(), 1);
    }

    void whatIsShownCanBeExported_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("continuation") << 0;
        QTest::newRow("many sites") << 1;
    }
    void whatIsShownCanBeExported() {
        QFETCH(int, which);
        m_views->show(which == 0 ? fixture::continuation() : fixture::manySites());
        for (TraceView* view : m_views->all()) {
            const NumberTable table = view->numbers();
            QVERIFY(!table.isEmpty() && !table.caption.isEmpty() && !view->caption().isEmpty());
            QCOMPARE(int(table.rows.size()), int(table.values.size()));
            for (const auto& row : table.values) QCOMPARE(int(row.size()), int(table.columns.size()));
            QVERIFY(toCsv(table).count('\n') > 1 && toJson(table).size() > 50 && toNpy(table).size() > 128);
            QVERIFY(Views::drawsSomething(view));
        }
        const AttentionMap& map = m_views->alignment.shown();
        QCOMPARE(int(m_views->alignment.numbers().rows.size()), map.rows + 1); // coverage
        QCOMPARE(m_views->alignment.numbers().values[1][1], double(map.weight(1, 1)));
    }

    void eachSiteHasItsMap() {
        const Trace trace = fixture::manySites();
        m_views->show(trace);
        QComboBox* box = m_views->alignment.siteBox();
        QStringList names;
        for (int i = 0; i < box->count(); ++i) names << box->itemText(i);
        QCOMPARE(names,
                 (QStringList{"cross attention, layer 1", "cross attention, layer 2",
                              "self-attention of the decoder", "self-attention of the encoder", "copying"}));
        QCOMPARE(m_views->heads.mapCount(), 3);
        QVERIFY(m_views->alignment.caption().contains("cross attention, layer 1 · mean of 2 heads"));
        chooseSite(1);
        QCOMPARE(m_views->heads.mapCount(), 4);
        QVERIFY(m_views->step.caption().contains("cross attention, layer 2"));
        QTest::mouseClick(m_views->heads.mapAt(3), Qt::LeftButton);
        QCOMPARE(m_views->selection.promotedHead(), 2);
        QCOMPARE(m_views->map()->content().value(1, 0), trace.passes[1].rows[1].heads[2].weights[0]);
        chooseSite(2);
        QCOMPARE(m_views->selection.promotedHead(), -1);
        QCOMPARE(m_views->map()->rows(), 3);
        QCOMPARE(m_views->map()->content().columnLabels, (QStringList{"⟨start⟩", "x", "y"}));
        QCOMPARE(m_views->heads.mapCount(), 1);
        chooseSite(0);
        QCOMPARE(m_views->map()->cols(), 4);
    }

    void aSentenceThatLooksAtItself() {
        const Trace trace = fixture::manySites();
        m_views->show(trace);
        chooseSite(3);
        QCOMPARE(m_views->map()->content().rowLabels, (QStringList{"a", "b", "zz", "⟨end⟩"}));
        QCOMPARE(m_views->map()->currentRow(), -1); // its rows are no steps
        moveTo(m_views->map(), 2, 1);
        QCOMPARE(m_views->map()->hoveredCell(), (CellIndex{2, 1}));
        QCOMPARE(m_views->selection.effective().at[0], 1); // the source is the key
        QCOMPARE(m_views->step.shownQuery(), 2);
        QCOMPARE(m_views->step.shownKey(), 1);
        QVERIFY(Views::textsOf(&m_views->step).contains("“zz” ← “b”"));
        QCOMPARE(m_views->step.card(Stage::Normaliser)->resultText(),
                 weightText(double(trace.rows[2].heads[0].normalised[1])));
        QCOMPARE(m_views->states.strip(false)->map()->hoveredCell().col, 1);
        // Steps go on meanwhile, and the map stays.
        m_views->selection.setStep(2);
        QCOMPARE(m_views->map()->currentRow(), -1);
        m_views->alignment.setGrowing(true);
        QCOMPARE(m_views->map()->content().validRows, -1);
    }

    void weightsOfAnotherSiteHaveNoCards() {
        m_views->show(fixture::manySites());
        chooseSite(4);
        QCOMPARE(m_views->alignment.caption(), QString("many sites · copying · weights of another map"));
        for (int stage = 0; stage < 6; ++stage) QVERIFY(!m_views->step.card(Stage(stage))->isVisible());
        QVERIFY(Views::textsOf(&m_views->step).contains("taken from another map"));
        QCOMPARE(m_views->map()->rows(), 3);
        chooseSite(0);
        QVERIFY(m_views->step.card(Stage::Score)->isVisible());
        QVERIFY(!Views::textsOf(&m_views->step).contains("taken from another map"));
    }

    void aTextThatIsOnlyReadHasAMapAndNoCandidates() {
        m_views->show(fixture::pooled());
        QCOMPARE(m_views->map()->rows(), 1);
        QCOMPARE(m_views->map()->content().columnLabels, (QStringList{"good", "film", "indeed"}));
        QCOMPARE(m_views->heads.mapCount(), 3);
        QVERIFY(m_views->candidates.showsNotice());
        QVERIFY(m_views->candidates.notice().contains("generates no words"));
        QVERIFY(m_views->states.showsNotice());
        QVERIFY(m_views->states.notice().contains("no recurrent layers"));
        QVERIFY(m_views->step.card(Stage::Score)->isVisible());
        QVERIFY(!m_views->step.target()->isVisible());
        moveTo(m_views->map(), 0, 1);
        QCOMPARE(m_views->step.shownKey(), 1);
        m_views->selection.setStep(3); // there is none
        QCOMPARE(m_views->selection.currentStep(), -1);
    }

    void withoutAttentionStatesAndCandidatesRemain() {
        Trace trace = fixture::continuation();
        trace.sites.clear();
        for (Pass& pass : trace.passes) pass.rows.clear();
        m_views->show(trace);
        QVERIFY(!m_views->map()->isVisible());
        QVERIFY(Views::textsOf(&m_views->alignment).contains("no attention"));
        QCOMPARE(m_views->step.notice(), noAttentionText(trace));
        QVERIFY(!m_views->step.notice().contains("source")); // it has none
        QVERIFY(!m_views->states.showsNotice() && !m_views->candidates.showsNotice());
        m_views->show(fixture::manySites()); // and back
        QVERIFY(m_views->map()->isVisible() && !m_views->step.showsNotice());
    }

    /// A hypothesis is a path through a tree, not the list of all steps.
    void anotherPathShowsItsOwnSteps() {
        Trace trace = fixture::continuation();
        StepTrace other = trace.steps[1]; // "the" was followed by "dog" as well, from the same pass
        other.wordText = "dog";
        other.wordId = 40;
        trace.steps.push_back(other);
        const auto shared = std::make_shared<const Trace>(trace);
        const std::vector<int> path = shared->path(4);
        QCOMPARE(path, (std::vector<int>{0, 4}));
        for (TraceView* view : m_views->all()) view->setTrace(shared, path);
        m_views->selection.setBounds(pointingBounds(*shared, path));
        m_views->selection.setStep(1);
        QCOMPARE(m_views->map()->content().rowLabels, (QStringList{"the", "dog"}));
        QCOMPARE(m_views->map()->content().columnLabels, (QStringList{"⟨start⟩", "the"}));
        QCOMPARE(m_views->map()->content().value(1, 1), trace.passes[1].rows[0].heads[0].weights[1]);
        const QAbstractItemModel* table = m_views->candidates.table()->model();
        QCOMPARE(table->rowCount(), 3); // "dog" beside the recorded two
        QCOMPARE(table->index(2, 0).data().toString(), QString("dog"));
        QCOMPARE(m_views->states.strip(true)->map()->cols(), 2);
        QVERIFY(Views::textsOf(&m_views->step).contains("“dog” ← “the”"));
    }
};

QTEST_MAIN(TestUnseenTraces)
#include "test_unseen_traces.moc"
