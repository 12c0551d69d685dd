// SPDX-License-Identifier: GPL-3.0-or-later
// The laws of attention on every legal combination of stages, and what validate() says of the others.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "core/attention/attention.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

constexpr int kBatch = 3, kQueries = 4, kPositions = 6;

AttentionSpec baseSpec() {
    AttentionSpec s;
    s.queryWidth = s.keyWidth = 5;
    s.valueWidth = 4;
    s.attentionWidth = 3;
    s.maxPositions = 8;
    s.window = 2;
    return s;
}

/// Every combination of the enums, heads, coverage and relevance; legal or not.
std::vector<AttentionSpec> combinations() {
    std::vector<AttentionSpec> all;
    for (const auto& score : EnumNames<Score>::names)
        for (const auto& scope : EnumNames<Scope>::names)
            for (const auto& normaliser : EnumNames<Normaliser>::names)
                for (const auto& gate : EnumNames<Gate>::names)
                    for (int heads : {0, 2})
                        for (int extra = 0; extra < 4; ++extra) {
                            AttentionSpec s = baseSpec();
                            s.score = score.first, s.scope = scope.first, s.normaliser = normaliser.first;
                            s.gate = gate.first, s.heads = heads, s.headWidth = heads ? 3 : 0;
                            s.coverage = extra & 1, s.relevance = extra & 2;
                            all.push_back(s);
                        }
    return all;
}

std::string textOf(const AttentionSpec& s) {
    return std::string(toText(s.score)) + " " + std::string(toText(s.scope)) + " " +
           std::string(toText(s.normaliser)) + " gate " + std::string(toText(s.gate)) + " heads " +
           std::to_string(s.heads) + (s.coverage ? " coverage" : "") + (s.relevance ? " relevance" : "");
}

Var<double> randomVar(int rows, int cols, Random& random) {
    Matrix<double> m(rows, cols);
    for (double& x : m) x = random.normal();
    return Var<double>(std::move(m));
}

/// Whether a combination must be refused, said here for itself.
bool mustBeRefused(const AttentionSpec& s) {
    if (s.coverage && s.score != Score::Additive) return true;
    return s.scope == Scope::Monotonic && s.normaliser != Normaliser::Sigmoid;
}

bool sumsToOne(Normaliser n) {
    return n != Normaliser::Sigmoid;
}

} // namespace

TEST_CASE("laws of every legal combination") {
    int legal = 0;
    for (const AttentionSpec& spec : combinations()) {
        if (!spec.validate().empty()) {
            REQUIRE_MESSAGE(mustBeRefused(spec), textOf(spec));
            continue;
        }
        REQUIRE_MESSAGE(!mustBeRefused(spec), textOf(spec));
        ++legal;
        Random random(7);
        const Parameters<double> parameters =
            Parameters<double>::initialised(attentionSchema(spec, ""), random);
        const Attention<double> attention(spec, parameters, "");
        const Var<double> keys = randomVar(kBatch * kPositions, 5, random),
                          values = randomVar(kBatch * kPositions, 4, random),
                          queries = randomVar(kBatch * kQueries, 5, random);
        const std::vector<int> lengths{6, 4, 1};
        const auto memory = attention.prepare(nullptr, keys, values, kBatch, lengths);
        const auto r = attention.attend(nullptr, memory, queries);
        REQUIRE(static_cast<int>(r.heads.size()) == spec.maps());
        REQUIRE(r.context.rows() == kBatch * kQueries);
        REQUIRE(r.context.cols() == spec.contextWidth());
        for (const auto& head : r.heads)
            for (int row = 0; row < kBatch * kQueries; ++row) {
                double total = 0, mixed = 0;
                bool any = false;
                for (int j = 0; j < kPositions; ++j) {
                    const double a = head.normalised.value()(row, j),
                                 w = head.factors.weights.value()(row, j);
                    REQUIRE_MESSAGE((a >= 0 && a <= 1 + 1e-12 && w >= 0 && std::isfinite(w)), textOf(spec));
                    if (!head.scope.allowed(row, j)) REQUIRE_MESSAGE((a == 0 && w == 0), textOf(spec));
                    if (j >= lengths[static_cast<std::size_t>(row / kQueries)])
                        REQUIRE_MESSAGE(!head.scope.allowed(row, j), textOf(spec));
                    any = any || head.scope.allowed(row, j);
                    total += a, mixed += w;
                }
                if (spec.scope == Scope::Monotonic && !spec.relevance)
                    REQUIRE_MESSAGE((mixed == 0 || mixed == 1), textOf(spec)); // hard: one position or none
                if (sumsToOne(spec.normaliser))
                    REQUIRE_MESSAGE(std::abs(total - (any ? 1 : 0)) < 1e-9, textOf(spec));
            }
    }
    // 8 scores x (6 scopes x 5 normalisers and monotonic x sigmoid) x 3 gates x 2 heads x relevance or not;
    // coverage for additive.
    REQUIRE(legal == 8 * 31 * 3 * 2 * 2 + 31 * 3 * 2 * 2);
}

