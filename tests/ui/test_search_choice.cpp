// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of search in the window, their options, and the hypotheses that they find.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QUndoStack>

#include "core/run/run.h"
#include "core/run/typed_text.h"
#include "tests/ui/window_fixture.h"
#include "ui/panels/hypotheses_panel.h"
#include "ui/panels/search_options.h"
#include "ui/present/attention_map.h"
#include "ui/present/candidates.h"

using namespace attn;
using namespace attn::ui;

class TestSearchChoice : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    Session& session() const { return m_window->session(); }
    const Recipe& recipe() const { return session().recipe(); }
    const TracePtr& trace() const { return session().trace(); }
    QComboBox* search() const { return m_window->sourcePanel()->search(); }
    SearchOptions* options() const { return m_window->sourcePanel()->options(); }
    HypothesesPanel* hypotheses() const { return m_window->inspect().hypotheses(); }

    /// With the keys that a person has: from the top of the box downwards.
    void choose(SearchKind kind) const {
        search()->setFocus();
        QTest::keyClick(search(), Qt::Key_Home);
        for (int i = 0; i < search()->findData(int(kind)); ++i) QTest::keyClick(search(), Qt::Key_Down);
        QCOMPARE(recipe().search, kind);
        QVERIFY(waitForWindow(*m_window));
        QVERIFY2(m_window->sourcePanel()->fault().isEmpty(), qPrintable(m_window->sourcePanel()->fault()));
    }
    void type(QWidget* field, const char* text) const {
        field->setFocus();
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, text);
        QVERIFY(waitForWindow(*m_window));
    }
    /// What the window shows is what the engine gives for the recipe.
    void compareWithEngine() const {
        const TracePtr expected = run(*session().model(), recipe());
        QCOMPARE(trace()->leaves, expected->leaves);
        for (const int leaf : expected->leaves) {
            const std::vector<int> path = expected->path(leaf);
            QCOMPARE(trace()->words(path), expected->words(path));
            const std::size_t last = static_cast<std::size_t>(leaf);
            QCOMPARE(trace()->steps[last].score.total, expected->steps[last].score.total);
        }
    }
    /// Every view shows this hypothesis.
    void compareViews(int rank) const {
        const std::vector<int> path = trace()->path(trace()->leaves[static_cast<std::size_t>(rank)]);
        const auto steps = static_cast<int>(path.size());
        int views = 0;
        for (TraceView* view : m_window->findChildren<TraceView*>()) {
            if (view->showsNotice()) continue; // it has nothing to show of this model
            QCOMPARE(view->path(), path);
            ++views;
        }
        QVERIFY(views >= 4);
        const AttentionMap map = attentionMap(*trace(), 0, -1, path);
        const CellMapContent& shown = m_window->alignmentView()->map()->content();
        QCOMPARE(shown.rowLabels, map.rowLabels);
        QCOMPARE(*shown.values, map.weights);
        QCOMPARE(m_window->transport()->steps(), steps);
        QCOMPARE(m_window->selection().bounds().steps(), steps);
        const QString which = QStringLiteral("hypothesis %1 of %2").arg(rank + 1).arg(trace()->leaves.size());
        QVERIFY(m_window->alignmentView()->caption().contains(which));
        QVERIFY(m_window->alignmentView()->numbers().caption.contains(which));
        // The last step's candidates are those of this path's last step.
        m_window->selection().setStep(steps - 1);
        QCoreApplication::processEvents();
        const CandidateList list = candidateList(*trace(), path.back());
        const NumberTable table = m_window->candidatesView()->numbers();
        QCOMPARE(table.rows.size(), qsizetype(list.rows.size()));
        for (std::size_t i = 0; i < list.rows.size(); ++i)
            QCOMPARE(table.values[i][0], list.rows[i].probability);
    }
    double logProb(const std::vector<int>& path) const {
        double sum = 0;
        for (const int step : path) sum += trace()->steps[static_cast<std::size_t>(step)].logProb;
        return sum;
    }

