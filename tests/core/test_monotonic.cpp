// SPDX-License-Identifier: GPL-3.0-or-later
// Monotonic attention (Raffel 2017): values against tests/fixtures/monotonic.py, which shares nothing with
// it, its laws, and a whole model with it.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/attention/attention.h"
#include "core/attention/monotonic.h"
#include "core/run/run.h"

using namespace attn;

namespace {

using Rows = std::vector<std::vector<double>>;

/// An attention whose scores are the query's own numbers: location with the identity for W.
struct Given {
    AttentionSpec spec;
    Parameters<double> parameters;

    Given(int positions, double temperature, double r) {
        spec.score = Score::Location;
        spec.scope = Scope::Monotonic;
        spec.normaliser = Normaliser::Sigmoid;
        spec.temperature = temperature;
        spec.queryWidth = spec.maxPositions = positions;
        spec.keyWidth = spec.valueWidth = 1;
        for (const ParameterShape& shape : attentionSchema(spec, "")) {
            Matrix<double> value(shape.rows(), shape.cols(), 0.0);
            if (shape.name == "W")
                for (int i = 0; i < positions; ++i) value(i, i) = 1;
            else
                value(0, 0) = r;
            parameters.add(shape, std::move(value));
        }
    }
};

Matrix<double> matrixOf(const Rows& rows) {
    Matrix<double> m(static_cast<int>(rows.size()), static_cast<int>(rows[0].size()));
    for (int i = 0; i < m.rows(); ++i)
        for (int j = 0; j < m.cols(); ++j)
            m(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    return m;
}

double largestDifference(const Matrix<double>& a, const Matrix<double>& b) {
    double most = a.rows() == b.rows() && a.cols() == b.cols() ? 0 : INFINITY;
    for (std::size_t i = 0; std::isfinite(most) && i < a.size(); ++i)
        most = std::max(most, std::abs(a.data()[i] - b.data()[i]));
    return most;
}

Matrix<double> randomMatrix(int rows, int cols, Random& random) {
    Matrix<double> m(rows, cols);
    for (double& x : m) x = random.normal();
    return m;
}

ModelPtr monotonicModel(double r) {
    EncoderDecoderSpec spec;
    spec.sourceEmbedding = spec.targetEmbedding = 5;
    spec.encoder.cell.width = 4;
    spec.encoder.bidirectional = true;
    spec.decoder.cell.width = 6;
    spec.attention->scope = Scope::Monotonic;
    spec.attention->normaliser = Normaliser::Sigmoid;
    spec.attention->queryWidth = 6;
    spec.attention->keyWidth = spec.attention->valueWidth = 8;
    spec.attention->attentionWidth = 5;
    spec.readout.width = 5;
    const Vocabulary source = Vocabulary::ofWords({"a", "b", "c"}), target = Vocabulary::ofWords({"x", "y"});
    spec.sourceVocabulary = source.size();
    spec.targetVocabulary = target.size();
    Random random(6);
    Parameters<float> parameters = Parameters<float>::initialised(spec.schema(), random);
    parameters["attention.b_monotonic"].mutableValue()(0, 0) = static_cast<float>(r);
    ModelCard card;
    card.name = "monotonic";
    return std::make_shared<Model>(
        card, spec, std::vector{makeSide(SideRole::Source, source), makeSide(SideRole::Target, target)},
        std::move(parameters));
}

} // namespace

TEST_CASE("values are those of the script") {
    std::ifstream file(ATTENTOSCOPE_FIXTURES "/monotonic.json");
    const auto cases = nlohmann::json::parse(file);
    REQUIRE(cases.size() >= 5);
    for (const auto& test : cases) {
        const std::string name = test["name"];
        const Matrix<double> energies = matrixOf(test["energies"].get<Rows>());
        const int steps = energies.rows(), positions = energies.cols();
        const Given given(positions, test["temperature"], test["r"]);
        const Attention<double> attention(given.spec, given.parameters, "");
        for (const MonotonicMode mode : {MonotonicMode::Expected, MonotonicMode::Hard}) {
            const bool hard = mode == MonotonicMode::Hard;
            Matrix<double> values(positions, 1);
            for (int j = 0; j < positions; ++j) values(j, 0) = j + 1;
            const auto memory = attention.prepare(nullptr, Var<double>(Matrix<double>(positions, 1, 1.0)),
                                                  Var<double>(values), 1, {positions}, mode);
            const auto r = attention.attend(nullptr, memory, Var<double>(energies));
            const Matrix<double> weights = matrixOf(test[hard ? "hard" : "expected"].get<Rows>());
            REQUIRE_MESSAGE(largestDifference(r.heads[0].factors.weights.value(), weights) < 1e-12, name);
            REQUIRE_MESSAGE(largestDifference(r.heads[0].factors.monotonic.value(), weights) < 1e-12, name);
            Matrix<double> p = matrixOf(test["p"].get<Rows>());
            for (int t = 0; t < steps; ++t) {
                int from =
                    0; // hard: positions before the last choice are not looked at, after none nothing is
                for (; hard && t > 0 && from < positions && weights(t - 1, from) == 0; ++from) p(t, from) = 0;
                double context = 0;
                for (int j = 0; j < positions; ++j) {
                    context += weights(t, j) * (j + 1);
                    REQUIRE(r.heads[0].scope.allowed(t, j) == static_cast<std::uint8_t>(j >= from));
                }
                REQUIRE_MESSAGE(std::abs(r.context.value()(t, 0) - context) < 1e-12, name);
            }
            REQUIRE_MESSAGE(largestDifference(r.heads[0].normalised.value(), p) < 1e-12, name);
        }
    }
}

TEST_CASE("hard is the expectation of certain draws") {
    Random random(4);
    for (int round = 0; round < 50; ++round) {
        const int steps = 6, positions = 1 + round % 8;
        Matrix<double> energies = randomMatrix(steps, positions, random);
        for (double& e : energies) e = e > 0.8 ? 800 : -800; // p is 0 or 1 to the last bit
        const Given given(positions, 1, 0);
        const Attention<double> attention(given.spec, given.parameters, "");
        const auto run = [&](MonotonicMode mode) {
            const Var<double> ones(Matrix<double>(positions, 1, 1.0));
            return attention
                .attend(nullptr, attention.prepare(nullptr, ones, ones, 1, {positions}, mode),
                        Var<double>(energies))
                .heads[0]
                .factors.weights.value();
        };
        REQUIRE(largestDifference(run(MonotonicMode::Hard), run(MonotonicMode::Expected)) == 0.0);
    }
}

TEST_CASE("rows sum to at most what was carried") {
    Random random(5);
    Matrix<double> carried = randomMatrix(40, 7, random);
    for (double& x : carried) x = std::abs(x);
    Var<double> at(std::move(carried));
    for (int step = 0; step < 4; ++step) {
        const AllowedMask all(40, 7, 1);
        const Var<double> p =
            monotonicProbabilities<double>(nullptr, Var<double>(randomMatrix(40, 7, random)),
                                           Var<double>(Matrix<double>(1, 1, 0.2)), all, 1, 0, nullptr);
        const Var<double> next = monotonicWeights<double>(nullptr, p, at);
        for (int i = 0; i < 40; ++i) {
            double before = 0, after = 0;
            for (int j = 0; j < 7; ++j) {
                before += at.value()(i, j), after += next.value()(i, j);
                REQUIRE(next.value()(i, j) >= 0);
                // Nothing goes back: what ended at or before j came from at or before j.
                REQUIRE(after <= before + 1e-12);
            }
        }
        at = next;
    }
}

TEST_CASE("noise has its deviation") {
    Random random(7);
    const int n = 100;
    const AllowedMask all(n, n, 1);
    const Var<double> zero(Matrix<double>(n, n, 0.0)), r(Matrix<double>(1, 1, 0.0));
    const Var<double> p = monotonicProbabilities<double>(nullptr, zero, r, all, 1, 2.0, &random);
    double sum = 0, squares = 0;
    for (const double x : p.value()) {
        const double noise = std::log(x / (1 - x));
        sum += noise, squares += noise * noise;
    }
    REQUIRE(std::abs(sum / (n * n)) < 0.1);           // 5 standard errors
    REQUIRE(std::abs(squares / (n * n) - 4.0) < 0.3); // of a variance of 4: 5 standard errors
    const Var<double> quiet = monotonicProbabilities<double>(nullptr, zero, r, all, 1, 2.0, nullptr);
    for (const double x : quiet.value()) REQUIRE(x == 0.5);
}

TEST_CASE("a run is hard and goes forward") {
    Recipe recipe;
    recipe.source = "a b c b a c";
    recipe.maxSteps = 8;
    for (const double r : {-30.0, -0.3, 0.0, 0.3, 30.0}) {
        const TracePtr trace = run(*monotonicModel(r), recipe);
        int last = 0;
        bool ranOut = false;
        for (const Pass& pass : trace->passes) {
            const HeadTrace& head = pass.row(0)->heads.at(0);
            REQUIRE(head.weights == head.monotonic);
            REQUIRE(std::abs(static_cast<double>(head.offset.value()) - r) < 1e-6);
            const auto chosen = std::find(head.weights.begin(), head.weights.end(), 1.0F);
            REQUIRE(std::count(head.weights.begin(), head.weights.end(), 0.0F) ==
                    static_cast<std::ptrdiff_t>(head.weights.size()) - (chosen != head.weights.end()));
            for (std::size_t j = 0; j < head.weights.size(); ++j) {
                const bool open = !ranOut && static_cast<int>(j) >= last;
                REQUIRE((head.allowed[j] != 0) == open);
                const double p = open ? 1 / (1 + std::exp(-static_cast<double>(head.scores[j]) - r)) : 0;
                REQUIRE(std::abs(static_cast<double>(head.normalised[j]) - p) < 1e-6);
            }
            ranOut = ranOut || chosen == head.weights.end();
            if (ranOut)
                for (float x : head.context) REQUIRE(x == 0.0F);
            else
                last = static_cast<int>(chosen - head.weights.begin());
        }
        if (r == -30.0) REQUIRE(ranOut);
        if (r == 30.0) REQUIRE((!ranOut && last == 0));
    }
}