TEST_CASE("batch and steps do not matter") {
    // One sentence alone, one query at a time, gives what the padded batch with all queries at once gives.
    for (const AttentionSpec& spec : combinations()) {
        if (!spec.validate().empty() || spec.gate == Gate::Scalar || spec.normaliser == Normaliser::Entmax15)
            continue;
        Random random(11);
        const Parameters<double> parameters =
            Parameters<double>::initialised(attentionSchema(spec, ""), random);
        const Attention<double> attention(spec, parameters, "");
        const Var<double> keys = randomVar(kBatch * kPositions, 5, random),
                          values = randomVar(kBatch * kPositions, 4, random),
                          queries = randomVar(kBatch * kQueries, 5, random);
        const std::vector<int> lengths{6, 4, 1};
        const auto all =
            attention.attend(nullptr, attention.prepare(nullptr, keys, values, kBatch, lengths), queries);
        for (int b = 0; b < kBatch; ++b) {
            const int length = lengths[static_cast<std::size_t>(b)];
            const auto part = [&](const Matrix<double>& m, int first, int count) {
                Matrix<double> rows(count, m.cols());
                std::copy(m.row(first), m.row(first) + count * m.cols(), rows.data());
                return Var<double>(std::move(rows));
            };
            const auto memory = attention.prepare(nullptr, part(keys.value(), b * kPositions, length),
                                                  part(values.value(), b * kPositions, length), 1, {length});
            AttentionState<double> state;
            for (int t = 0; t < kQueries; ++t) {
                const auto one =
                    attention.attend(nullptr, memory, part(queries.value(), b * kQueries + t, 1), state);
                state = one.state;
                for (int i = 0; i < one.context.cols(); ++i)
                    REQUIRE_MESSAGE(std::abs(one.context.value()(0, i) -
                                             all.context.value()(b * kQueries + t, i)) < 1e-12,
                                    textOf(spec));
            }
        }
    }
}

TEST_CASE("every fault is told at once") {
    AttentionSpec s;
    s.score = Score::Dot;
    s.queryWidth = 4, s.keyWidth = 5, s.valueWidth = 0;
    s.scope = Scope::LocalP;
    s.temperature = 0;
    s.coverage = true;
    s.headWidth = 3;
    std::set<std::string> where;
    for (const Finding& f : s.validate()) where.insert(f.where);
    for (const char* field :
         {"value_width", "head_width", "score", "attention_width", "window", "temperature", "coverage"})
        REQUIRE_MESSAGE(where.contains(field), field << " is not among:\n" << toText(s.validate()));
}

namespace {

struct FaultsAreNamedRow {
    std::string row;
    std::string where;
    std::string text;
};

std::vector<FaultsAreNamedRow> faultsAreNamedRows() {
    std::vector<FaultsAreNamedRow> rows;
    rows.push_back({"dot", "score", "query_width is 4, key_width is 5"});
    rows.push_back({"heads", "heads", "-1"});
    rows.push_back({"shared", "shared_query", "additive"});
    rows.push_back({"constant", "constant_relevance", "relevance is false"});
    rows.push_back({"query", "query_width", "at least 1"});
    rows.push_back({"positions", "max_positions", "at least 1"});
    rows.push_back(
        {"monotonic", "normaliser", "softmax; the scope monotonic chooses each position by a sigmoid"});
    return rows;
}

} // namespace

TEST_CASE("faults are named") {
    for (const FaultsAreNamedRow& row : faultsAreNamedRows()) {
        CAPTURE(row.row);
        const std::string& where = row.where;
        const std::string& text = row.text;
        AttentionSpec s = baseSpec();
        if (where == "score") s.score = Score::Dot, s.queryWidth = 4;
        if (where == "heads") s.heads = -1;
        if (where == "shared_query") s.sharedQuery = true;
        if (where == "constant_relevance") s.constantRelevance = {1, 2};
        if (where == "query_width") s.score = Score::General, s.queryWidth = 0;
        if (where == "max_positions") s.score = Score::Location, s.maxPositions = 0;
        if (where == "normaliser") s.scope = Scope::Monotonic;
        const Findings faults = s.validate();
        REQUIRE(faults.size() == 1U);
        REQUIRE(faults[0].where == where);
        REQUIRE_MESSAGE(fixture::contains(faults[0].text, text), faults[0].text);
    }
}

