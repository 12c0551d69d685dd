// SPDX-License-Identifier: GPL-3.0-or-later
// A memory that grows gives the numbers of the whole at once, for one projection of each position; the scopes
// past and causal; positions that are not present.
#include <doctest/doctest.h>

#include <cmath>

#include "core/attention/attention.h"
#include "core/autograd/var_access.h"

using namespace attn;

namespace {

constexpr int kBatch = 3, kSteps = 5, kKey = 5, kValue = 4;

Var<double> randomVar(int rows, int cols, Random& random) {
    Matrix<double> m(rows, cols);
    for (double& x : m) x = random.normal();
    return Var<double>(std::move(m), true);
}

std::string textOf(const AttentionSpec& s) {
    return std::string(toText(s.score)) + " " + std::string(toText(s.scope)) + " D " +
           std::to_string(s.window) + " heads " + std::to_string(s.heads) + (s.coverage ? " coverage" : "") +
           (s.relevance ? " relevance" : "") + " gate " + std::string(toText(s.gate));
}

/// Every score, with and without heads, coverage and relevance, under the scopes of a text that is being
/// written.
std::vector<AttentionSpec> growing() {
    std::vector<AttentionSpec> all;
    for (const auto& score : EnumNames<Score>::names)
        for (Scope scope : {Scope::Past, Scope::Causal})
            for (int heads : {0, 2})
                for (int extra = 0; extra < 4; ++extra) {
                    AttentionSpec s;
                    s.queryWidth = s.keyWidth = kKey;
                    s.valueWidth = kValue;
                    s.attentionWidth = 3;
                    s.maxPositions = 8;
                    s.score = score.first;
                    s.scope = scope;
                    s.window = extra == 3 ? 2 : 0;
                    s.heads = heads, s.headWidth = heads ? 3 : 0;
                    s.coverage = (extra & 1) != 0;
                    s.relevance = (extra & 2) != 0;
                    s.gate = extra == 1 ? Gate::Scalar : Gate::None;
                    if (s.validate().empty()) all.push_back(s);
                }
    return all;
}

struct Built {
    Parameters<double> parameters;
    Attention<double> attention;
    Var<double> keys, values, queries; ///< rows b*kSteps + t

    explicit Built(const AttentionSpec& spec, Random&& random = Random(7))
        : parameters(Parameters<double>::initialised(attentionSchema(spec, ""), random)),
          attention(spec, parameters, ""),
          keys(randomVar(kBatch * kSteps, kKey, random)),
          values(randomVar(kBatch * kSteps, kValue, random)),
          queries(randomVar(kBatch * kSteps, kKey, random)) {}

    AttentionMemory<double> empty() const {
        return attention.prepare(nullptr, Var<double>(Matrix<double>(0, kKey)),
                                 Var<double>(Matrix<double>(0, kValue)), kBatch, {0, 0, 0});
    }
};

/// Rows first to last of every sentence, as a variable of rows b*n + i.
Var<double> stretch(Tape<double>* tape, const Var<double>& x, int first, int count) {
    std::vector<int> rows;
    for (int b = 0; b < kBatch; ++b)
        for (int i = 0; i < count; ++i) rows.push_back(b * kSteps + first + i);
    return gatherRows(tape, x, rows);
}

double apart(const Matrix<double>& a, const Matrix<double>& b) {
    REQUIRE(a.rows() == b.rows());
    REQUIRE(a.cols() == b.cols());
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a.data()[i] - b.data()[i]));
    return worst;
}

/// Gradients of everything that has one, and forgets them.
std::vector<Matrix<double>> takeGradients(Built& built) {
    std::vector<Matrix<double>> all;
    for (const Var<double>* x : {&built.keys, &built.values, &built.queries}) {
        all.push_back(x->grad());
        gradOf(*x) = {};
    }
    for (auto& entry : built.parameters.entries()) {
        all.push_back(entry.var.grad());
        entry.var.mutableGrad() = {};
    }
    return all;
}

} // namespace

