// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>

#include "core/io/model_file.h"
#include "core/run/run.h"
#include "ui/session/session.h"
#include "ui/session/trace_bytes.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace attn;
using namespace attn::ui;

namespace {
const QString modelPath = QStringLiteral(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors");
const QString otherPath = QStringLiteral(ATTENTOSCOPE_FIXTURES "/models/torch_four_heads.safetensors");

Recipe sentence(const std::string& text) {
    Recipe recipe;
    recipe.source = text;
    return recipe;
}

bool answered(Session& session) {
    return QTest::qWaitFor(
        [&] {
            for (int column = 0; column < session.columns(); ++column)
                if (session.work(column).state != Work::State::Idle || !session.isUpToDate(column))
                    return false;
            return true;
        },
        20000);
}

/// Two columns with the same sentence, each asking a model of its own.
bool askTwo(Session& session) {
    session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
    session.openModel(modelPath);
    if (!QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000)) return false;
    session.addColumn(0);
    session.openModel(otherPath, {}, 1);
    return QTest::qWaitFor([&] { return session.modelIndex(1) == 1; }, 20000) && answered(session);
}
} // namespace

class TestSession : public QObject {
    Q_OBJECT
private slots:
    void opensAndRuns() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        QCOMPARE(session.trace()->sourceText, std::string("the small cat"));
        QVERIFY(session.isUpToDate());
        QCOMPARE(session.modelIndex(), 0);
        QVERIFY(!session.undoStack()->canUndo()); // there is nothing to go back to
    }

    void aBadFileLeavesTheWorkOpen() {
        QTemporaryDir folder;
        const QString path = folder.filePath("broken.safetensors");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no model");
        file.close();
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        const TracePtr before = session.trace();
        session.openModel(path);
        QVERIFY(QTest::qWaitFor([&] { return session.fault().where == Fault::Where::Model; }, 20000));
        QVERIFY2(session.fault().text.contains("broken.safetensors"), qPrintable(session.fault().text));
        QCOMPARE(session.trace(), before);
        QCOMPARE(int(session.models().size()), 1);
        QCOMPARE(session.work().state, Work::State::Idle);
    }

    void aFailedQuestionKeepsTheLastAnswer() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        Recipe forced = session.recipe();
        forced.search = SearchKind::Forced;
        session.setRecipe(forced, Session::Edit::Choice);
        QVERIFY(QTest::qWaitFor([&] { return session.fault().where == Fault::Where::Target; }, 20000));
        QVERIFY(session.trace() != nullptr);
        QVERIFY(!session.isUpToDate());
        forced.target = "le chat";
        session.setRecipe(forced, Session::Edit::Choice);
        QVERIFY(answered(session));
        QCOMPARE(session.fault().where, Fault::Where::None);
        QVERIFY(session.trace()->steps[0].forced);
    }

    /// Whatever the order in which runs end, an answer that is announced answers the question that stands.
    void staleAnswersAreNotShown() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        int shown = 0;
        connect(&session, &Session::changed, this, [&](Session::Changes what) {
            if (!(what & Session::TraceChange)) return;
            ++shown;
            QCOMPARE(session.trace()->sourceText, session.recipe().source);
            QVERIFY(session.isUpToDate());
        });
        std::string text;
        for (int i = 0; i < 60; ++i) {
            text += i % 2 ? " cat" : " the";
            session.setRecipe(sentence(text), Session::Edit::Typing);
            if (i % 7 == 0) QCoreApplication::processEvents();
        }
        QVERIFY(answered(session));
        QCOMPARE(session.trace()->sourceText, text);
        QVERIFY(shown >= 1);
    }

    void typingIsOneUndo() {
        Session session;
        session.setRecipe(sentence("the"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        for (const char* text : {"the ", "the c", "the ca", "the cat"})
            session.setRecipe(sentence(text), Session::Edit::Typing);
        QCOMPARE(session.undoStack()->count(), 1);
        session.undoStack()->undo();
        QCOMPARE(session.recipe().source, std::string("the"));
        session.undoStack()->redo();
        QCOMPARE(session.recipe().source, std::string("the cat"));
        // Enter ends an entry; typing back to its beginning takes it away.
        session.run();
        session.setRecipe(sentence("the cats"), Session::Edit::Typing);
        QCOMPARE(session.undoStack()->count(), 2);
        session.setRecipe(sentence("the cat"), Session::Edit::Typing);
        QCOMPARE(session.undoStack()->count(), 1);
        QVERIFY(answered(session));
    }

    void aModelIsUndoneToo() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        session.openModel(otherPath);
        QVERIFY(QTest::qWaitFor([&] { return session.modelIndex() == 1; }, 20000));
        QCOMPARE(session.recipe().source, std::string("the small cat"));
        QVERIFY(answered(session));
        QCOMPARE(session.trace()->modelName, session.model()->name());
        session.undoStack()->undo();
        QCOMPARE(session.modelIndex(), 0);
        QVERIFY(answered(session));
        QCOMPARE(session.trace()->modelName, session.model()->name());
    }

    void anEmptySentenceHasNoAnswer() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        session.setRecipe(sentence("  "), Session::Edit::Choice);
        QVERIFY(answered(session));
        QVERIFY(session.trace() == nullptr);
        QCOMPARE(session.fault().where, Fault::Where::None);
    }

    void anAnswerIsRemembered() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        const TracePtr first = session.trace();
        session.setRecipe(sentence("a bird"), Session::Edit::Choice);
        QVERIFY(answered(session));
        session.undoStack()->undo();
        QCOMPARE(session.trace(), first); // at once, and the very same
    }

    // ---- several columns

    void twoColumnsAskTwoModels() {
        Session session;
        QVERIFY(askTwo(session));
        QCOMPARE(session.modelIndex(0), 0);
        QCOMPARE(session.modelIndex(1), 1);
        QCOMPARE(session.trace(0)->sourceText, std::string("the small cat"));
        QCOMPARE(session.trace(1)->sourceText, std::string("the small cat"));
        QCOMPARE(session.trace(0)->modelName, session.model(0)->name());
        QCOMPARE(session.trace(1)->modelName, session.model(1)->name());
        QVERIFY(session.model(0) != session.model(1));
        // A question changes its own column alone.
        const TracePtr first = session.trace(0), second = session.trace(1);
        session.setRecipe(sentence("a bird"), Session::Edit::Choice, 1);
        QVERIFY(answered(session));
        QCOMPARE(session.trace(0), first);
        QVERIFY(session.trace(1) != second);
        QCOMPARE(session.recipe(0).source, std::string("the small cat"));
        QCOMPARE(session.trace(1)->sourceText, std::string("a bird"));
    }

    void aNewerQuestionSupersedesItsOwnColumnOnly() {
        Session session;
        QVERIFY(askTwo(session));
        std::array<std::vector<std::string>, 2> shown;
        connect(&session, &Session::changed, this, [&](Session::Changes what, int column) {
            if (what & Session::TraceChange)
                shown[static_cast<std::size_t>(column)].push_back(session.trace(column)->sourceText);
        });
        std::string longText;
        for (int i = 0; i < 150; ++i) longText += "the small cat ";
        session.setRecipe(sentence(longText), Session::Edit::Choice, 0);
        for (int i = 0; i < 40; ++i)
            session.setRecipe(sentence("the cat" + std::string(static_cast<std::size_t>(i), 's')),
                              Session::Edit::Choice, 1);
        QCOMPARE(session.work(0).state, Work::State::Running);
        QCOMPARE(session.work(1).state, Work::State::Running);
        QVERIFY(answered(session));
        // No event was handled between the questions, so that only the last one of each column has an answer.
        QCOMPARE(shown[0], std::vector<std::string>{longText});
        QCOMPARE(shown[1], std::vector<std::string>{session.recipe(1).source});
    }

    void cancellingStopsEveryColumn() {
        Session session;
        QVERIFY(askTwo(session));
        const TracePtr first = session.trace(0), second = session.trace(1);
        std::string longText;
        for (int i = 0; i < 300; ++i) longText += "the small cat ";
        for (const int column : {0, 1}) session.setRecipe(sentence(longText), Session::Edit::Choice, column);
        session.cancel();
        for (const int column : {0, 1}) {
            QCOMPARE(session.work(column).state, Work::State::Idle);
            QVERIFY(!session.isUpToDate(column));
        }
        QTest::qWait(200);
        QCOMPARE(session.trace(0), first);
        QCOMPARE(session.trace(1), second);
        // Enter asks again.
        session.run();
        QVERIFY(answered(session));
        QCOMPARE(session.trace(1)->sourceText, longText);
    }

    void aFailureStaysInItsColumn() {
        Session session;
        QVERIFY(askTwo(session));
        const TracePtr before = session.trace(1);
        Recipe forced = session.recipe(1);
        forced.search = SearchKind::Forced;
        session.setRecipe(forced, Session::Edit::Choice, 1);
        QTRY_COMPARE(session.fault(1).where, Fault::Where::Target);
        QCOMPARE(session.fault(0).where, Fault::Where::None);
        QCOMPARE(session.trace(1), before);
        QVERIFY(session.isUpToDate(0));
        QVERIFY(!session.isUpToDate(1));
    }

    void undoGoesThroughTheColumns() {
        Session session;
        QVERIFY(askTwo(session));
        QUndoStack* undo = session.undoStack();
        const int begun = undo->count();
        session.setRecipe(sentence("the cat"), Session::Edit::Typing, 0);
        session.setRecipe(sentence("the cat"), Session::Edit::Typing, 1); // no merging across columns
        session.setRecipe(sentence("the cat sees"), Session::Edit::Typing, 1);
        QCOMPARE(undo->count(), begun + 2);
        undo->undo();
        QCOMPARE(session.recipe(0).source, std::string("the cat"));
        QCOMPARE(session.recipe(1).source, std::string("the small cat"));
        undo->undo();
        QCOMPARE(session.recipe(0).source, std::string("the small cat"));
        undo->undo(); // the second column's model
        QCOMPARE(session.modelIndex(1), 0);
        undo->undo(); // the second column
        QCOMPARE(session.columns(), 1);
        QVERIFY(answered(session));
        for (int i = 0; i < 4; ++i) undo->redo();
        QCOMPARE(session.columns(), 2);
        QCOMPARE(session.modelIndex(1), 1);
        QCOMPARE(session.recipe(1).source, std::string("the cat sees"));
        QVERIFY(answered(session));
        QCOMPARE(session.trace(0)->sourceText, std::string("the cat"));
        QCOMPARE(session.trace(1)->sourceText, std::string("the cat sees"));
        session.removeColumn(0); // the other one takes its place, with its answer
        QCOMPARE(session.columns(), 1);
        QVERIFY(session.isUpToDate());
        QCOMPARE(session.trace()->sourceText, std::string("the cat sees"));
        session.removeColumn(0); // the last one stays
        QCOMPARE(session.columns(), 1);
    }

    void aTraceIsCountedAsWhatItTakes_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("words");
        for (const int words : {3, 60})
            for (const QString& path : {modelPath, otherPath})
                QTest::addRow("%s, %d words", qPrintable(QFileInfo(path).baseName()), words) << path << words;
    }
    void aTraceIsCountedAsWhatItTakes() {
#ifdef __GLIBC__
        QFETCH(QString, model);
        QFETCH(int, words);
        std::string text;
        for (int i = 0; i < words; ++i)
            text += i % 3 == 2 ? "cat " : i % 3 == 1 ? "unheardofsmallness " : "the ";
        const TracePtr trace = run(*attn::openModel(model.toStdString()), sentence(text));
        std::size_t taken = 0, counted = 0;
        // In a thread of its own: its pool of arrays is empty, so that every array comes from malloc.
        std::thread([&] {
            const auto used = [] {
                const struct mallinfo2 info = mallinfo2();
                return info.uordblks + info.hblkhd;
            };
            // Many, since a few freed blocks that malloc keeps for later count as used.
            std::vector<TracePtr> copies(40);
            const std::size_t before = used();
            for (TracePtr& copy : copies) copy = std::make_shared<const Trace>(*trace);
            taken = used() - before;
            for (const TracePtr& copy : copies) counted += traceBytes(*copy);
        }).join();
        if (taken == 0) QSKIP("this allocator does not count");
        const double ratio = static_cast<double>(counted) / static_cast<double>(taken);
        QVERIFY2(std::abs(ratio - 1) < 0.03,
                 qPrintable(QStringLiteral("%1 bytes counted, %2 taken").arg(counted).arg(taken)));
#else
        QSKIP("needs mallinfo2");
#endif
    }

    void theCacheIsBounded() {
        const auto trace = [] {
            auto made = std::make_shared<Trace>();
            made->encoderOutputs = Matrix<float>(100, 100, 0);
            return TracePtr(made);
        };
        TraceCache cache(2 * traceBytes(*trace()) + 100);
        for (const char* text : {"a", "b", "c"}) cache.insert(nullptr, sentence(text), trace());
        QCOMPARE(int(cache.size()), 2);
        QVERIFY(cache.find(nullptr, sentence("a")) == nullptr);
        QVERIFY(cache.find(nullptr, sentence("b")) != nullptr);
        cache.insert(nullptr, sentence("d"), trace()); // "c" was asked for longest ago
        QVERIFY(cache.find(nullptr, sentence("c")) == nullptr);
        QVERIFY(cache.find(nullptr, sentence("b")) != nullptr);
    }

    void aNewerJobStopsTheOlder() {
        std::atomic<bool> begun{false}, stopped{false}, second{false};
        Lane lane;
        lane.latest([&](std::stop_token stop) {
            begun = true;
            while (!stop.stop_requested()) std::this_thread::yield();
            stopped = true;
        });
        QTRY_VERIFY(begun);
        lane.latest([&](std::stop_token) { second = true; });
        QTRY_VERIFY(second);
        QVERIFY(stopped);
    }
};

QTEST_MAIN(TestSession)
#include "test_session.moc"