TEST_CASE("too long for location names both numbers") {
    AttentionSpec s = baseSpec();
    s.score = Score::Location;
    s.maxPositions = 4;
    Random random(1);
    const Parameters<double> parameters = Parameters<double>::initialised(attentionSchema(s, ""), random);
    const Attention<double> attention(s, parameters, "");
    try {
        attention.prepare(nullptr, randomVar(6, 5, random), randomVar(6, 4, random), 1, {6});
        FAIL("a source of 6 was taken by a score that knows 4 positions");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::Limit);
        REQUIRE_MESSAGE((fixture::contains(e.what(), "6") && fixture::contains(e.what(), "4")), e.what());
    }
}

TEST_CASE("nothing allowed gives zeros") {
    AttentionSpec s = baseSpec();
    s.scope = Scope::Window; // query step 5 of a source of 2: nothing within 2 positions
    for (const auto& [normaliser, name] : EnumNames<Normaliser>::names) {
        s.normaliser = normaliser;
        Random random(2);
        const Parameters<double> parameters = Parameters<double>::initialised(attentionSchema(s, ""), random);
        const Attention<double> attention(s, parameters, "");
        const auto memory =
            attention.prepare(nullptr, randomVar(2, 5, random), randomVar(2, 4, random), 1, {2});
        const auto r = attention.attend(nullptr, memory, randomVar(1, 5, random), {5, {}});
        for (double x : r.heads[0].factors.weights.value()) REQUIRE(x == 0.0);
        for (double x : r.context.value()) REQUIRE(x == 0.0);
    }
}

TEST_CASE("tap replaces a stage") {
    const AttentionSpec s = baseSpec();
    Random random(3);
    const Parameters<double> parameters = Parameters<double>::initialised(attentionSchema(s, ""), random);
    const Attention<double> attention(s, parameters, "");
    const Var<double> values = randomVar(3, 4, random);
    const auto memory = attention.prepare(nullptr, randomVar(3, 5, random), values, 1, {3});
    const Tap<double> onlySecond = [](Stage stage, int, const Var<double>& x) {
        if (stage != Stage::Normaliser) return x;
        Matrix<double> m(1, 3, 0.0);
        m(0, 1) = 1;
        return Var<double>(std::move(m));
    };
    const auto r = attention.attend(nullptr, memory, randomVar(1, 5, random), {}, onlySecond);
    for (int i = 0; i < 4; ++i) REQUIRE(r.context.value()(0, i) == values.value()(1, i));
}

TEST_CASE("terms sum to the score") {
    for (const auto& [score, name] : EnumNames<Score>::names)
        for (int heads : {0, 2}) {
            AttentionSpec s = baseSpec();
            s.score = score, s.heads = heads, s.headWidth = heads ? 3 : 0;
            if (!s.validate().empty()) continue; // none, which has no heads
            Random random(4);
            const Parameters<double> parameters =
                Parameters<double>::initialised(attentionSchema(s, ""), random);
            const Attention<double> attention(s, parameters, "");
            const auto memory =
                attention.prepare(nullptr, randomVar(12, 5, random), randomVar(12, 4, random), 2, {6, 5});
            const auto r = attention.attend(nullptr, memory, randomVar(4, 5, random));
            for (int h = 0; h < s.maps(); ++h)
                for (int row = 0; row < 4; ++row) {
                    const Matrix<double> terms = attention.scoreTerms(
                        memory, h, r.heads[static_cast<std::size_t>(h)].score, row, 1000);
                    const bool has = score != Score::Location && score != Score::LocationKey;
                    REQUIRE(terms.empty() == !has);
                    REQUIRE(
                        attention.scoreTerms(memory, h, r.heads[static_cast<std::size_t>(h)].score, row, 5)
                            .empty());
                    for (int j = 0; j < terms.rows(); ++j) {
                        double total = 0;
                        for (int i = 0; i < terms.cols(); ++i) total += terms(j, i);
                        REQUIRE_MESSAGE(
                            std::abs(total - r.heads[static_cast<std::size_t>(h)].score.scores.value()(
                                                 row, j)) < 1e-12,
                            name.data());
                    }
                }
        }
}