TEST_CASE("step by step over a growing memory equals all at once, forward and backward") {
    int specs = 0;
    for (const AttentionSpec& spec : growing()) {
        INFO(textOf(spec));
        ++specs;
        Built built(spec);
        Random random(3);
        const Matrix<double> upstream = randomVar(kBatch * kSteps, spec.contextWidth(), random).value();

        Tape<double> tape;
        const auto whole =
            built.attention.prepare(&tape, built.keys, built.values, kBatch, {kSteps, kSteps, kSteps});
        CHECK(whole.projectedRows == kBatch * kSteps);
        const auto expected = built.attention.attend(&tape, whole, built.queries);
        tape.backward(expected.context, upstream);
        const auto expectedGradients = takeGradients(built);

        // The step's own key arrives before its query; what past must not see is out of scope.
        auto memory = built.empty();
        AttentionState<double> state;
        List<Var<double>> contexts;
        for (int t = 0; t < kSteps; ++t) {
            memory = built.attention.grow(&tape, memory, stretch(&tape, built.keys, t, 1),
                                          stretch(&tape, built.values, t, 1));
            CHECK(memory.projectedRows == kBatch * (t + 1)); // one projection of each position, ever
            CHECK(memory.positions == t + 1);
            const auto r = built.attention.attend(&tape, memory, stretch(&tape, built.queries, t, 1), state);
            for (std::size_t h = 0; h < r.heads.size(); ++h)
                for (int b = 0; b < kBatch; ++b)
                    for (int j = 0; j < kSteps; ++j) {
                        const auto& all = expected.heads[h];
                        const int row = b * kSteps + t;
                        const double weight = j <= t ? r.heads[h].factors.weights.value()(b, j) : 0;
                        CHECK(std::abs(weight - all.factors.weights.value()(row, j)) < 1e-12);
                        CHECK((j <= t && r.heads[h].scope.allowed(b, j)) == (all.scope.allowed(row, j) != 0));
                        if (spec.coverage && j <= t)
                            CHECK(std::abs(r.heads[h].coverage.value()(b, j) - all.coverage.value()(row, j)) <
                                  1e-12);
                    }
            contexts.push_back(r.context);
            state = r.state;
        }
        std::vector<int> order; // from rows t*B + b
        for (int b = 0; b < kBatch; ++b)
            for (int t = 0; t < kSteps; ++t) order.push_back(t * kBatch + b);
        const Var<double> context = gatherRows(&tape, concatRows(&tape, contexts), order);
        CHECK(apart(context.value(), expected.context.value()) < 1e-12);
        tape.backward(context, upstream);
        const auto gradients = takeGradients(built);
        for (std::size_t i = 0; i < gradients.size(); ++i)
            CHECK(apart(gradients[i], expectedGradients[i]) < 1e-10);
    }
    CHECK(specs == 8 * 2 * 2 * 2 + 2 * 2 * 2); // 8 scores, 2 scopes, heads, relevance; coverage for additive
}

TEST_CASE("under past a key may as well arrive after the step's query") {
    AttentionSpec spec = growing().front();
    spec.score = Score::Additive, spec.scope = Scope::Past;
    Built built(spec);
    auto early = built.empty(), late = built.empty();
    AttentionState<double> a, b;
    for (int t = 0; t < kSteps; ++t) {
        const auto key = stretch(nullptr, built.keys, t, 1), value = stretch(nullptr, built.values, t, 1),
                   query = stretch(nullptr, built.queries, t, 1);
        early = built.attention.grow(nullptr, early, key, value);
        const auto first = built.attention.attend(nullptr, early, query, a),
                   second = built.attention.attend(nullptr, late, query, b);
        late = built.attention.grow(nullptr, late, key, value);
        CHECK(apart(first.context.value(), second.context.value()) < 1e-12);
        a = first.state, b = second.state;
    }
}

TEST_CASE("positions may arrive several at a time, or none") {
    for (const AttentionSpec& spec : growing()) {
        INFO(textOf(spec));
        Built built(spec);
        auto memory = built.empty();
        for (const auto& [first, count] : {std::pair{0, 2}, {2, 0}, {2, 3}})
            memory = built.attention.grow(nullptr, memory, stretch(nullptr, built.keys, first, count),
                                          stretch(nullptr, built.values, first, count));
        const auto whole =
            built.attention.prepare(nullptr, built.keys, built.values, kBatch, {kSteps, kSteps, kSteps});
        CHECK(memory.projectedRows == whole.projectedRows);
        CHECK(apart(built.attention.attend(nullptr, memory, built.queries).context.value(),
                    built.attention.attend(nullptr, whole, built.queries).context.value()) < 1e-12);
    }
}

