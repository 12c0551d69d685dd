// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints: a training that was stopped and taken up makes the same files, byte for byte, as one that was
// not; averaging is the mean; a training that diverges names an array and leaves what was good.
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/io/atomic_file.h"
#include "core/io/model_file.h"
#include "core/io/safetensors.h"
#include "core/train/divergence.h"
#include "core/train/trainer.h"

using namespace attn;

namespace {

TrainRecipe small(int steps) {
    TrainRecipe r;
    r.task = "reverse";
    r.embedding = 8, r.encoderWidth = 8, r.decoderWidth = 12, r.attentionWidth = 8, r.readoutWidth = 8;
    r.batchWords = 96, r.steps = steps, r.warmUp = 10, r.learningRate = 5e-3, r.wordDropout = 0.05;
    r.validationPairs = 30, r.validateEvery = 20, r.average = 3, r.guided = 0.2;
    return r;
}

} // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void resumedEqualsUninterrupted_data();
    void resumedEqualsUninterrupted();
    void stoppedInAValidation();
    void whatIsWrittenIsRead();
    void faultsAreTold();
    void anotherCorpusIsRefused();
    void averagingIsTheMean();
    void explosionKeepsTheLastGoodModel();
    void arraysThatAreNotFiniteAreNamed();
    void patienceIsTold();
    void abandonedPartsGoAway();
    void probesAreReplayable();

private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    static QByteArray bytes(const std::string& path) {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    TrainOptions options(const char* name) const {
        TrainOptions o;
        o.model = path(name) + ".safetensors";
        o.checkpoint = checkpointPathFor(o.model);
        o.probesFile = probesPathFor(o.model);
        o.probes = {"a b c", "d e f g ||| g f e d"};
        return o;
    }
    void compare(const TrainOptions& a, const TrainOptions& b) const {
        for (const auto& [one, other] : {std::pair{a.model, b.model}, std::pair{a.checkpoint, b.checkpoint},
                                         std::pair{a.probesFile, b.probesFile}}) {
            QVERIFY2(!bytes(one).isEmpty(), one.c_str());
            QVERIFY2(bytes(one) == bytes(other), (one + " and " + other + " differ").c_str());
        }
    }

    QTemporaryDir m_folder;
};

void TestCheckpoint::resumedEqualsUninterrupted_data() {
    QTest::addColumn<int>("stopAt");
    QTest::addColumn<int>("every");
    QTest::newRow("before anything") << 0 << 0;
    QTest::newRow("after the first update") << 1 << 7;
    QTest::newRow("between validations") << 33 << 0;
    QTest::newRow("at a validation") << 40 << 0;
    QTest::newRow("just before the end") << 89 << 10;
}

void TestCheckpoint::resumedEqualsUninterrupted() {
    QFETCH(int, stopAt);
    QFETCH(int, every);
    const TrainRecipe recipe = small(90);
    const TrainOptions whole = options("whole");
    TrainOptions cut = options("cut");
    cut.checkpointEvery = every; // how often it is written changes nothing
    if (bytes(whole.model).isEmpty()) train(recipe, whole);

    std::stop_source stop;
    if (stopAt == 0) stop.request_stop();
    const TrainResult first = train(
        recipe, cut,
        [&](const TrainProgress& p) {
            if (p.update == stopAt) stop.request_stop();
        },
        stop.get_token());
    QVERIFY(first.interrupted);
    QCOMPARE(first.updates, stopAt);
    QVERIFY(openModel(cut.model) != nullptr); // usable at once
    const TrainResult second = resumeTraining(readCheckpoint(cut.checkpoint), cut);
    QVERIFY(!second.interrupted);
    compare(whole, cut);
    // A training that has ended ends in the same way when it is taken up again.
    resumeTraining(readCheckpoint(cut.checkpoint), cut);
    compare(whole, cut);
}

void TestCheckpoint::stoppedInAValidation() {
    // Stopped after the update that a validation follows, before it: the validation is made later.
    const TrainRecipe recipe = small(40);
    const TrainOptions whole = options("whole2"), cut = options("cut2");
    train(recipe, whole);
    std::stop_source stop;
    train(
        recipe, cut,
        [&](const TrainProgress& p) {
            if (p.update == 40 && !p.validated) stop.request_stop();
        },
        stop.get_token());
    QCOMPARE(readCheckpoint(cut.checkpoint).state.validatedAt, 20);
    const TrainResult result = resumeTraining(readCheckpoint(cut.checkpoint), cut);
    QVERIFY(!result.interrupted);
    compare(whole, cut);
}

