// SPDX-License-Identifier: GPL-3.0-or-later
// Model files: what PyTorch computes from the same weights comes out here; what is malformed is refused by
// name; what is written is read back; FORMAT.md says all of it.
#include <QProcess>
#include <QtTest>
#include <cmath>
#include <functional>
#include <set>

#include "core/base/fields_json.h"
#include "core/base/random.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using fixture::Parts;
using nlohmann::json;
using nlohmann::ordered_json;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(attn::ErrorKind)

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

const std::vector<float>& part(const std::vector<NamedVector>& parts, const std::string& name) {
    static const std::vector<float> none;
    for (const NamedVector& p : parts)
        if (p.name == name) return p.values;
    return none;
}

void compareStep(const StepTrace& ours, const json& theirs, Comparison& compare) {
    compare.equal("word", ours.wordId, theirs["word"].get<int>());
    const json& weights = theirs["weights"];
    compare.equal("maps", static_cast<long long>(ours.heads.size()), static_cast<long long>(weights.size()));
    for (std::size_t h = 0; h < std::min(ours.heads.size(), weights.size()); ++h) {
        if (theirs.contains("scores")) compare.numbers("scores", ours.heads[h].scores, theirs["scores"][h]);
        compare.numbers("weights", ours.heads[h].weights, weights[h]);
    }
    compare.numbers("context", ours.context, theirs["context"]);
    compare.numbers("features", ours.features, theirs["features"]);
    const json& hidden = theirs["hidden"];
    compare.equal("cells", static_cast<long long>(ours.decoder.size()),
                  static_cast<long long>(hidden.size()));
    for (std::size_t i = 0; i < std::min(ours.decoder.size(), hidden.size()); ++i) {
        compare.numbers("hidden", part(ours.decoder[i].parts, "hidden"), hidden[i]);
        if (theirs.contains("cell"))
            compare.numbers("cell", part(ours.decoder[i].parts, "cell"), theirs["cell"][i]);
    }
    const json& logProbs = theirs["log_probs"];
    std::vector<float> byId(logProbs.size(), NAN);
    for (const Candidate& candidate : ours.candidates)
        byId.at(static_cast<std::size_t>(candidate.id)) = candidate.logProb;
    compare.numbers("log_probs", byId, logProbs);
    compare.numbers("log_prob of the word", &ours.logProb, 1,
                    json::array({logProbs[static_cast<std::size_t>(theirs["word"].get<int>())]}));
}

void compareRun(const Trace& ours, const json& theirs, Comparison& compare) {
    const json& outputs = theirs["encoder_outputs"];
    compare.equal("positions", static_cast<long long>(ours.source.size()),
                  static_cast<long long>(outputs.size()));
    for (std::size_t j = 0; j < std::min(ours.source.size(), outputs.size()); ++j) {
        compare.equal("source id", ours.source[j].id, theirs["ids"][j].get<int>());
        compare.numbers("encoder_outputs", ours.encoderOutputs.row(static_cast<int>(j)),
                        static_cast<std::size_t>(ours.encoderOutputs.cols()), outputs[j]);
    }
    for (std::size_t i = 0; i < ours.initialState.size(); ++i)
        compare.numbers("initial_hidden", part(ours.initialState[i].parts, "hidden"),
                        theirs["initial_hidden"][i]);
    const std::vector<int> path = ours.bestPath();
    compare.equal("steps", static_cast<long long>(path.size()),
                  static_cast<long long>(theirs["steps"].size()));
    for (std::size_t t = 0; t < std::min(path.size(), theirs["steps"].size()); ++t)
        compareStep(ours.steps[static_cast<std::size_t>(path[t])], theirs["steps"][t], compare);
}

/// One JSON text inside the metadata, changed.
void edit(Parts& parts, const char* key, const std::function<void(ordered_json&)>& change) {
    auto& text = parts.header["__metadata__"][key];
    auto value = ordered_json::parse(text.get<std::string>());
    change(value);
    text = value.dump();
}