TEST_CASE("past and causal allow exactly the steps that their formula says") {
    for (Scope scope : {Scope::Past, Scope::Causal})
        for (int D : {0, 1, 3}) {
            AttentionSpec spec = growing().front();
            spec.score = Score::Additive, spec.scope = scope, spec.window = D;
            Built built(spec);
            const auto memory =
                built.attention.prepare(nullptr, built.keys, built.values, kBatch, {kSteps, kSteps, 2});
            const auto r = built.attention.attend(nullptr, memory, built.queries);
            for (int row = 0; row < kBatch * kSteps; ++row) {
                const int t = row % kSteps, length = row / kSteps == 2 ? 2 : kSteps;
                double total = 0;
                bool any = false;
                for (int j = 0; j < kSteps; ++j) {
                    const int least = scope == Scope::Past ? 1 : 0, most = D == 0 ? kSteps : D;
                    const bool in = j < length && t - j >= least && t - j <= most;
                    CHECK((r.heads[0].scope.allowed(row, j) != 0) == in);
                    any = any || in;
                    total += r.heads[0].factors.weights.value()(row, j);
                }
                CHECK(std::abs(total - (any ? 1 : 0)) < 1e-12);
                if (!any)
                    for (int i = 0; i < kValue; ++i) CHECK(r.context.value()(row, i) == 0);
            }
        }
}

TEST_CASE("padding of the old memory, and what is not present, is as if it were not there") {
    AttentionSpec spec = growing().front();
    spec.score = Score::Additive, spec.scope = Scope::Global, spec.window = 0;
    Built built(spec);
    // Sentence 1 has two words and padding, then two more words; of the last two, sentence 2 gains one.
    const auto old = built.attention.prepare(nullptr, stretch(nullptr, built.keys, 0, 3),
                                             stretch(nullptr, built.values, 0, 3), kBatch, {3, 2, 3});
    const auto memory = built.attention.grow(nullptr, old, stretch(nullptr, built.keys, 3, 2),
                                             stretch(nullptr, built.values, 3, 2), {1, 1, 1, 1, 0, 1});
    const auto found = built.attention.attend(nullptr, memory, stretch(nullptr, built.queries, 0, 1));
    const std::vector<std::vector<int>> present{{0, 1, 2, 3, 4}, {0, 1, 3, 4}, {0, 1, 2, 4}};
    for (int b = 0; b < kBatch; ++b) {
        std::vector<int> rows;
        for (int j : present[static_cast<std::size_t>(b)]) rows.push_back(b * kSteps + j);
        const int n = static_cast<int>(rows.size());
        const auto alone = built.attention.prepare(nullptr, gatherRows<double>(nullptr, built.keys, rows),
                                                   gatherRows<double>(nullptr, built.values, rows), 1, {n});
        const auto expected =
            built.attention.attend(nullptr, alone, gatherRows<double>(nullptr, built.queries, {b * kSteps}));
        for (int i = 0; i < kValue; ++i)
            CHECK(std::abs(found.context.value()(b, i) - expected.context.value()(0, i)) < 1e-12);
        for (int i = 0; i < n; ++i)
            CHECK(std::abs(found.heads[0].factors.weights.value()(
                               b, present[static_cast<std::size_t>(b)][static_cast<std::size_t>(i)]) -
                           expected.heads[0].factors.weights.value()(0, i)) < 1e-12);
    }
}

