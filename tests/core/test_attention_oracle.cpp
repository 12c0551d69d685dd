// SPDX-License-Identifier: GPL-3.0-or-later
// Golden vectors from an implementation that shares nothing with this one: every JSON file of the
// directory $ATTENTOSCOPE_ORACLE (default: tests/fixtures/oracle) is run forward and backward, in double
// and in float, and compared array by array.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/attention/levels.h"
#include "golden.h"

using namespace attn;
using golden::flatten;
using golden::json;
using golden::largestOf;
using golden::matrix;

namespace {

golden::Comparison g_check;

template <typename T>
void compare(const std::string& name, const std::vector<double>& expected, const std::vector<T>& found,
             double caseScale = 0) {
    g_check.compare(name, expected, found, caseScale);
}

template <typename T>
void append(std::vector<T>& all, const Matrix<T>& more) {
    all.insert(all.end(), more.begin(), more.end());
}
template <typename T>
std::vector<T> numbers(const Matrix<T>& m) {
    return {m.begin(), m.end()};
}

template <typename E>
E named(const json& spec, const char* field, E otherwise) {
    if (!spec.contains(field)) return otherwise;
    const std::string text = spec[field];
    const auto value = fromText<E>(text);
    if (!value) throw std::runtime_error(std::string(field) + " \"" + text + "\" is unknown");
    return *value;
}

const std::set<std::string> kKnownFields{"score",    "normaliser", "temperature", "scope", "heads",
                                         "coverage", "relevance",  "gate",        "squash"};
const std::set<std::string> kShared{"W_q", "W_k", "W_v", "W_o",    "b_q",
                                    "b_k", "b_v", "b_o", "W_gate", "b_gate"};

AttentionSpec specOf(const json& test) {
    const json &spec = test["spec"], &in = test["inputs"], &p = test["params"];
    for (const auto& [field, ignored] : spec.items())
        if (kKnownFields.count(field) == 0) throw std::runtime_error("unknown field \"" + field + "\"");
    AttentionSpec s;
    s.score = named(spec, "score", Score::Dot);
    s.queryWidth = static_cast<int>(in["queries"][0].size());
    s.keyWidth = static_cast<int>(in["keys"][0].size());
    s.valueWidth = static_cast<int>(in["values"][0].size());
    s.heads = spec.value("heads", 0);
    if (s.heads > 0) {
        s.headWidth = static_cast<int>(p["W_q"].size()) / s.heads;
        s.outputWidth = static_cast<int>(p["W_o"].size());
    }
    for (const char* name : {"v", "v_position", "w_relevance"})
        if (p.contains(name))
            s.attentionWidth =
                static_cast<int>(p[name].back().is_array() ? p[name][0].size() : p[name].size());
    if (s.score == Score::Location || s.score == Score::LocationKey)
        s.maxPositions = static_cast<int>(p["W"].size());
    s.squash = named(spec, "squash", Activation::Sigmoid);
    s.normaliser = named(spec, "normaliser", Normaliser::Softmax);
    s.temperature = spec.value("temperature", 1.0);
    if (spec.contains("scope")) {
        s.scope = named(spec["scope"], "kind", Scope::Global);
        // attention.md's causal has no limit, whatever D its case carries; families.md's has one.
        if (s.scope != Scope::Causal) s.window = spec["scope"].value("D", 0);
    }
    s.coverage = spec.value("coverage", false);
    s.relevance = spec.value("relevance", false);
    s.gate = named(spec, "gate", Gate::None);
    return s;
}

/// Our parameters from the case's: per-head ones are stacked there along a first axis.
template <typename T>
Parameters<T> parametersOf(const json& test, const AttentionSpec& spec) {
    Parameters<T> all;
    std::size_t used = 0;
    for (const ParameterShape& shape : attentionSchema(spec, "")) {
        const std::size_t dot = shape.name.find('.');
        const std::string leaf = dot == std::string::npos ? shape.name : shape.name.substr(dot + 1);
        const json& from = test["params"].at(leaf);
        if (dot == std::string::npos) {
            all.add(shape, matrix<T>(from));
            ++used;
        } else {
            const int head = std::stoi(shape.name.substr(4, dot - 4));
            all.add(shape, matrix<T>(from.at(static_cast<std::size_t>(head))));
            used += head == 0 ? 1 : 0;
        }
    }
    if (used != test["params"].size())
        throw std::runtime_error("a parameter of the case is not in our schema");
    return all;
}

template <typename T>
void runPipeline(const std::string& name, const json& test) {
    const AttentionSpec spec = specOf(test);
    const Parameters<T> parameters = parametersOf<T>(test, spec);
    const Attention<T> attention(spec, parameters, "");
    const Var<T> queries(matrix<T>(test["inputs"]["queries"]), true),
        keys(matrix<T>(test["inputs"]["keys"]), true), values(matrix<T>(test["inputs"]["values"]), true);
    Tape<T> tape;
    const AttentionMemory<T> memory = attention.prepare(&tape, keys, values, 1, {keys.rows()});
    const AttentionResult<T> r = attention.attend(&tape, memory, queries);

    const json& out = test["outputs"];
    std::vector<T> scores, weights;
    for (const HeadResult<T>& head : r.heads) {
        for (std::size_t i = 0; i < head.scope.allowed.size(); ++i)
            scores.push_back(head.scope.allowed.data()[i] ? head.score.scores.value().data()[i]
                                                          : std::numeric_limits<T>::quiet_NaN());
        append(weights, head.factors.weights.value());
    }
    compare(name + " scores", flatten(out["scores"]), scores);
    compare(name + " weights", flatten(out["weights"]), weights);
    if (out.contains("gate")) compare(name + " gate", flatten(out["gate"]), numbers(r.gate.value()));
    compare(name + " context", flatten(out["context"]), numbers(r.context.value()));

    tape.backward(r.context, matrix<T>(test["upstream"]));
    const json& grads = test["grads"];
    double scale = 0;
    for (const auto& [ignored, array] : grads.items()) scale = std::max(scale, largestOf(flatten(array)));
    compare(name + " d queries", flatten(grads["queries"]), numbers(queries.grad()), scale);
    compare(name + " d keys", flatten(grads["keys"]), numbers(keys.grad()), scale);
    compare(name + " d values", flatten(grads["values"]), numbers(values.grad()), scale);
    for (const auto& [leaf, ignored] : test["params"].items()) {
        std::vector<T> found;
        if (spec.heads > 0 && kShared.count(leaf) == 0)
            for (int h = 0; h < spec.heads; ++h)
                append(found, parameters["head" + std::to_string(h) + "." + leaf].grad());
        else
            append(found, parameters[leaf].grad());
        compare(name + " d " + leaf, flatten(grads.at(leaf)), found, scale);
    }
}

template <typename T>
void runLevels(const std::string& name, const json& test) {
    const auto build = [&](const std::string& level, Parameters<T>& parameters) {
        AttentionSpec spec;
        spec.score = Score::Additive;
        spec.attentionWidth = static_cast<int>(test["params"]["u_" + level].size());
        spec.keyWidth = spec.valueWidth = static_cast<int>(test["params"]["W_" + level][0].size());
        for (const ParameterShape& shape : attentionSchema(spec, "")) {
            const std::string theirs = shape.name == "W_key" ? "W_" : shape.name == "b" ? "b_" : "u_";
            parameters.add(shape, matrix<T>(test["params"][theirs + level]));
        }
        return Attention<T>(spec, parameters, "");
    };
    Parameters<T> word, sentence;
    const Attention<T> wordLevel = build("word", word), sentenceLevel = build("sentence", sentence);
    std::vector<Var<T>> sentences;
    for (const json& s : test["inputs"]["sentences"]) sentences.emplace_back(matrix<T>(s), true);
    Tape<T> tape;
    const LevelsResult<T> r = attendLevels(&tape, wordLevel, sentenceLevel, sentences);
    const json& out = test["outputs"];
    std::vector<T> words;
    for (const auto& w : r.words) append(words, w.heads[0].factors.weights.value());
    compare(name + " word weights", flatten(out["word_weights"]), words);
    compare(name + " sentence vectors", flatten(out["sentence_vectors"]), numbers(r.sentenceVectors.value()));
    compare(name + " sentence weights", flatten(out["sentence_weights"]),
            numbers(r.sentences.heads[0].factors.weights.value()));
    compare(name + " context", flatten(out["context"]), numbers(r.sentences.context.value()));
    tape.backward(r.sentences.context, matrix<T>(test["upstream"]));
    std::vector<T> grads;
    for (const Var<T>& s : sentences) append(grads, s.grad());
    compare(name + " d sentences", flatten(test["grads"]["sentences"]), grads);
    for (const auto& [level, p] : {std::pair{"word", &word}, std::pair{"sentence", &sentence}})
        for (const auto& [ours, theirs] : {std::pair{"W_key", "W_"}, {"b", "b_"}, {"v", "u_"}})
            compare(name + " d " + theirs + level, flatten(test["grads"][std::string(theirs) + level]),
                    numbers((*p)[ours].grad()));
}

template <typename T>
void runCase(const std::string& name, const json& test) {
    if (test["spec"]["score"] == "hierarchical")
        runLevels<T>(name, test);
    else
        runPipeline<T>(name, test);
}

} // namespace

TEST_CASE("every golden vector is reproduced") {
    const char* chosen = std::getenv("ATTENTOSCOPE_ORACLE");
    const std::filesystem::path directory = chosen ? chosen : ATTENTOSCOPE_FIXTURES "/oracle";
    int cases = 0;
    if (!std::filesystem::is_directory(directory))
        FAIL_CHECK(directory.string() << ": no such directory");
    else
        for (const auto& entry : std::filesystem::directory_iterator(directory)) {
            if (entry.path().extension() != ".json") continue;
            const std::string name = entry.path().stem().string();
            ++cases;
            try {
                std::ifstream file(entry.path());
                const json test = json::parse(file);
                runCase<double>(name + " (double)", test);
                runCase<float>(name + " (float)", test);
            } catch (const std::exception& e) {
                FAIL_CHECK(name << ": cannot be run: " << std::string(e.what()));
            }
        }
    CHECK_MESSAGE(cases > 0, (directory.string() + ": no cases found"));
    std::printf("%d cases, %d arrays compared in %s\n", cases, g_check.arrays, directory.c_str());
}
