// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled language model in the window: what is typed is continued, and its map is words by words before.
#include <QComboBox>
#include <QLineEdit>

#include "core/io/model_file.h"
#include "tests/ui/window_fixture.h"

using namespace attn;
using namespace attn::ui;

class TestContinuedText : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    const TracePtr& trace() const { return m_window->session().trace(); }
    std::vector<int> path() const { return trace()->bestPath(); }
    CellMap* map() const { return m_window->alignmentView()->map(); }
    void ask(const std::function<void(Recipe&)>& change) {
        Recipe recipe = m_window->session().recipe();
        change(recipe);
        m_window->session().setRecipe(recipe, Session::Edit::Choice);
        QVERIFY(waitForWindow(*m_window));
    }
    QStringList words() const {
        QStringList all;
        for (const std::string& word : trace()->words(path())) all << QString::fromStdString(word);
        return all;
    }

private slots:
    void init() {
        m_window = std::make_unique<InspectedWindow>();
        m_window->resize(1440, 900);
        Recipe recipe;
        recipe.source = "the black cat";
        m_window->session().setRecipe(recipe, Session::Edit::Choice);
        m_window->show();
        m_window->openModel(QStringLiteral("en-lm-attention"));
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QVERIFY(QTest::qWaitFor([&] { return trace() != nullptr; }, 20000));
        QCoreApplication::processEvents();
    }
    void cleanup() { m_window.reset(); }

    void theTextIsContinued() {
        QVERIFY(m_window->session().fault().text.isEmpty());
        QVERIFY(words().size() > 3);
        QCOMPARE(words().mid(0, 3), (QStringList{"the", "black", "cat"}));
        QVERIFY(trace()->complete);
    }

    void theMapIsCausalAndLabelled() {
        const CellMapContent& content = map()->content();
        const int n = static_cast<int>(path().size());
        QCOMPARE(content.rows, n);
        QCOMPARE(content.cols, n);
        QCOMPARE(content.columnLabels.front(), QStringLiteral("⟨start⟩"));
        QCOMPARE(content.rowLabels.back(), QStringLiteral("⟨end⟩"));
        QCOMPARE(content.rowLabels.mid(0, n - 1), content.columnLabels.mid(1)); // read one step late
        for (int t = 0; t < n; ++t) {
            float sum = 0;
            for (int j = 0; j < n; ++j) {
                QCOMPARE(bool(content.allowed[std::size_t(n * t + j)]), j < t);
                sum += content.value(t, j);
            }
            QVERIFY(std::abs(sum - (t == 0 ? 0.0F : 1.0F)) < 1e-4F);
        }
    }

    void theMapIsLinked() {
        QTest::mouseMove(map(), cellPoint(map(), 1, 1));
        QTest::mouseMove(map(), cellPoint(map(), 3, 1));
        QCOMPARE(m_window->stepView()->shownQuery(), 3);
        QCOMPARE(m_window->stepView()->shownKey(), 1);
        QCOMPARE(m_window->selection().effectiveStep(), 3);
        QVERIFY(!m_window->alignmentView()->showsNotice());
        QVERIFY(!m_window->statesView()->showsNotice());
        QVERIFY(!m_window->candidatesView()->showsNotice());
    }

    void thePanelAsksForABeginning() {
        const SourcePanel* panel = m_window->sourcePanel();
        QCOMPARE(panel->source()->accessibleName(), QStringLiteral("Beginning of the text"));
        QVERIFY(!panel->chips()->isVisible());
        m_window->openModel(fixtureModel("torch_four_heads"));
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(panel->source()->accessibleName(), QStringLiteral("Source sentence"));
    }

    void nothingTypedIsABeginningToo() {
        ask([](Recipe& recipe) { recipe.source.clear(); });
        QVERIFY(trace());
        QCOMPARE(trace()->prompt, 0);
        QVERIFY(!path().empty());
    }

    void everySearchGoesOnFromTheBeginning() {
        const QStringList greedy = words();
        for (const SearchKind kind : {SearchKind::Beam, SearchKind::Sample}) {
            ask([&](Recipe& recipe) { recipe.search = kind; });
            QVERIFY(m_window->session().fault().text.isEmpty());
            QCOMPARE(words().mid(0, 3), greedy.mid(0, 3));
        }
        ask([](Recipe& recipe) {
            recipe.search = SearchKind::Forced;
            recipe.target = "sleeps";
        });
        QCOMPARE(words().mid(0, 4), (QStringList{"the", "black", "cat", "sleeps"}));
    }

    void anotherWordIsForcedAfterTheBeginningAndWithinIt() {
        const QStringList greedy = words();
        emit m_window->candidatesView()->wordForced(3, "is");
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->session().recipe().prefix, std::vector<std::string>{"is"});
        QCOMPARE(words().mid(0, 4), (QStringList{"the", "black", "cat", "is"}));
        emit m_window->candidatesView()->wordForced(1, "small");
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->session().recipe().source, std::string("the small"));
        QCOMPARE(words().mid(0, 2), (QStringList{"the", "small"}));
    }
};

QTEST_MAIN(TestContinuedText)
#include "test_continued_text.moc"
