// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

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

/// Models by place and content, closing them, and what undo, cache and answers keep of them: nothing.
class TestOpenModels : public QObject {
    Q_OBJECT
private slots:
    void aClosedModelIsLetGoAndFoundAgainByUndo() {
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        session.openModel(otherPath);
        QVERIFY(QTest::qWaitFor([&] { return session.modelIndex() == 1; }, 20000));
        QVERIFY(answered(session));
        const std::weak_ptr<const Model> closed = session.model();
        const std::string name = session.model()->name();
        session.setRecipe(sentence("a bird"), Session::Edit::Choice);
        QVERIFY(answered(session));
        session.closeModel(1);
        QCOMPARE(int(session.models().size()), 1);
        QCOMPARE(session.modelIndex(), 0);
        QVERIFY(answered(session));
        QTRY_VERIFY(closed.expired()); // neither undo nor cache nor answer keeps it
        // Undo comes to a question of the closed model.
        session.undoStack()->undo();
        QCOMPARE(session.recipe().source, std::string("the small cat"));
        QVERIFY(QTest::qWaitFor([&] { return session.modelIndex() >= 0; }, 20000));
        QVERIFY(answered(session));
        QCOMPARE(session.model()->name(), name);
        QCOMPARE(session.trace()->modelName, name);
        // The last ones: then there is nothing to ask.
        session.closeModel(0);
        session.closeModel(0);
        QVERIFY(session.models().empty());
        QVERIFY(!session.model());
        QVERIFY(!session.trace());
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
    }

    void aClosedModelWhoseFileIsGoneIsAFault() {
        QTemporaryDir folder;
        const QString path = folder.filePath("model.safetensors");
        QVERIFY(QFile::copy(otherPath, path));
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(modelPath);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        session.openModel(path);
        QVERIFY(QTest::qWaitFor([&] { return session.modelIndex() == 1; }, 20000));
        session.setRecipe(sentence("a bird"), Session::Edit::Choice);
        QVERIFY(answered(session));
        session.closeModel(1);
        QVERIFY(answered(session));
        const TracePtr last = session.trace();
        QVERIFY(QFile::remove(path));
        session.undoStack()->undo();
        QTRY_COMPARE(session.fault().where, Fault::Where::Model);
        QVERIFY(session.fault().text.contains("model.safetensors"));
        QCOMPARE(session.trace(), last);
        session.chooseModel(0);
        QVERIFY(answered(session));
        QCOMPARE(session.fault().where, Fault::Where::None);
        QCOMPARE(session.recipe().source, std::string("the small cat"));
    }

    void modelsAreKnownByPlaceAndContent() {
        QTemporaryDir folder;
        const QString path = folder.filePath("copy.safetensors");
        QVERIFY(QFile::copy(modelPath, path));
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        const auto open = [&](const QString& place) {
            session.openModel(place);
            return QTest::qWaitFor([&] { return session.work().state == Work::State::Idle; }, 20000) &&
                   session.openModels().findPlace(place);
        };
        QVERIFY(open(modelPath));
        QVERIFY(open(otherPath));
        QVERIFY(open(path));
        const OpenModels& models = session.openModels();
        const std::uint64_t hash = models.findPlace(modelPath)->hash;
        QVERIFY(hash != 0);
        QCOMPARE(models.findPlace(path)->hash, hash);
        QVERIFY(models.findPlace(otherPath)->hash != hash);
        QCOMPARE(models.findHash(hash)->place, modelPath);
        QVERIFY(!models.findHash(hash + 1));
        QVERIFY(models.findPlace(path)->id != models.findPlace(modelPath)->id);

        // The same bytes again are the same model, with what was made of it.
        QVERIFY(answered(session));
        const ModelPtr before = session.model();
        const TracePtr trace = session.trace();
        const int id = models.findPlace(path)->id;
        QVERIFY(open(path));
        QCOMPARE(int(session.models().size()), 3);
        QCOMPARE(session.model(), before);
        QCOMPARE(session.trace(), trace);
        // Other bytes are another model of the same place, which is asked at once.
        QVERIFY(QFile::remove(path));
        QVERIFY(QFile::copy(otherPath, path));
        QVERIFY(open(path));
        QVERIFY(answered(session));
        QCOMPARE(int(session.models().size()), 3);
        QCOMPARE(models.findPlace(path)->id, id);
        QVERIFY(session.model() != before);
        QCOMPARE(session.trace()->modelName, session.model()->name());
    }

    /// A model that is trained meanwhile and opened again and again.
    void replacedModelsAreLetGo() {
        QTemporaryDir folder;
        const QString path = folder.filePath("model.safetensors");
        QVERIFY(QFile::copy(modelPath, path));
        Session session;
        session.setRecipe(sentence("the small cat"), Session::Edit::Choice);
        session.openModel(path);
        QVERIFY(QTest::qWaitFor([&] { return session.trace() != nullptr; }, 20000));
        std::vector<std::weak_ptr<const Model>> replaced;
        for (int i = 0; i < 6; ++i) {
            replaced.push_back(session.model());
            session.setRecipe(sentence(i % 2 ? "the small cat" : "a bird"), Session::Edit::Choice);
            QVERIFY(answered(session));
            QVERIFY(QFile::remove(path));
            QVERIFY(QFile::copy(i % 2 ? modelPath : otherPath, path));
            session.openModel(path);
            QVERIFY(QTest::qWaitFor(
                [&] { return session.work().state == Work::State::Idle && session.isUpToDate(); }, 20000));
        }
        QCOMPARE(session.undoStack()->count(), 6);
        for (const auto& model : replaced) QTRY_VERIFY(model.expired());
    }

    void attentionIsReportedInsteadOfOpened() {
        QTemporaryDir folder;
        const QString path = folder.filePath("model.safetensors");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("0-0 1-1\n");
        file.close();
        Session session;
        QSignalSpy found(&session, &Session::attentionFound);
        session.openModel(path);
        QTRY_COMPARE(int(found.count()), 1);
        QCOMPARE(found.first().first().toString(), path);
        QCOMPARE(session.work().state, Work::State::Idle);
        QCOMPARE(session.fault().where, Fault::Where::None);
        QVERIFY(session.models().empty());
    }
};

QTEST_MAIN(TestOpenModels)
#include "test_open_models.moc"
