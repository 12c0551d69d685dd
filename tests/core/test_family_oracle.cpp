// SPDX-License-Identifier: GPL-3.0-or-later
// Golden vectors of whole models from an implementation that shares nothing with this one: every JSON file of
// the directory $ATTENTOSCOPE_FAMILIES (default: tests/fixtures/families) is run forward and backward, in
// double and in float, and compared array by array. Every text is run alone, in a padded batch, and step by
// step where its family decodes. Families that the engine does not have yet are listed with their number.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/model/encoder_decoder/network.h"
#include "core/model/language_model/network.h"
#include "family_case.h"

using namespace attn;
using namespace golden;

namespace {

// ---------------------------------------------------------------- language model

LanguageModelSpec languageModelSpec(const json& spec) {
    onlyKnown(spec, {"vocabulary", "embedding", "cell", "layers", "split", "attention", "attention_width",
                     "features", "start"});
    LanguageModelSpec s;
    s.vocabulary = spec.at("vocabulary");
    s.embedding = spec.at("embedding");
    s.rnn.cell = cellOf(spec.at("cell"));
    s.rnn.layers = spec.at("layers");
    if (!spec.contains("split")) return s;
    s.split = fromText<StateSplit>(spec["split"].get<std::string>()).value();
    s.features = spec.at("features");
    onlyKnown(spec.at("attention"), {"score", "scope"});
    AttentionSpec a;
    a.score = fromText<Score>(spec["attention"].at("score").get<std::string>()).value();
    a.queryWidth = a.keyWidth = a.valueWidth = s.partWidth();
    a.attentionWidth = spec.at("attention_width");
    const json& scope = spec["attention"].at("scope");
    a.scope = fromText<Scope>(scope.at("kind").get<std::string>()).value();
    a.window = scope.at("D").is_null() ? 0 : scope.at("D").get<int>();
    s.attention = a;
    return s;
}

using Words = std::vector<std::vector<int>>;

/// All texts in one padded batch, read whole.
template <typename T>
std::vector<Arrays> readWhole(const LanguageModel<T>& model, Tape<T>& tape, const Words& words, int start,
                              Var<T>& loss) {
    Words previous;
    for (const auto& text : words) previous.push_back(shifted(text, start));
    const Padded in = padded(previous, 0), out = padded(words, -1);
    const LanguageModelReading<T> r = model.read(&tape, in.ids, in.lengths);
    const Var<T> logits = model.logits(&tape, r.features);
    loss = crossEntropy(&tape, logits, out.ids);
    std::vector<Arrays> found(words.size());
    for (std::size_t e = 0; e < words.size(); ++e) {
        const int b = static_cast<int>(e), T_ = out.lengths[e];
        for (const SequenceLayer<T>& layer : r.layers)
            addSequence(found[e], "rnn.layer" + std::to_string(layer.layer), layer, b, T_);
        for (int t = 0; t < T_; ++t) {
            const int row = b * out.positions + t;
            if (r.attention)
                addMapRow<T>(found[e], "attention", *r.attention, row, T_, [](int k) { return k; });
            addRow(found[e]["features"], r.features, row);
            addOutput(found[e], logits, row, words[e][static_cast<std::size_t>(t)]);
        }
    }
    return found;
}

/// All texts in one batch, word by word; those that have ended go on with a filler that nobody reads.
template <typename T>
std::vector<Arrays> readInSteps(const LanguageModel<T>& model, Tape<T>& tape, const Words& words, int start,
                                Var<T>& loss) {
    const Padded out = padded(words, -1);
    const auto encoding = model.encode(&tape, static_cast<int>(words.size()));
    auto state = model.start(&tape, encoding);
    std::vector<int> previous(words.size(), start);
    std::vector<Arrays> found(words.size());
    for (int t = 0; t < out.positions; ++t) {
        const auto step = model.step(&tape, encoding, state, previous);
        const Var<T> logits = model.output(&tape, encoding, step);
        std::vector<int> next;
        for (std::size_t e = 0; e < words.size(); ++e) {
            const int b = static_cast<int>(e), T_ = out.lengths[e];
            next.push_back(t < T_ ? words[e][static_cast<std::size_t>(t)] : -1);
            if (t >= T_) continue;
            for (std::size_t i = 0; i < step.layers.size(); ++i) {
                const std::string where = "rnn.layer" + std::to_string(i);
                const LayerStep<T>& layer = step.layers[i];
                addRow(found[e][where + ".hidden"], layer.state.cell.hidden, b);
                if (layer.state.cell.cell.defined())
                    addRow(found[e][where + ".cell"], layer.state.cell.cell, b);
                if (layer.attention)
                    addMapRow<T>(found[e], where + ".attention", *layer.attention, b,
                                 T_ + (model.spec().rnn.cell.startSlot ? 1 : 0), [](int k) { return k; });
            }
            if (step.attention)
                addMapRow<T>(found[e], "attention", *step.attention, b, T_, [](int k) { return k; });
            addRow(found[e]["features"], step.features, b);
            addOutput(found[e], logits, b, next.back());
        }
        const Var<T> here = crossEntropy(&tape, logits, next);
        loss = loss.defined() ? add(&tape, loss, here) : here;
        for (int& word : next) word = std::max(word, 0);
        previous = next;
        state = step.state;
    }
    return found;
}

template <typename T>
void runLanguageModel(const std::string& name, const json& test) {
    const LanguageModelSpec spec = languageModelSpec(test["spec"]);
    const auto same = [](const std::string& n) { return n; };
    Parameters<T> parameters = parametersOf<T>(test, spec.schema(), same);
    const LanguageModel<T> model(spec, parameters);
    const Words words = test["inputs"].at("words").get<Words>();
    const int start = test["spec"].at("start");
    const auto run = [&](const std::string& how, const auto& read) {
        Tape<T> tape;
        Var<T> loss;
        const std::vector<Arrays> found = read(tape, loss);
        tape.backward(loss);
        compareAll(name + ", " + how, test, found, parameters, same);
        g_check.compare(name + ", " + how + " loss", {test["loss"].get<double>()},
                        std::vector<T>{loss.value()(0, 0)});
    };
    run("padded batch",
        [&](Tape<T>& tape, Var<T>& loss) { return readWhole(model, tape, words, start, loss); });
    run("in steps",
        [&](Tape<T>& tape, Var<T>& loss) { return readInSteps(model, tape, words, start, loss); });
    run("alone", [&](Tape<T>& tape, Var<T>& loss) {
        std::vector<Arrays> found;
        for (const auto& text : words) {
            Var<T> one;
            found.push_back(readWhole(model, tape, {text}, start, one).front());
            loss = loss.defined() ? add(&tape, loss, one) : one;
        }
        return found;
    });
}

// ---------------------------------------------------------------- encoder-decoder

/// Of the placements of section 10 the engine has the one that equals previous_state: each_layer with one
/// layer.
bool canRunEncoderDecoder(const json& spec) {
    return spec.at("placement") == "each_layer" && spec.at("decoder").at("layers") == 1;
}

EncoderDecoderSpec encoderDecoderSpec(const json& spec) {
    onlyKnown(spec,
              {"source_vocabulary", "target_vocabulary", "source_embedding", "target_embedding", "encoder",
               "bridge", "decoder", "placement", "attention", "attention_width", "readout", "start"});
    EncoderDecoderSpec m;
    m.sourceVocabulary = spec.at("source_vocabulary");
    m.targetVocabulary = spec.at("target_vocabulary");
    m.sourceEmbedding = spec.at("source_embedding");
    m.targetEmbedding = spec.at("target_embedding");
    m.encoder.cell = cellOf(spec.at("encoder").at("cell"));
    m.encoder.layers = spec["encoder"].at("layers");
    m.encoder.bidirectional = spec["encoder"].at("bidirectional");
    m.bridge = fromText<BridgeKind>(spec.at("bridge").get<std::string>()).value();
    m.decoder.cell = cellOf(spec.at("decoder").at("cell"));
    m.order = AttentionOrder::PreviousState;
    onlyKnown(spec.at("attention"), {"score"});
    AttentionSpec a;
    a.score = fromText<Score>(spec["attention"].at("score").get<std::string>()).value();
    a.queryWidth = m.decoder.cell.width;
    a.keyWidth = a.valueWidth = m.encoder.outputWidth();
    a.attentionWidth = spec.at("attention_width");
    m.attention = a;
    m.readout.kind = fromText<ReadoutKind>(spec.at("readout").get<std::string>()).value();
    return m;
}

template <typename T>
void runEncoderDecoder(const std::string& name, const json& test) {
    const EncoderDecoderSpec spec = encoderDecoderSpec(test["spec"]);
    const auto theirName = [](const std::string& n) {
        return n.rfind("attention.", 0) == 0 ? "decoder.layer0." + n : n;
    };
    Parameters<T> parameters = parametersOf<T>(test, spec.schema(), theirName);
    const EncoderDecoder<T> model(spec, parameters);
    const Words sources = test["inputs"].at("source").get<Words>(),
                words = test["inputs"].at("target").get<Words>();
    const Padded in = padded(sources, 0), out = padded(words, -1);
    Tape<T> tape;
    const auto encoding = model.encode(&tape, TokenBatch{in.ids, in.lengths, in.positions});
    std::vector<Arrays> found(words.size());
    for (std::size_t e = 0; e < words.size(); ++e)
        for (const SequenceLayer<T>& layer : encoding.layers.layers)
            addSequence(
                found[e],
                "encoder.layer" + std::to_string(layer.layer) + (layer.backward ? ".backward" : ".forward"),
                layer, static_cast<int>(e), in.lengths[e]);
    auto state = model.start(&tape, encoding);
    std::vector<int> previous(words.size(), test["spec"].at("start").get<int>());
    Var<T> loss;
    for (int t = 0; t < out.positions; ++t) {
        const auto step = model.step(&tape, encoding, state, previous);
        const Var<T> logits = model.output(&tape, encoding, step);
        std::vector<int> next;
        for (std::size_t e = 0; e < words.size(); ++e) {
            const int b = static_cast<int>(e);
            next.push_back(t < out.lengths[e] ? words[e][static_cast<std::size_t>(t)] : -1);
            if (next.back() < 0) continue;
            addMapRow<T>(found[e], "layer0.attention", step.attention, b, in.lengths[e],
                         [](int k) { return k; });
            addRow(found[e]["decoder.layer0.hidden"], step.state.layers[0].hidden, b);
            addRow(found[e]["features"], step.features, b);
            addOutput(found[e], logits, b, next.back());
        }
        const Var<T> here = crossEntropy(&tape, logits, next);
        loss = loss.defined() ? add(&tape, loss, here) : here;
        for (int& word : next) word = std::max(word, 0);
        previous = next;
        state = step.state;
    }
    tape.backward(loss);
    compareAll(name, test, found, parameters, theirName);
    g_check.compare(name + " loss", {test["loss"].get<double>()}, std::vector<T>{loss.value()(0, 0)});
}

// ---------------------------------------------------------------- all cases

struct Family {
    std::function<bool(const json& spec)> canRun = [](const json&) { return false; };
    std::function<void(const std::string& name, const json& test)> run = {};
};

/// The families of families.md, those that the engine lacks without `run`.
const std::map<std::string, Family>& families() {
    static const std::map<std::string, Family> all{
        {"language_model",
         {[](const json&) { return true; },
          [](const std::string& name, const json& test) {
              runLanguageModel<double>(name + " (double)", test);
              runLanguageModel<float>(name + " (float)", test);
          }}},
        {"encoder_decoder",
         {canRunEncoderDecoder,
          [](const std::string& name, const json& test) {
              runEncoderDecoder<double>(name + " (double)", test);
              runEncoderDecoder<float>(name + " (float)", test);
          }}},
        {"attention", {}},
        {"captioner", {}},
        {"classifier", {}},
        {"memory_network", {}},
        {"summariser", {}},
        {"tagger", {}},
        {"transformer", {}},
    };
    return all;
}

} // namespace