TEST_CASE("hard monotonic attention goes on over positions that arrive later") {
    AttentionSpec spec = growing().front();
    spec.score = Score::Additive, spec.scope = Scope::Monotonic, spec.normaliser = Normaliser::Sigmoid;
    spec.window = 0;
    Built built(spec);
    built.parameters["b_monotonic"].mutableValue()(0, 0) = 0;
    const auto whole = built.attention.prepare(nullptr, built.keys, built.values, kBatch, {5, 5, 5});
    auto memory = built.empty();
    AttentionState<double> wholeState, state;
    int chosen = 0;
    // A choice among the positions that are there is the choice among all of them, unless it lies beyond.
    for (int t = 0; t < kSteps; ++t) {
        memory = built.attention.grow(nullptr, memory, stretch(nullptr, built.keys, t, 1),
                                      stretch(nullptr, built.values, t, 1));
        const auto query = stretch(nullptr, built.queries, t, 1);
        const auto r = built.attention.attend(nullptr, memory, query, state),
                   all = built.attention.attend(nullptr, whole, query, wholeState);
        for (int b = 0; b < kBatch; ++b)
            for (int j = 0; j <= t; ++j) {
                const double weight = r.heads[0].factors.weights.value()(b, j);
                CHECK(weight == all.heads[0].factors.weights.value()(b, j));
                chosen += weight == 1 ? 1 : 0;
            }
        // Go on where both have chosen, so that a choice that lies beyond is left out of the comparison.
        state = r.state;
        wholeState.time = r.state.time;
        Matrix<double> wide(kBatch, kSteps, 0);
        for (int b = 0; b < kBatch; ++b)
            for (int j = 0; j <= t; ++j) wide(b, j) = r.state.monotonic[0].value()(b, j);
        wholeState.monotonic = {Var<double>(wide)};
    }
    CHECK(chosen > 0);
}

TEST_CASE("rows of a memory and its state are picked, repeated and dropped by visitRows") {
    for (const AttentionSpec& spec : growing()) {
        INFO(textOf(spec));
        Built built(spec);
        auto memory = built.attention.prepare(nullptr, built.keys, built.values, kBatch, {5, 3, 4});
        memory = built.attention.grow(nullptr, memory, stretch(nullptr, built.keys, 0, 1),
                                      stretch(nullptr, built.values, 0, 1), {1, 0, 1});
        auto first = built.attention.attend(nullptr, memory, stretch(nullptr, built.queries, 0, 1));
        const auto query = stretch(nullptr, built.queries, 1, 1);
        const auto expected = built.attention.attend(nullptr, memory, query, first.state);
        const std::vector<int> rows{2, 0, 2, 1};
        struct Picker {
            const std::vector<int>& rows;
            std::vector<int> spread(int per) const {
                std::vector<int> all;
                for (int row : rows)
                    for (int i = 0; i < per; ++i) all.push_back(row * per + i);
                return all;
            }
            void operator()(Var<double>& x, int per) const {
                x = gatherRows<double>(nullptr, x, spread(per));
            }
            void operator()(std::vector<int>& x, int per) const {
                std::vector<int> kept;
                for (int i : spread(per)) kept.push_back(x[static_cast<std::size_t>(i)]);
                x = kept;
            }
        };
        visitRows(memory, Picker{rows});
        visitRows(first.state, Picker{rows});
        CHECK(memory.batch == 4);
        const auto found =
            built.attention.attend(nullptr, memory, gatherRows<double>(nullptr, query, rows), first.state);
        CHECK(apart(found.context.value(), gatherRows<double>(nullptr, expected.context, rows).value()) <
              1e-12);
    }
}

TEST_CASE("what cannot grow says so") {
    AttentionSpec spec = growing().front();
    spec.score = Score::Location, spec.scope = Scope::Global, spec.window = 0;
    spec.maxPositions = 5;
    Built built(spec);
    const auto full = built.attention.prepare(nullptr, built.keys, built.values, kBatch, {5, 5, 5});
    const auto key = stretch(nullptr, built.keys, 0, 1), value = stretch(nullptr, built.values, 0, 1);
    try {
        (void)built.attention.grow(nullptr, full, key, value);
        FAIL("a location score has more positions than it knows");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::Limit);
        CHECK(std::string(error.what()).find("6 positions") != std::string::npos);
    }
    spec.allPositions = true;
    const Built fixed(spec);
    CHECK_THROWS_AS(fixed.attention.grow(nullptr, full, key, value), Error);
    CHECK_THROWS_AS(built.attention.grow(nullptr, built.empty(), key, value, {1, 1}), Error);
    spec = growing().front();
    spec.scope = Scope::Past, spec.window = -1;
    REQUIRE(spec.validate().size() == 1);
    CHECK(spec.validate()[0].where == "window");
}
