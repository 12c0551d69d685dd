// SPDX-License-Identifier: GPL-3.0-or-later
// Model files: what PyTorch computes from the same weights comes out here; what is malformed is refused by
// name; what is written is read back; FORMAT.md says all of it.
#include <QProcess>
#include <QtTest>
#include <cmath>
#include <functional>
#include <set>

#include "core/base/fields_json.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using nlohmann::json;
using nlohmann::ordered_json;

Q_DECLARE_METATYPE(std::string)

namespace {

const std::string fixtures = ATTENTOSCOPE_FIXTURES "/models/";
const std::string formatPage = ATTENTOSCOPE_SOURCE "/core/io/FORMAT.md";
const char* const peers[] = {"torch_gru_additive", "torch_lstm_general_feed", "torch_gru_between_cells",
                             "torch_four_heads",   "torch_elman_concat",      "torch_lstm_dot_bridge"};

/// The largest difference between what a run recorded and what the peer computed, by array; above 1 in
/// proportion to the number.
class Comparison {
public:
    void numbers(const std::string& name, const float* ours, std::size_t count, const json& theirs) {
        if (theirs.size() != count) {
            m_problems += name + ": " + std::to_string(count) + " numbers, the peer has " +
                          std::to_string(theirs.size()) + "\n";
            return;
        }
        double& worst = m_worst[name];
        for (std::size_t i = 0; i < count; ++i) {
            const double peer = theirs[i].get<double>();
            const double difference = std::abs(ours[i] - peer) / std::max(1.0, std::abs(peer));
            if (!(difference <= 1e-5))
                m_problems += name + "[" + std::to_string(i) + "]: " + std::to_string(ours[i]) +
                              ", the peer has " + theirs[i].dump() + "\n";
            worst = std::max(worst, difference);
        }
    }
    void numbers(const std::string& name, const std::vector<float>& ours, const json& theirs) {
        numbers(name, ours.data(), ours.size(), theirs);
    }
    void equal(const std::string& name, long long ours, long long theirs) {
        if (ours != theirs)
            m_problems +=
                name + ": " + std::to_string(ours) + ", the peer has " + std::to_string(theirs) + "\n";
    }
    const std::string& problems() const { return m_problems; }
    std::string summary() const {
        std::string text;
        for (const auto& [name, worst] : m_worst) text += name + " " + json(worst).dump() + "  ";
        return text;
    }

private:
    std::map<std::string, double> m_worst;
    std::string m_problems;
};

const std::vector<float>& part(const std::vector<CellTrace::Part>& parts, StatePart which) {
    static const std::vector<float> none;
    for (const CellTrace::Part& p : parts)
        if (p.part == which) return p.values;
    return none;
}

void compareStep(const StepTrace& ours, const Pass& pass, const json& theirs, Comparison& compare) {
    compare.equal("word", ours.wordId, theirs["word"].get<int>());
    const json& weights = theirs["weights"];
    const Row* const row = pass.row(0);
    const std::vector<HeadTrace> heads = row ? row->heads : std::vector<HeadTrace>();
    compare.equal("maps", static_cast<long long>(heads.size()), static_cast<long long>(weights.size()));
    for (std::size_t h = 0; h < std::min(heads.size(), weights.size()); ++h) {
        if (theirs.contains("scores")) compare.numbers("scores", heads[h].scores, theirs["scores"][h]);
        compare.numbers("weights", heads[h].weights, weights[h]);
    }
    compare.numbers("context", row ? row->context : pass.vector(StepVector::Context), theirs["context"]);
    compare.numbers("features", pass.vector(StepVector::Features), theirs["features"]);
    const json& hidden = theirs["hidden"];
    compare.equal("cells", static_cast<long long>(pass.states.size()), static_cast<long long>(hidden.size()));
    for (std::size_t i = 0; i < std::min(pass.states.size(), hidden.size()); ++i) {
        compare.numbers("hidden", part(pass.states[i].parts, StatePart::Hidden), hidden[i]);
        if (theirs.contains("cell"))
            compare.numbers("cell", part(pass.states[i].parts, StatePart::Cell), theirs["cell"][i]);
    }
    const json& logProbs = theirs["log_probs"];
    std::vector<float> byId(logProbs.size(), NAN);
    for (const Candidate& candidate : pass.output->candidates)
        byId.at(static_cast<std::size_t>(candidate.id)) = candidate.logProb;
    compare.numbers("log_probs", byId, logProbs);
    compare.numbers("log_prob of the word", &ours.logProb, 1,
                    json::array({logProbs[static_cast<std::size_t>(theirs["word"].get<int>())]}));
}

void compareRun(const Trace& ours, const json& theirs, Comparison& compare) {
    const json& outputs = theirs["encoder_outputs"];
    const std::vector<Position>& source = ours.axes[0].positions;
    compare.equal("positions", static_cast<long long>(source.size()), static_cast<long long>(outputs.size()));
    for (std::size_t j = 0; j < std::min(source.size(), outputs.size()); ++j) {
        compare.equal("source id", source[j].id, theirs["ids"][j].get<int>());
        compare.numbers("encoder_outputs", ours.encoderOutputs.row(static_cast<int>(j)),
                        static_cast<std::size_t>(ours.encoderOutputs.cols()), outputs[j]);
    }
    for (std::size_t i = 0; i < ours.initialState.size(); ++i)
        compare.numbers("initial_hidden", part(ours.initialState[i].parts, StatePart::Hidden),
                        theirs["initial_hidden"][i]);
    const std::vector<int> path = ours.bestPath();
    compare.equal("steps", static_cast<long long>(path.size()),
                  static_cast<long long>(theirs["steps"].size()));
    for (std::size_t t = 0; t < std::min(path.size(), theirs["steps"].size()); ++t)
        compareStep(ours.steps[static_cast<std::size_t>(path[t])], ours.passOf(path[t]), theirs["steps"][t],
                    compare);
}

} // namespace

class TestModelFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name = "model.safetensors") const {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }

    /// The peer's model with a self-test.
    ModelPtr testedModel() const {
        fixture::writeAll(path(), fixture::testedModel().bytes());
        return openModel(path());
    }

private slots:
    void computesWhatPyTorchComputes_data() {
        QTest::addColumn<std::string>("name");
        for (const char* name : peers) QTest::newRow(name) << std::string(name);
    }
    void computesWhatPyTorchComputes() {
        QFETCH(std::string, name);
        const ModelPtr model = openModel(fixtures + name + ".safetensors");
        QCOMPARE(model->name(), name);
        const json reference = json::parse(fixture::readAll(fixtures + name + ".json"));
        QVERIFY(reference["runs"].size() >= 8);
        Comparison compare;
        for (const json& expected : reference["runs"]) {
            Recipe recipe;
            recipe.source = expected["source"].get<std::string>();
            recipe.maxSteps = expected["max_steps"].get<int>();
            recipe.topK = model->spec().targetVocabulary;
            if (!expected["target"].is_null()) {
                recipe.search = SearchKind::Forced;
                recipe.target = expected["target"].get<std::string>();
            }
            compareRun(*run(*model, recipe), expected, compare);
        }
        QVERIFY2(compare.problems().empty(), compare.problems().substr(0, 2000).c_str());
        qInfo("largest differences: %s", compare.summary().c_str());
    }

    void theExampleOfTheFormatPageWritesAModel() {
        const std::string page = fixture::readAll(formatPage);
        const std::string script = fixture::readAll(ATTENTOSCOPE_FIXTURES "/write_model.py");
        const auto begin = page.find("```python\n") + 10;
        const std::string block = page.substr(begin, page.find("```\n", begin) - begin);
        QCOMPARE(block, script.substr(script.find('\n') + 1)); // all but the licence line
        QVERIFY(std::count(block.begin(), block.end(), '\n') < 60);

        const ModelPtr model = openModel(fixtures + "numpy.safetensors");
        QCOMPARE(model->name(), std::string("numpy"));
        Recipe recipe;
        recipe.source = model->card().examples.front();
        QVERIFY(!run(*model, recipe)->steps.empty());

        QProcess python;
        python.start("/usr/bin/python3", {"-c", "import numpy"});
        if (!python.waitForFinished() || python.exitCode() != 0)
            QSKIP("no python3 with numpy to run the example");
        fixture::writeAll(path("example.py"), block);
        python.start("/usr/bin/python3",
                     {QString::fromStdString(path("example.py")), QString::fromStdString(path())});
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        QVERIFY(fixture::readAll(path()) == fixture::readAll(fixtures + "numpy.safetensors"));
    }

    void theFormatPageNamesEveryFieldAndParameter() {
        const std::string page = fixture::readAll(formatPage);
        const auto named = [&](const std::string& word) {
            return page.find("`" + word + "`") != std::string::npos ||
                   page.find("\"" + word + "\"") != std::string::npos ||
                   page.find("." + word + "`") != std::string::npos;
        };
        const std::function<void(const ordered_json&)> fields = [&](const ordered_json& object) {
            for (const auto& [key, value] : object.items()) {
                QVERIFY2(named(key), key.c_str());
                if (value.is_object()) fields(value);
            }
        };
        fields(toJson(ModelSpec{}));
        fields(toJson(ModelCard{}));
        fields(toJson(SelfTest{}));
        const auto values = [&]<typename E>(E) {
            for (const auto& [value, name] : EnumNames<E>::names)
                QVERIFY2(named(std::string(name)), std::string(name).c_str());
        };
        values(CellKind{}), values(Activation{}), values(BridgeKind{}), values(AttentionOrder{});
        values(ReadoutKind{}), values(ReadoutActivation{}), values(Score{}), values(Scope{});
        values(Normaliser{}), values(Gate{}), values(TokeniserKind{});

        std::set<std::string> parameters;
        const auto collect = [&](const ModelSpec& spec) {
            for (const ParameterShape& shape : modelSchema(spec))
                parameters.insert(shape.name.substr(shape.name.rfind('.') + 1));
        };
        ModelSpec spec;
        spec.bridge = BridgeKind::Mean;
        spec.decoder.cell.kind = CellKind::Lstm;
        spec.attention.coverage = spec.attention.relevance = true;
        spec.attention.scope = Scope::LocalP;
        spec.attention.gate = Gate::Scalar;
        spec.attention.heads = 1;
        for (const auto& [score, scoreName] : EnumNames<Score>::names)
            for (const auto& [readout, readoutName] : EnumNames<ReadoutKind>::names) {
                spec.attention.score = score;
                spec.readout.kind = readout;
                collect(spec);
            }
        QVERIFY(parameters.size() > 30);
        for (const std::string& name : parameters) QVERIFY2(named(name), name.c_str());
    }

    void whatWasSavedIsOpened_data() { computesWhatPyTorchComputes_data(); }
    void whatWasSavedIsOpened() {
        QFETCH(std::string, name);
        const ModelPtr model =
            name == "torch_gru_additive" ? testedModel() : openModel(fixtures + name + ".safetensors");
        saveModel(*model, path("saved"), StoredType::F32);
        const ModelPtr again = openModel(path("saved"));
        QCOMPARE(again->card(), model->card());
        QCOMPARE(again->spec(), model->spec());
        QCOMPARE(again->selfTest(), model->selfTest());
        QVERIFY(again->sourceVocabulary() == model->sourceVocabulary());
        QVERIFY(again->targetVocabulary() == model->targetVocabulary());
        const auto &before = model->parameters().entries(), &after = again->parameters().entries();
        QCOMPARE(after.size(), before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            QVERIFY(after[i].shape == before[i].shape);
            QVERIFY2(after[i].var.value() == before[i].var.value(), before[i].shape.name.c_str());
        }
        saveModel(*again, path("saved again"), StoredType::F32);
        QVERIFY(fixture::readAll(path("saved")) == fixture::readAll(path("saved again")));

        saveModel(*model, path("half"), StoredType::F16);
        const ModelPtr half = openModel(path("half"));
        QCOMPARE(half->selfTest().has_value(), model->selfTest().has_value());
        for (std::size_t i = 0; i < before.size(); ++i)
            for (std::size_t k = 0; k < before[i].var.value().size(); ++k) {
                const float x = before[i].var.value().data()[k];
                // 11 significant bits; below 2^-14 steps of 2^-24.
                QVERIFY(std::abs(half->parameters().entries()[i].var.value().data()[k] - x) <=
                        std::max(std::ldexp(std::abs(x), -11), std::ldexp(1.0F, -25)));
            }
    }

    /// What openModel() would refuse is refused by saveModel(), by name, and no file is left.
    void whatCouldNotBeOpenedIsNotSaved_data() {
        QTest::addColumn<int>("spoilt");
        QTest::addColumn<QStringList>("fragments");
        const auto row = [](const char* name, int spoilt, const QStringList& fragments) {
            QTest::newRow(name) << spoilt << fragments;
        };
        row("sound", 0, {});
        row("texts that are not UTF-8", 1,
            {"card.description: is not valid UTF-8", "card.examples[1]: is not valid UTF-8",
             "self_test.source: is not valid UTF-8"});
        row("no name", 2, {"card.name: is empty"});
        row("a long self-test", 3, {"self_test.source: has 1001 bytes", "self_test.tolerance: is 2"});
        row("a false self-test", 4, {"fails its own self-test"});
        row("a parameter too many", 5, {"spare: is not a parameter of this spec"});
        row("a row where a vector should be", 6, {"attention.v: has shape [1, 7]; expected [7]"});
    }
    void whatCouldNotBeOpenedIsNotSaved() {
        QFETCH(int, spoilt);
        QFETCH(QStringList, fragments);
        const ModelPtr sound = testedModel();
        ModelCard card = sound->card();
        SelfTest test = *sound->selfTest();
        Parameters<float> parameters;
        for (const auto& entry : sound->parameters().entries()) {
            ParameterShape shape = entry.shape;
            if (spoilt == 6 && shape.name == "attention.v") shape.shape = {1, 7};
            parameters.add(shape, entry.var.value());
        }
        if (spoilt == 1) {
            card.description = test.source = "caf\xE9";
            card.examples = {"sound", "\xFF"};
        }
        if (spoilt == 2) card.name = "";
        if (spoilt == 3) {
            test.source = std::string(1001, 'a');
            test.tolerance = 2;
        }
        if (spoilt == 4) test.logProbs.front() -= 0.01;
        if (spoilt == 5) parameters.add({"spare", {2}}, Matrix<float>(1, 2));
        const Model model(card, sound->spec(), sound->sourceVocabulary(), sound->targetVocabulary(),
                          parameters, test);
        for (const StoredType type : {StoredType::F32, StoredType::F16}) {
            // A rounded model's self-test is made anew, so that it is never false.
            const bool refused = !fragments.empty() && !(spoilt == 4 && type == StoredType::F16);
            std::string message;
            try {
                saveModel(model, path("spoilt"), type);
                QVERIFY(openModel(path("spoilt")) != nullptr);
            } catch (const Error& error) {
                QVERIFY2(refused && error.kind() == ErrorKind::Argument, error.what());
                message = error.what();
            }
            QCOMPARE(!message.empty(), refused);
            QCOMPARE(QFile::exists(m_folder.filePath("spoilt")), !refused);
            for (const QString& fragment : fragments)
                QVERIFY2(!refused || message.find(fragment.toStdString()) != std::string::npos,
                         message.c_str());
            QFile::remove(m_folder.filePath("spoilt"));
        }
    }

    void vocabulariesThatCouldNotBeOpenedCannotBeMade() {
        for (const auto& [tokens, special, fragment] :
             {std::tuple{std::vector<std::string>{"a", "", "c", "d"}, SpecialTokens{}, "tokens[1]: is empty"},
              std::tuple{std::vector<std::string>{"a", "b", "c", "a"}, SpecialTokens{},
                         "tokens[3]: \"a\" stands twice, first as row 0"},
              std::tuple{std::vector<std::string>{"a", "b", "c", "d"}, SpecialTokens{0, 1, 2, 2},
                         "unk: is 2, and so is eos"}}) {
            try {
                const Vocabulary vocabulary(tokens, special);
                QFAIL(fragment);
            } catch (const Error& error) {
                QVERIFY2(std::string(error.what()).find(fragment) != std::string::npos, error.what());
            }
        }
    }

    void theFormatPageNamesEveryLimit() {
        const std::string page = fixture::readAll(formatPage);
        int limits = 0;
        const std::function<void(const ordered_json&, const std::string&)> look =
            [&](const ordered_json& object, const std::string& where) {
                for (const auto& [key, value] : object.items()) {
                    if (value.is_object()) look(value, where + key + ".");
                    // Those three are other widths of the spec over again.
                    if (!value.is_number_integer() || key == "query_width" || key == "key_width" ||
                        key == "value_width")
                        continue;
                    fixture::Parts parts(fixture::soundModel());
                    fixture::edit(parts, "spec", [&](ordered_json& spec) {
                        ordered_json::json_pointer at(
                            "/" + QString::fromStdString(where + key).replace('.', '/').toStdString());
                        spec[at] = 1'000'000'000;
                    });
                    fixture::writeAll(path(), parts.bytes());
                    try {
                        openModel(path());
                        QFAIL((where + key).c_str());
                    } catch (const Error& error) {
                        const QString found =
                            QRegularExpression(
                                "spec\\." + QRegularExpression::escape(QString::fromStdString(where + key)) +
                                ": is 1000000000; at most (\\d+) can be read")
                                .match(error.what())
                                .captured(1);
                        QVERIFY2(!found.isEmpty(), error.what());
                        const QString limit = QLocale(QLocale::English).toString(found.toLongLong());
                        const QRegularExpression line(
                            "\\n\\|[^\\n]*`" +
                            QRegularExpression::escape(QString::fromStdString(where + key)) + "`[^\\n]*\\| " +
                            limit + " \\|");
                        QVERIFY2(QString::fromStdString(page).contains(line),
                                 (where + key + " " + limit.toStdString()).c_str());
                        ++limits;
                    }
                }
            };
        look(toJson(ModelSpec{}), "");
        QCOMPARE(limits, 23);
    }

    void bundledModelsAreFoundByName() {
        QTemporaryDir folder;
        const std::string file = folder.filePath("tiny.safetensors").toStdString();
        fixture::writeAll(file, fixture::soundModel());
        fixture::writeAll(folder.filePath("notes.txt").toStdString(), "");
        qputenv("ATTENTOSCOPE_MODELS", folder.path().toUtf8());
        QCOMPARE(resolveModel("tiny"), file);
        QCOMPARE(resolveModel(file), file);
        const std::vector<std::string> names = bundledModels();
        QVERIFY(std::find(names.begin(), names.end(), "tiny") != names.end());
        QVERIFY(std::find(names.begin(), names.end(), "notes") == names.end());
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        for (const std::string unknown : {"tinny", "", "folder/none.safetensors"}) {
            try {
                resolveModel(unknown);
                QFAIL("was found");
            } catch (const Error& error) {
                QCOMPARE(error.kind(), ErrorKind::Data);
                QVERIFY2(std::string(error.what()).find("tiny") != std::string::npos, error.what());
            }
        }
        qunsetenv("ATTENTOSCOPE_MODELS");
    }
};

QTEST_GUILESS_MAIN(TestModelFile)
#include "test_model_file.moc"