/// Puts other bytes in place of the first number of a tensor.
void poke(Parts& parts, const char* tensor, const std::string& bytes) {
    parts.data.replace(parts.header[tensor]["data_offsets"][0].get<std::size_t>(), bytes.size(), bytes);
}

} // namespace

class TestModelFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char* name = "model.safetensors") const {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    ModelPtr modelOf(const std::string& bytes) const {
        fixture::writeAll(path(), bytes);
        return openModel(path());
    }
    /// The error's message, "" if none; its kind in `kind`.
    std::string messageOf(const std::string& bytes, ErrorKind* kind = nullptr) const {
        try {
            modelOf(bytes);
        } catch (const Error& error) {
            if (kind) *kind = error.kind();
            return error.what();
        }
        return "";
    }
    static std::string sound() { return fixture::readAll(fixtures + "torch_gru_additive.safetensors"); }
    /// That model with a self-test out of the peer's numbers.
    static Parts tested() {
        Parts parts(sound());
        const json reference = json::parse(fixture::readAll(fixtures + "torch_gru_additive.json"));
        for (const json& run : reference["runs"]) {
            if (!run["target"].is_null() || run["steps"].back()["word"] != 2) continue;
            const auto tokens =
                json::parse(parts.header["__metadata__"]["target_vocabulary"].get<std::string>())["tokens"];
            ordered_json test = {{"source", run["source"]}, {"tolerance", 1e-3}};
            for (const json& step : run["steps"]) {
                const auto word = step["word"].get<std::size_t>();
                test["target"].push_back(tokens[word].get<std::string>());
                test["log_probs"].push_back(step["log_probs"][word].get<double>());
            }
            parts.header["__metadata__"]["self_test"] = test.dump();
            return parts;
        }
        throw std::logic_error("no greedy run of the fixture ends");
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

    void refuses_data() {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<std::string>("fragment");
        const auto row = [](const char* name, ErrorKind kind, const std::string& fragment,
                            const std::function<void(Parts&)>& spoil, Parts parts = Parts(sound())) {
            spoil(parts);
            QTest::newRow(name) << parts.bytes() << kind << fragment;
        };
        const auto data = ErrorKind::Data, unsupported = ErrorKind::Unsupported;
        const auto meta = [](const char* key, const std::string& value) {
            return [=](Parts& p) { p.header["__metadata__"][key] = value; };
        };
        const auto without = [](const char* key) {
            return [=](Parts& p) { p.header["__metadata__"].erase(key); };
        };
        const auto json = [](const char* key, std::function<void(ordered_json&)> change) {
            return [=](Parts& p) { edit(p, key, change); };
        };

        row("no metadata", unsupported, "not a model file", [](Parts& p) { p.header.erase("__metadata__"); });
        row("another format", unsupported, "\"pt\", expected \"attentoscope-model\"", meta("format", "pt"));
        row("no container version", data, "container_version is missing", without("container_version"));
        row("container version 2", unsupported, "container_version is 2; this program reads 1 to 1",
            meta("container_version", "2"));
        row("content version 0", unsupported, "content_version is 0; this program reads 1 to 1",
            meta("content_version", "0"));
        row("content version beyond an int", unsupported, "this program reads 1 to 1",
            meta("content_version", "99999999999999999999"));
        row("version is a word", data, "content_version is \"one\"", meta("content_version", "one"));
        row("version is empty", data, "content_version is \"\"", meta("content_version", ""));

        row("no spec", data, "spec: is missing", without("spec"));
        row("no card", data, "card: is missing", without("card"));
        row("no vocabulary", data, "target_vocabulary: is missing", without("target_vocabulary"));
        row("spec is not JSON", data, "spec: not valid JSON", meta("spec", "gru"));
        row("spec is a list", data, "spec: expected an object", meta("spec", "[]"));
        row("spec is deep", data, "spec: nested more than", meta("spec", std::string(100'000, '[')));
        row("a spec key twice", data, "stands twice", meta("spec", R"({"order":"x","order":"y"})"));
        row("bad enum", data, "spec.attention.score: expected one of dot, scaled_dot",
            json("spec", [](auto& s) { s["attention"]["score"] = "bahdanau"; }));
        row("unknown field", data, "unknown field \"bidirectonal\"",
            json("spec", [](auto& s) { s["encoder"]["bidirectonal"] = true; }));
        row("width as text", data, "spec.decoder.cell.width: expected a whole number",
            json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = "8"; }));
        row("negative width", data, "spec.decoder.cell.width: expected a whole number from 0",
            json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = -8; }));
        row("width 2^64 - 1", data, "spec.decoder.cell.width: expected a whole number from 0",
            json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = ~0ULL; }));
        row("a thousand million layers", data, "spec.encoder.layers: is 1000000000; at most",
            json("spec", [](auto& s) { s["encoder"]["layers"] = 1'000'000'000; }));
        row("a thousand million heads", data, "spec.attention.heads: is 1000000000; at most",
            json("spec", [](auto& s) { s["attention"]["heads"] = 1'000'000'000; }));
        row("widths whose product overflows", data, "spec.decoder.cell.width: is 1000000000; at most",
            json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = 1'000'000'000; }));
        row("no layers", data, "spec.encoder.layers",
            json("spec", [](auto& s) { s["encoder"]["layers"] = 0; }));
        row("wrong gate order", data, "spec.encoder.cell.gate_order",
            json("spec", [](auto& s) { s["encoder"]["cell"]["gate_order"] = "rzz"; }));
        row("widths that do not fit", data, "spec.attention.query_width: is 9; expected 8",
            json("spec", [](auto& s) { s["attention"]["query_width"] = 9; }));
        row("temperature 0", data, "spec.attention.temperature",
            json("spec", [](auto& s) { s["attention"]["temperature"] = 0; }));
        row("temperature 1e999", data, "spec: not valid JSON", [](Parts& p) {
            auto& text = p.header["__metadata__"]["spec"];
            std::string spec = text;
            text = spec.replace(spec.find("\"score\""), 0, "\"temperature\": 1e999, ");
        });
        row("card without a name", data, "card.name: is empty", meta("card", "{}"));
        row("unknown tokeniser", data, "card.source_tokeniser: expected one of",
            json("card", [](auto& c) { c["source_tokeniser"] = "bpe"; }));

        row("vocabulary too small for the spec", data, "source_vocabulary: has 18 tokens; the spec says 19",
            json("source_vocabulary", [](auto& v) { v["tokens"].erase(18); }));
        row("spec too large for the vocabulary", data, "source_vocabulary: has 19 tokens; the spec says 20",
            json("spec", [](auto& s) { s["source_vocabulary"] = 20; }));
        row("a word twice", data, "source_vocabulary.tokens[6]: \"the\" stands twice",
            json("source_vocabulary", [](auto& v) { v["tokens"][6] = "the"; }));
        row("an empty word", data, "target_vocabulary.tokens[5]: is empty",
            json("target_vocabulary", [](auto& v) { v["tokens"][5] = ""; }));
        row("a number among the words", data, "target_vocabulary.tokens[5]: expected text, found 7",
            json("target_vocabulary", [](auto& v) { v["tokens"][5] = 7; }));
        row("no words", data, "source_vocabulary.pad: is 0; there are 0 tokens",
            json("source_vocabulary", [](auto& v) { v["tokens"] = ordered_json::array(); }));
        row("special row outside", data, "source_vocabulary.eos: is 19",
            json("source_vocabulary", [](auto& v) { v["eos"] = 19; }));
        row("two special words in one row", data, "source_vocabulary.unk: is 2",
            json("source_vocabulary", [](auto& v) { v["unk"] = 2; }));
        row("vocabulary is a list", data, "source_vocabulary: expected an object",
            json("source_vocabulary", [](auto& v) { v = v["tokens"]; }));

        row("missing parameter", data, "attention.v: is missing; expected shape [7]", [](Parts& p) {
            auto& zeros = p.header["attention.v"];
            p.header["elsewhere"] = zeros;
            p.header.erase("attention.v");
        });
        row("unused parameter", data, "elsewhere: is not a parameter of this spec", [](Parts& p) {
            p.header["elsewhere"] = p.header["attention.v"];
            p.header.erase("attention.v");
        });
        row("misspelt parameter", data, "the unused attention.W_keys may be meant", [](Parts& p) {
            p.header["attention.W_keys"] = p.header["attention.W_key"];
            p.header.erase("attention.W_key");
        });
        row("transposed parameter", data, "attention.W_key: has shape [12, 7]; expected [7, 12]",
            [](Parts& p) {
                p.header["attention.W_key"]["shape"] = {12, 7};
            });
        row("vector as a matrix", data, "attention.v: has shape [1, 7]; expected [7]", [](Parts& p) {
            p.header["attention.v"]["shape"] = {1, 7};
        });
        row("an empty tensor beside the others", data, "free: is not a parameter", [](Parts& p) {
            const auto end = p.header["attention.v"]["data_offsets"][1];
            p.header["free"] = {{"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {end, end}}};
        });
        row("whole numbers", data, "attention.v: unsupported dtype I32",
            [](Parts& p) { p.header["attention.v"]["dtype"] = "I32"; });
        row("not a number", data, "decoder.layer0.b_input: 1 of 24 numbers are not finite",
            [](Parts& p) { poke(p, "decoder.layer0.b_input", std::string("\0\0\xC0\x7F", 4)); });
        row("infinity", data, "attention.v: 1 of 7 numbers are not finite",
            [](Parts& p) { poke(p, "attention.v", std::string("\0\0\x80\x7F", 4)); });
        row("cut in the last tensor", data, "may have been cut short", [](Parts& p) { p.data.pop_back(); });
        row("cut in half", data, "may have been cut short",
            [](Parts& p) { p.data.resize(p.data.size() / 2); });
        row("bytes at the end", data, "belong to no tensor", [](Parts& p) { p.data += "x"; });

        const auto test = [&](const char* name, const std::string& fragment,
                              const std::function<void(ordered_json&)>& change) {
            row(name, data, fragment, json("self_test", change), tested());
        };
        test("self-test with another word", "fails its own self-test",
             [](auto& t) { t["target"][0] = "chat"; });
        test("self-test with another probability", "step 1 gives",
             [](auto& t) { t["log_probs"][1] = t["log_probs"][1].template get<double>() - 0.01; });
        test("self-test that goes on", "gives the end, expected \"chat\"", [](auto& t) {
            t["target"].push_back("chat");
            t["log_probs"].push_back(-1);
        });
        test("self-test without a sentence", "self_test.source: is empty", [](auto& t) { t["source"] = ""; });
        test("self-test of spaces", "fails its own self-test", [](auto& t) { t["source"] = "   "; });
        test("self-test without words", "self_test.target: is empty",
             [](auto& t) { t["target"] = t["log_probs"] = ordered_json::array(); });
        test("self-test with fewer numbers", "self_test.log_probs: has",
             [](auto& t) { t["log_probs"].erase(0); });
        test("self-test with an improbable probability", "at most 0, found 0.5",
             [](auto& t) { t["log_probs"][0] = 0.5; });
        test("self-test that allows everything", "self_test.tolerance: is 1000000",
             [](auto& t) { t["tolerance"] = 1e6; });
        row("another gate order", data, "fails its own self-test",
            json("spec", [](auto& s) { s["encoder"]["cell"]["gate_order"] = "zrn"; }), tested());
        row("another update gate", data, "fails its own self-test",
            json("spec", [](auto& s) { s["decoder"]["cell"]["update_keeps"] = false; }), tested());
        row("another reset gate", data, "fails its own self-test",
            json("spec", [](auto& s) { s["decoder"]["cell"]["reset_after"] = false; }), tested());
    }
    void refuses() {
        QFETCH(std::string, bytes);
        QFETCH(ErrorKind, kind);
        QFETCH(std::string, fragment);
        ErrorKind found{};
        const std::string message = messageOf(bytes, &found);
        QVERIFY2(message.starts_with(path() + ": "), message.c_str());
        QVERIFY2(message.find(fragment) != std::string::npos, message.c_str());
        QVERIFY2(message.size() < 5000, "a message longer than anybody reads");
        QCOMPARE(found, kind);
    }

    void allFaultsAreToldAtOnce() {
        Parts parts(sound());
        edit(parts, "source_vocabulary", [](auto& v) { v["tokens"][6] = "the"; });
        parts.header["attention.W_key"]["shape"] = {12, 7};
        parts.header["attention.V"] = parts.header["attention.v"];
        parts.header.erase("attention.v");
        poke(parts, "output.b", std::string("\0\0\xC0\x7F", 4));
        const std::string message = messageOf(parts.bytes());
        for (const char* fragment : {"stands twice", "attention.W_key: has shape", "attention.v: is missing",
                                     "attention.V: is not a parameter", "output.b: 1 of 20"})
            QVERIFY2(message.find(fragment) != std::string::npos, (message + "\nlacks " + fragment).c_str());
    }

    void aTrueSelfTestAndStrangeMetadataAreAccepted() {
        Parts parts = tested();
        parts.header["__metadata__"]["made_by"] = "somebody";
        const ModelPtr model = modelOf(parts.bytes());
        QVERIFY(model->selfTest().has_value());
        QCOMPARE(model->selfTest()->target.back(), std::string("</s>"));
    }

    void truncationsAreRefused() {
        const std::string whole = sound();
        for (std::size_t length = 0; length < whole.size(); length += 97)
            QVERIFY2(messageOf(whole.substr(0, length)).starts_with(path() + ": "),
                     std::to_string(length).c_str());
    }

    void flippedBytesAreRefusedOrRun() {
        const std::string whole = tested().bytes();
        std::uint64_t header = 0;
        std::memcpy(&header, whole.data(), 8);
        Random random(11);
        int opened = 0;
        for (int i = 0; i < 500; ++i) {
            // Half of the flips hit the header, where a byte means more than in a number.
            const auto range = static_cast<int>(i % 2 ? 8 + header : whole.size());
            std::string bytes = whole;
            bytes[static_cast<std::size_t>(random.below(range))] = static_cast<char>(random.below(256));
            try {
                const ModelPtr model = modelOf(bytes);
                QCOMPARE(model->parameterCount(), attn::parameterCount(modelSchema(model->spec())));
                ++opened;
            } catch (const Error& error) {
                QVERIFY2(error.kind() == ErrorKind::Data || error.kind() == ErrorKind::Unsupported,
                         error.what());
                QVERIFY2(std::string(error.what()).starts_with(path() + ": "), error.what());
            }
        }
        QVERIFY(opened > 0 && opened < 500);
    }

    void whatWasSavedIsOpened_data() { computesWhatPyTorchComputes_data(); }
    void whatWasSavedIsOpened() {
        QFETCH(std::string, name);
        const ModelPtr model = name == "torch_gru_additive" ? modelOf(tested().bytes())
                                                            : openModel(fixtures + name + ".safetensors");
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

    void bundledModelsAreFoundByName() {
        QTemporaryDir folder;
        const std::string file = folder.filePath("tiny.safetensors").toStdString();
        fixture::writeAll(file, sound());
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