void TestCheckpoint::whatIsWrittenIsRead() {
    const TrainOptions o = options("written");
    train(small(30), o);
    const Checkpoint read = readCheckpoint(o.checkpoint);
    QVERIFY(read.recipe == small(30));
    QCOMPARE(read.state.update, 30);
    QCOMPARE(read.state.kept.size(), 2U);
    QVERIFY(read.state.kept[0].loss <= read.state.kept[1].loss);
    writeCheckpoint(path("again.training"), read);
    QVERIFY(bytes(path("again.training")) == bytes(o.checkpoint));
}

void TestCheckpoint::faultsAreTold() {
    const TrainOptions o = options("faults");
    train(small(20), o);
    const auto message = [](const std::string& file) -> QString {
        try {
            readCheckpoint(file);
        } catch (const Error& e) {
            return e.what();
        }
        return "";
    };
    QVERIFY(message(o.model).contains("faults.training")); // the model instead of the checkpoint
    QVERIFY(message(path("none.training")).contains("none.training"));
    QByteArray text = bytes(o.checkpoint);
    const Checkpoint whole = readCheckpoint(o.checkpoint);
    // The first number of the first array becomes NaN.
    const qsizetype header = 8 + static_cast<qsizetype>(*reinterpret_cast<const std::uint64_t*>(text.data()));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::copy_n(reinterpret_cast<const char*>(&nan), sizeof nan, text.data() + header);
    QFile file(QString::fromStdString(path("nan.training")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    file.close();
    QVERIFY2(message(path("nan.training")).contains("current/source_embedding.W"),
             qPrintable(message(path("nan.training"))));
    QVERIFY(file.resize(text.size() - 100));
    QVERIFY(!message(path("nan.training")).isEmpty());
    Checkpoint bad = whole;
    bad.state.square[3](0, 0) = std::numeric_limits<float>::infinity();
    const std::string name = "square/" + bad.spec.schema()[3].name;
    try {
        writeCheckpoint(o.checkpoint, bad);
        QFAIL("an infinite number was written");
    } catch (const Error& e) {
        QVERIFY2(QString(e.what()).contains(QString::fromStdString(name)), e.what());
    }
    QVERIFY(bytes(o.checkpoint).size() == bytes(path("nan.training")).size() + 100); // still there
    readCheckpoint(o.checkpoint);
}

void TestCheckpoint::anotherCorpusIsRefused() {
    const TrainOptions o = options("corpus");
    train(small(20), o);
    Checkpoint checkpoint = readCheckpoint(o.checkpoint);
    checkpoint.corpus ^= 1;
    try {
        resumeTraining(checkpoint, o);
        QFAIL("a training went on with other sentences");
    } catch (const Error& e) {
        QCOMPARE(e.kind(), ErrorKind::Data);
    }
}

void TestCheckpoint::averagingIsTheMean() {
    std::vector<KeptSet> sets(3);
    for (int k = 0; k < 3; ++k) {
        sets[static_cast<std::size_t>(k)].values = {Matrix<float>(1, 2), Matrix<float>(1, 1)};
        sets[static_cast<std::size_t>(k)].values[0](0, 0) = static_cast<float>(k + 1);
        sets[static_cast<std::size_t>(k)].values[0](0, 1) = static_cast<float>(-4 * k);
        sets[static_cast<std::size_t>(k)].values[1](0, 0) = 0.5f;
    }
    const ParameterValues mean = meanOf(sets);
    QCOMPARE(mean[0](0, 0), 2.0f);
    QCOMPARE(mean[0](0, 1), -4.0f);
    QCOMPARE(mean[1](0, 0), 0.5f);

    // At a tiny learning rate the sets are neighbours; the mean or the best is kept, by its loss.
    TrainRecipe recipe = small(80);
    TrainOptions o = options("average");
    const TrainResult result = train(recipe, o);
    QVERIFY(!result.averaging.empty());
    const Checkpoint last = readCheckpoint(o.checkpoint);
    QCOMPARE(last.state.kept.size(), 3U);
    QVERIFY(*result.validationLoss <= last.state.kept.front().loss);
    const bool averaged = *result.validationLoss < last.state.kept.front().loss;
    const ParameterValues expected = averaged ? meanOf(last.state.kept) : last.state.kept.front().values;
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(result.model->parameters().entries()[i].var.value() == expected[i]);
    recipe.average = 1;
    QVERIFY(train(recipe).averaging.empty());
}

void TestCheckpoint::explosionKeepsTheLastGoodModel() {
    TrainRecipe recipe = small(400);
    recipe.learningRate = 100;
    recipe.warmUp = 200; // learns before it explodes
    recipe.validateEvery = 2;
    recipe.patience = 1000;
    const TrainOptions o = options("explodes");
    try {
        train(recipe, o);
        QFAIL("a learning rate of 100 went unnoticed");
    } catch (const Error& e) {
        QCOMPARE(e.kind(), ErrorKind::Data);
        const QString text = e.what();
        for (const char* part : {"diverged at update", "learning rate", "nats a word", "explodes.training"})
            QVERIFY2(text.contains(part), e.what());
        bool named = false;
        for (const ParameterShape& shape : modelSchema(openModel(o.model)->spec()))
            named = named || text.contains(QString::fromStdString(shape.name));
        QVERIFY2(named, e.what());
    }
    QVERIFY(readCheckpoint(o.checkpoint).state.update > 0);
}

void TestCheckpoint::arraysThatAreNotFiniteAreNamed() {
    Parameters<float> parameters;
    for (const char* name : {"one", "two", "three"}) parameters.add({name, {2}}, Matrix<float>(1, 2, 1.0f));
    const auto text = [&] { return QString::fromStdString(divergenceText(parameters, "so", 12, 0.5)); };
    parameters["three"].mutableValue()(0, 1) = -7;
    QVERIFY2(text().contains("7") && text().contains("three") && text().contains("12"), qPrintable(text()));
    parameters["two"].grad()(0, 1) = std::numeric_limits<float>::infinity();
    parameters["three"].grad()(0, 1) = std::numeric_limits<float>::quiet_NaN();
    QVERIFY2(text().contains("gradient") && text().contains("two"), qPrintable(text()));
    parameters["one"].mutableValue()(0, 0) = std::numeric_limits<float>::quiet_NaN();
    QVERIFY2(text().contains("one") && !text().contains("two"), qPrintable(text()));
}

void TestCheckpoint::patienceIsTold() {
    TrainRecipe recipe = small(2000);
    recipe.learningRate = 0.5; // too large to get better for long, too small to explode
    recipe.validateEvery = 5;
    recipe.patience = 2;
    const TrainOptions o = options("patience");
    const TrainResult result = train(recipe, o);
    QVERIFY(!result.interrupted && result.updates < 2000);
    QCOMPARE(result.withoutBetter, 2);
    QCOMPARE(resumeTraining(readCheckpoint(o.checkpoint), o).withoutBetter, 2);
    QCOMPARE(train(small(20)).withoutBetter, 0);
}

void TestCheckpoint::abandonedPartsGoAway() {
    const pid_t dead = fork();
    if (dead == 0) _exit(0);
    QVERIFY(waitpid(dead, nullptr, 0) == dead);
    const std::string target = path("parts.txt"), gone = target + ".part-" + std::to_string(dead);
    const std::string others[] = {target + ".part-1",                        // of a process that runs
                                  target + ".part-x" + std::to_string(dead), // of somebody else
                                  path("other.txt.part-") + std::to_string(dead)};
    const auto make = [](const std::string& name) {
        QFile file(QString::fromStdString(name));
        return file.open(QIODevice::WriteOnly) && file.write("part") == 4;
    };
    QVERIFY(make(gone) && make(gone + "-3"));
    for (const std::string& name : others) QVERIFY(make(name));
    AtomicFile first(target); // not disturbed by the second one
    first.write("first");
    AtomicFile second(target);
    second.write("second");
    first.commit();
    second.commit();
    QCOMPARE(bytes(target), QByteArray("second"));
    QVERIFY(!QFile::exists(QString::fromStdString(gone)));
    QVERIFY(!QFile::exists(QString::fromStdString(gone + "-3")));
    for (const std::string& name : others) QVERIFY(QFile::exists(QString::fromStdString(name)));
}

void TestCheckpoint::probesAreReplayable() {
    const TrainOptions o = options("probes");
    train(small(40), o);
    std::vector<int> updates;
    for (const QByteArray& line : bytes(o.probesFile).trimmed().split('\n')) {
        const auto json = nlohmann::json::parse(line.toStdString());
        updates.push_back(json["update"].get<int>());
        const std::size_t S = json["source"].size(), T = json["target"].size();
        QCOMPARE(json["weights"].size(), 1U); // heads
        QCOMPARE(json["weights"][0].size(), T);
        for (const auto& row : json["weights"][0]) {
            QCOMPARE(row.size(), S);
            double total = 0;
            for (const auto& w : row) total += w.get<double>();
            QVERIFY(std::abs(total - 1) < 1e-3);
        }
        if (S == 5) QVERIFY(json["target"] == nlohmann::json({"g", "f", "e", "d", "</s>"})); // forced
    }
    QCOMPARE(updates, (std::vector<int>{0, 0, 1, 1, 2, 2, 5, 5, 10, 10, 20, 20, 40, 40}));
}

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "test_checkpoint.moc"