private slots:
    void init() {
        QSettings settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                           QStringLiteral("attentoscope"));
        settings.clear();
        m_window = shownWindow("torch_gru_additive", "the small cat sees a bird");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    void eachKindGivesWhatTheEngineGives() {
        compareWithEngine();
        QVERIFY(!options()->isVisible());
        QVERIFY(!hypotheses()->isVisible());
        choose(SearchKind::Beam);
        compareWithEngine();
        QVERIFY(options()->beamWidth()->isVisible());
        QVERIFY(!options()->seed()->isVisible());
        QCOMPARE(int(trace()->leaves.size()), recipe().beam.width);
        QVERIFY(hypotheses()->isVisible());
        choose(SearchKind::Sample);
        compareWithEngine();
        QVERIFY(!options()->beamWidth()->isVisible());
        QVERIFY(options()->seed()->isVisible());
        QVERIFY(!hypotheses()->isVisible());
        choose(SearchKind::Forced);
        compareWithEngine();
        QVERIFY(!options()->isVisible());
        QVERIFY(m_window->sourcePanel()->target()->isVisible());
    }

    void optionsChangeTheQuestionAndAreUndone() {
        choose(SearchKind::Beam);
        const Recipe before = recipe();
        type(options()->beamWidth(), "12");
        QCOMPARE(recipe().beam.width, 12);
        QCOMPARE(recipe().beam.nBest, before.beam.nBest); // the 1 of 12 does not stay
        compareWithEngine();
        const int entries = session().undoStack()->index();
        QTest::keyClick(options()->beamWidth(), Qt::Key_Z, Qt::ControlModifier); // typing is one entry
        QVERIFY(waitForWindow(*m_window));
        QVERIFY(recipe() == before);
        QCOMPARE(options()->beamWidth()->value(), before.beam.width);
        QCOMPARE(session().undoStack()->index(), entries - 1);

        type(options()->lengthPenalty(), "0.6");
        QCOMPARE(recipe().beam.lengthPenalty, 0.6);
        type(options()->coveragePenalty(), "0.2");
        QCOMPARE(recipe().beam.coveragePenalty, 0.2);
        type(options()->nBest(), "2");
        QCOMPARE(recipe().beam.nBest, 2);
        compareWithEngine();
        QCOMPARE(hypotheses()->table()->model()->rowCount(), 2);
        type(options()->nBest(), "1");
        QVERIFY(!hypotheses()->isVisible()); // nothing to choose
    }

    void theBoundsAreTheEngines() {
        choose(SearchKind::Beam);
        for (const int width : {options()->beamWidth()->minimum(), options()->beamWidth()->maximum()}) {
            BeamOptions beam;
            beam.width = width;
            QVERIFY(beam.validate().empty());
            beam.width += width == options()->beamWidth()->minimum() ? -1 : 1;
            QVERIFY(!beam.validate().empty());
        }
        SampleOptions sample;
        sample.topP = options()->topP()->minimum();
        sample.temperature = options()->temperature()->maximum();
        QVERIFY(sample.validate().empty());
        sample.topP = options()->topP()->maximum() + 0.01;
        sample.temperature += 0.01;
        QCOMPARE(int(sample.validate().size()), 2);
        // A list longer than the beam cannot be asked for.
        QCOMPARE(options()->nBest()->maximum(), recipe().beam.width);
    }

    void samplingDrawsAgain() {
        choose(SearchKind::Sample);
        type(options()->temperature(), "1.5");
        type(options()->topK(), "4");
        type(options()->topP(), "0.9");
        QCOMPARE(recipe().sample.temperature, 1.5);
        QCOMPARE(recipe().sample.topK, 4);
        QCOMPARE(recipe().sample.topP, 0.9);
        compareWithEngine();
        const std::uint64_t seed = recipe().sample.seed;
        QTest::mouseClick(options()->findChild<QToolButton*>(QStringLiteral("drawAgain")), Qt::LeftButton);
        QVERIFY(waitForWindow(*m_window));
        QVERIFY(recipe().sample.seed != seed);
        QCOMPARE(options()->seed()->text().toULongLong(), recipe().sample.seed);
        compareWithEngine();
        session().undoStack()->undo();
        QCOMPARE(recipe().sample.seed, seed);
        QCOMPARE(recipe().sample.topK, 4);
        type(options()->seed(), "18446744073709551615"); // every seed there is
        QCOMPARE(recipe().sample.seed, UINT64_MAX);
        compareWithEngine();
    }

    void theListTellsTextAndScore() {
        choose(SearchKind::Beam);
        type(options()->lengthPenalty(), "0.6");
        QAbstractItemModel* model = hypotheses()->table()->model();
        const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), int(trace()->leaves.size()));
        for (int row = 0; row < model->rowCount(); ++row) {
            const std::vector<int> path = trace()->path(trace()->leaves[static_cast<std::size_t>(row)]);
            std::vector<std::string> words = trace()->words(path);
            if (trace()->steps[static_cast<std::size_t>(path.back())].isEnd()) words.pop_back();
            const auto cell = [&](int column) { return model->index(row, column).data().toString(); };
            QVERIFY(cell(HypothesesModel::Text)
                        .startsWith(QString::fromStdString(targetText(*session().model(), words))));
            // The parts make the whole: GNMT's divisor, 5 + |Y| over 6.
            const double divisor = std::pow((5.0 + static_cast<double>(path.size())) / 6, 0.6);
            const auto near = [&](int column, double expected) {
                const QString text = cell(column).replace(QChar(0x2212), QLatin1Char('-'));
                return std::abs(text.toDouble() - expected) < 0.0051;
            };
            QVERIFY(near(HypothesesModel::LogProbability, logProb(path)));
            QVERIFY(near(HypothesesModel::Length, divisor));
            QVERIFY(near(HypothesesModel::Score, logProb(path) / divisor));
        }
        type(options()->beamWidth(), "8"); // the model is reset under the tester
        QCOMPARE(model->rowCount(), 5);
    }

    void choosingAHypothesisShowsItEverywhere() {
        choose(SearchKind::Beam);
        compareViews(0);
        QTableView* table = hypotheses()->table();
        // One of another length, where there is one, so that the transport has to follow.
        int other = 1;
        for (int rank = 1; rank < int(trace()->leaves.size()); ++rank)
            if (trace()->path(trace()->leaves[static_cast<std::size_t>(rank)]).size() !=
                trace()->bestPath().size())
                other = rank;
        const QModelIndex cell = table->model()->index(other, HypothesesModel::Text);
        table->scrollTo(cell);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
        compareViews(other);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Up);
        QCOMPARE(hypotheses()->current(), other - 1);
        compareViews(other - 1);
        QTest::keyClick(table, Qt::Key_Down);
        compareViews(other);

        const ViewState state = m_window->inspect().viewState();
        QCOMPARE(state.hypothesis, other);
        const QPointer<InspectWorkspace> old = &m_window->inspect();
        m_window->setLanguage(Language::Chinese);
        QTRY_VERIFY(!old);
        m_window->setLanguage(Language::English);
        QTRY_COMPARE(currentLanguage(), Language::English);
        QTRY_VERIFY(m_window->alignmentView()->caption().contains(QStringLiteral("hypothesis")));
        QCOMPARE(hypotheses()->current(), other);
        compareViews(other);

        // Another question begins with the best again.
        type(options()->lengthPenalty(), "1");
        QCOMPARE(hypotheses()->current(), 0);
        compareViews(0);
    }

    void forcingGoesOnFromTheShownHypothesis() {
        choose(SearchKind::Beam);
        QTableView* table = hypotheses()->table();
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(m_window->inspect().viewState().hypothesis, 1);
        const std::vector<int> path = trace()->path(trace()->leaves[1]);
        const std::vector<std::string> words = trace()->words(path);
        const double own = logProb(path);

        // A candidate of its last step.
        m_window->selection().setStep(int(path.size()) - 1);
        QCoreApplication::processEvents();
        auto* candidates = m_window->candidatesView()->findChild<QTableView*>();
        int row = 0; // one that was not chosen
        const CandidateList list = candidateList(*trace(), path.back());
        while (list.rows[static_cast<std::size_t>(row)].chosen) ++row;
        const QModelIndex cell = candidates->model()->index(row, 0);
        QTest::mouseClick(candidates->viewport(), Qt::LeftButton, {}, candidates->visualRect(cell).center());
        std::vector<std::string> prefix(words.begin(), words.end() - 1);
        prefix.push_back(list.rows[static_cast<std::size_t>(row)].token);
        QCOMPARE(recipe().prefix, prefix);
        QCOMPARE(recipe().search, SearchKind::Beam);
        QVERIFY(waitForWindow(*m_window));
        session().undoStack()->undo();
        QVERIFY(waitForWindow(*m_window));

        table->setFocus();
        QTest::keyClick(table, Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(m_window->inspect().viewState().hypothesis, 1);
        search()->setFocus();
        QTest::keyClick(search(), Qt::Key_End); // straight to the last entry, forced
        QCOMPARE(recipe().search, SearchKind::Forced);
        QVERIFY(waitForWindow(*m_window));
        // A hypothesis that the limit on steps cut short is forced with an end behind it.
        std::vector<int> forced = trace()->bestPath();
        QVERIFY(forced.size() >= words.size() && forced.size() <= words.size() + 1);
        forced.resize(words.size());
        QCOMPARE(trace()->words(forced), words);
        QVERIFY(std::abs(logProb(forced) - own) < 1e-3);
    }

    /// Characters, which blanks between would make another text.
    void forcingCharactersKeepsTheProbability() {
        m_window->openModel(QStringLiteral("dates-additive"));
        QTRY_COMPARE_WITH_TIMEOUT(int(session().models().size()), 2, 20000);
        QVERIFY(waitForWindow(*m_window));
        type(m_window->sourcePanel()->source(), session().model()->card().examples.at(0).c_str());
        const double own = logProb(trace()->bestPath());
        const std::vector<std::string> words = trace()->words(trace()->bestPath());
        search()->setFocus();
        QTest::keyClick(search(), Qt::Key_End);
        QCOMPARE(recipe().search, SearchKind::Forced);
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(trace()->words(trace()->bestPath()), words);
        QVERIFY2(own > -0.05 && std::abs(logProb(trace()->bestPath()) - own) < 1e-3,
                 qPrintable(QStringLiteral("%1, %2").arg(own).arg(logProb(trace()->bestPath()))));
    }
};

QTEST_MAIN(TestSearchChoice)
#include "test_search_choice.moc"