TEST_CASE("every golden case of a family that exists is reproduced") {
    const char* chosen = std::getenv("ATTENTOSCOPE_FAMILIES");
    const std::filesystem::path directory = chosen ? chosen : ATTENTOSCOPE_FIXTURES "/families";
    REQUIRE_MESSAGE(std::filesystem::is_directory(directory), directory.string() << ": no such directory");
    std::map<std::string, int> ran, missing;
    int cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.path().extension() != ".json") continue;
        const std::string name = entry.path().stem().string();
        ++cases;
        try {
            std::ifstream file(entry.path());
            const json test = json::parse(file);
            for (const char* part : {"family", "spec", "inputs", "params", "outputs", "loss", "grads"})
                if (!test.contains(part))
                    throw std::runtime_error(std::string("is not a case of a family: it has no \"") + part +
                                             "\"");
            const std::string family = test["family"];
            const auto at = families().find(family);
            if (at == families().end()) throw std::runtime_error("unknown family \"" + family + "\"");
            if (!at->second.canRun(test["spec"])) {
                ++missing[family];
                continue;
            }
            at->second.run(name, test);
            ++ran[family];
        } catch (const std::exception& e) {
            FAIL_CHECK(name << ": cannot be run: " << std::string(e.what()));
        }
    }
    CHECK_MESSAGE(cases > 0, directory.string() << ": no case there");
    for (const auto& [family, count] : ran) std::printf("ran      %-16s %d cases\n", family.c_str(), count);
    for (const auto& [family, count] : missing)
        std::printf("not yet  %-16s %d cases\n", family.c_str(), count);
    std::printf("%d cases, %d arrays compared in %s\n", cases, g_check.arrays, directory.c_str());
    std::printf("largest relative difference: %.1e in double, %.1e in float\n", g_check.worstDouble,
                g_check.worstFloat);
}
