// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QPointer>
#include <QTimer>
#include <cmath>

#include "core/io/model_file.h"
#include "tests/ui/window_fixture.h"
#include "ui/shell/command_search.h"

using namespace attn;
using namespace attn::ui;

/// What the shell does around its workspace: building it anew, finding commands, opening and closing.
class TestShell : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    Selection& selection() const { return m_window->selection(); }
    const TracePtr& trace() const { return m_window->session().trace(); }

private slots:
    void init() {
        QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                  QStringLiteral("attentoscope"))
            .clear();
        m_window = shownWindow("torch_gru_additive", "the small cat sees a bird");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    /// The search for a command is open while the window is built anew for another size of text.
    void aCommandIsFoundAfterARebuild() {
        const QPointer<InspectWorkspace> before = &m_window->inspect();
        bool searched = false;
        QTimer asked;
        connect(&asked, &QTimer::timeout, this, [&] {
            auto* dialog = qobject_cast<CommandSearch*>(QApplication::activeModalWidget());
            if (!dialog || before) return; // until the rebuild is done
            asked.stop();
            auto* text = dialog->findChild<QLineEdit*>();
            QTest::keyClicks(text, "Last step");
            QTest::keyClick(text, Qt::Key_Return);
            searched = true;
        });
        asked.start(10);
        m_window->setTextSize(2);
        m_window->findCommand();
        QVERIFY(searched);
        QCOMPARE(selection().currentStep(), selection().bounds().steps() - 1);
    }

    void theViewStateOutlastsARebuild() {
        CellMap* map = m_window->alignmentView()->map();
        map->zoomIn();
        map->zoomIn();
        QCoreApplication::processEvents();
        selection().togglePin({{selection().stepAxis(), 2}, {0, 1}});
        selection().promoteHead(0);
        m_window->transport()->setSpeed(4);
        m_window->findChild<QDockWidget*>(QStringLiteral("heads"))->raise();
        QTest::mouseClick(m_window->stepView(), Qt::LeftButton, {}, QPoint(3, 3));
        const ViewState before = m_window->inspect().viewState();
        QCOMPARE(before.activeView, QStringLiteral("step"));
        QVERIFY(before.frame.zoom > 1);
        const QPointer<InspectWorkspace> old = &m_window->inspect();
        m_window->setLanguage(Language::Chinese);
        QTRY_VERIFY(!old);
        m_window->setLanguage(Language::English);
        QTRY_COMPARE(currentLanguage(), Language::English);
        QTRY_COMPARE(m_window->menuBar()->actions().first()->text(), QStringLiteral("&File"));
        QTest::qWait(50); // until it is painted
        ViewState after = m_window->inspect().viewState();
        QVERIFY(std::abs(after.frame.zoom - before.frame.zoom) < 1e-9);
        QVERIFY(std::abs(after.frame.corner.x() - before.frame.corner.x()) < 0.01);
        QVERIFY2(std::abs(after.frame.corner.y() - before.frame.corner.y()) < 0.01,
                 qPrintable(QStringLiteral("%1, %2").arg(before.frame.corner.y()).arg(after.frame.corner.y())));
        after.frame = before.frame;
        after.layout = before.layout; // sizes of docks; test_translation compares what is seen of them
        QVERIFY(after == before);
    }

    void forcingBeginsWithTheModelsOwnText_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("source");
        for (const std::string& name : bundledModels()) {
            const ModelPtr model = attn::openModel(resolveModel(name));
            if (!model->card().examples.empty())
                QTest::addRow("%s", name.c_str())
                    << QString::fromStdString(name) << QString::fromStdString(model->card().examples.front());
        }
    }
    /// Whatever the model splits its target into, the text that is offered is decoded as the very words that
    /// the model chose.
    void forcingBeginsWithTheModelsOwnText() {
        QFETCH(QString, model);
        QFETCH(QString, source);
        Session& session = m_window->session();
        const int open = int(session.models().size());
        m_window->openModel(model);
        QTRY_COMPARE_WITH_TIMEOUT(int(session.models().size()), open + 1, 20000);
        Recipe recipe;
        recipe.source = source.toStdString();
        session.setRecipe(recipe, ui::Edit::Choice);
        QVERIFY(waitForWindow(*m_window));
        const std::vector<std::string> words = trace()->words(trace()->bestPath());
        const auto logProb = [this] {
            double sum = 0;
            for (const int index : trace()->bestPath())
                sum += trace()->steps[static_cast<std::size_t>(index)].logProb;
            return sum;
        };
        const double own = logProb();
        emit m_window->sourcePanel()->searchChosen(SearchKind::Forced);
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(session.recipe().search, SearchKind::Forced);
        QCOMPARE(trace()->words(trace()->bestPath()), words);
        QVERIFY2(std::abs(logProb() - own) < 1e-3, qPrintable(QString::number(logProb())));
    }

    void aModelIsClosed() {
        m_window->openModel(fixtureModel("torch_four_heads"));
        QVERIFY(QTest::qWaitFor([&] { return m_window->session().modelIndex() == 1; }, 20000));
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(int(m_window->session().models().size()), 1);
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->session().modelIndex(), 0);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_W, Qt::ControlModifier);
        QVERIFY(m_window->session().models().empty());
        for (TraceView* view : m_window->findChildren<TraceView*>()) QVERIFY(view->showsNotice());
        QVERIFY(m_window->alignmentView()->notice().contains("Choose a model"));
    }
};

QTEST_MAIN(TestShell)
#include "test_shell.moc"
