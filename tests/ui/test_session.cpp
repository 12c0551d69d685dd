// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "ui/session/session.h"

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
    return QTest::qWaitFor([&] { return session.work().state == Work::State::Idle && session.isUpToDate(); },
                           20000);
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
        Worker worker;
        worker.latest([&](std::stop_token stop) {
            begun = true;
            while (!stop.stop_requested()) std::this_thread::yield();
            stopped = true;
        });
        QTRY_VERIFY(begun);
        worker.latest([&](std::stop_token) { second = true; });
        QTRY_VERIFY(second);
        QVERIFY(stopped);
    }
};

QTEST_MAIN(TestSession)
#include "test_session.moc"
