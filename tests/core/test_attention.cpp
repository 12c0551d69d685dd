// SPDX-License-Identifier: GPL-3.0-or-later
// The laws of attention on every legal combination of stages, and what validate() says of the others.
#include <QTest>
#include <cmath>

#include "core/attention/attention.h"

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

/// A memory with a summary of each sentence, for the score none.
AttentionMemory<double> prepared(const Attention<double>& attention, const Var<double>& keys,
                                 const Var<double>& values, int batch, std::vector<int> lengths) {
    AttentionMemory<double> memory = attention.prepare(nullptr, keys, values, batch, std::move(lengths));
    const int S = memory.positions;
    std::vector<int> first;
    for (int b = 0; b < batch; ++b) first.push_back(b * S);
    memory.summary = gatherRows<double>(nullptr, values, first);
    return memory;
}

/// Whether a combination must be refused, said here for itself.
bool mustBeRefused(const AttentionSpec& s) {
    if (s.coverage && s.score != Score::Additive) return true;
    if (s.scope == Scope::Monotonic && s.normaliser != Normaliser::Sigmoid) return true;
    return s.score == Score::None &&
           (s.scope != Scope::Global || s.normaliser != Normaliser::Softmax || s.heads > 0 || s.relevance);
}

bool sumsToOne(Normaliser n) {
    return n != Normaliser::Sigmoid;
}

} // namespace

class TestAttention : public QObject {
    Q_OBJECT
private slots:
    void lawsOfEveryLegalCombination();
    void batchAndStepsDoNotMatter();
    void everyFaultIsToldAtOnce();
    void faultsAreNamed_data();
    void faultsAreNamed();
    void tooLongForLocationNamesBothNumbers();
    void nothingAllowedGivesZeros();
    void tapReplacesAStage();
    void termsSumToTheScore();
};

void TestAttention::lawsOfEveryLegalCombination() {
    int legal = 0;
    for (const AttentionSpec& spec : combinations()) {
        if (!spec.validate().empty()) {
            QVERIFY2(mustBeRefused(spec), textOf(spec).c_str());
            continue;
        }
        QVERIFY2(!mustBeRefused(spec), textOf(spec).c_str());
        ++legal;
        Random random(7);
        const Parameters<double> parameters =
            Parameters<double>::initialised(attentionSchema(spec, ""), random);
        const Attention<double> attention(spec, parameters, "");
        const Var<double> keys = randomVar(kBatch * kPositions, 5, random),
                          values = randomVar(kBatch * kPositions, 4, random),
                          queries = randomVar(kBatch * kQueries, 5, random);
        const std::vector<int> lengths{6, 4, 1};
        const auto memory = prepared(attention, keys, values, kBatch, lengths);
        const auto r = attention.attend(nullptr, memory, queries);
        QCOMPARE(static_cast<int>(r.heads.size()), spec.maps());
        QCOMPARE(r.context.rows(), kBatch * kQueries);
        QCOMPARE(r.context.cols(), spec.contextWidth());
        for (const auto& head : r.heads)
            for (int row = 0; row < kBatch * kQueries; ++row) {
                double total = 0, mixed = 0;
                bool any = false;
                for (int j = 0; j < kPositions; ++j) {
                    const double a = head.normalised.value()(row, j),
                                 w = head.factors.weights.value()(row, j);
                    QVERIFY2(a >= 0 && a <= 1 + 1e-12 && w >= 0 && std::isfinite(w), textOf(spec).c_str());
                    if (!head.scope.allowed(row, j)) QVERIFY2(a == 0 && w == 0, textOf(spec).c_str());
                    if (j >= lengths[static_cast<std::size_t>(row / kQueries)])
                        QVERIFY2(!head.scope.allowed(row, j), textOf(spec).c_str());
                    any = any || head.scope.allowed(row, j);
                    total += a, mixed += w;
                }
                if (spec.scope == Scope::Monotonic && !spec.relevance)
                    QVERIFY2(mixed == 0 || mixed == 1, textOf(spec).c_str()); // hard: one position or none
                if (sumsToOne(spec.normaliser))
                    QVERIFY2(std::abs(total - (any ? 1 : 0)) < 1e-9, textOf(spec).c_str());
            }
    }
    // 8 scores x (6 scopes x 5 normalisers and monotonic x sigmoid) x 3 gates x 2 heads x relevance or not;
    // coverage for additive; the score none with its 3 gates.
    QCOMPARE(legal, 8 * 31 * 3 * 2 * 2 + 31 * 3 * 2 * 2 + 3);
}

void TestAttention::batchAndStepsDoNotMatter() {
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
            attention.attend(nullptr, prepared(attention, keys, values, kBatch, lengths), queries);
        for (int b = 0; b < kBatch; ++b) {
            const int length = lengths[static_cast<std::size_t>(b)];
            const auto part = [&](const Matrix<double>& m, int first, int count) {
                Matrix<double> rows(count, m.cols());
                std::copy(m.row(first), m.row(first) + count * m.cols(), rows.data());
                return Var<double>(std::move(rows));
            };
            const auto memory = prepared(attention, part(keys.value(), b * kPositions, length),
                                         part(values.value(), b * kPositions, length), 1, {length});
            AttentionState<double> state;
            for (int t = 0; t < kQueries; ++t) {
                const auto one =
                    attention.attend(nullptr, memory, part(queries.value(), b * kQueries + t, 1), state);
                state = one.state;
                for (int i = 0; i < one.context.cols(); ++i)
                    QVERIFY2(std::abs(one.context.value()(0, i) - all.context.value()(b * kQueries + t, i)) <
                                 1e-12,
                             textOf(spec).c_str());
            }
        }
    }
}

void TestAttention::everyFaultIsToldAtOnce() {
    AttentionSpec s;
    s.score = Score::Dot;
    s.queryWidth = 4, s.keyWidth = 5, s.valueWidth = 0;
    s.scope = Scope::LocalP;
    s.temperature = 0;
    s.coverage = true;
    s.headWidth = 3;
    QStringList where;
    for (const Finding& f : s.validate()) where << QString::fromStdString(f.where);
    for (const char* field :
         {"value_width", "head_width", "score", "attention_width", "window", "temperature", "coverage"})
        QVERIFY2(where.contains(field), qPrintable(where.join(", ")));
}

void TestAttention::faultsAreNamed_data() {
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("text");
    QTest::newRow("dot") << "score"
                         << "query_width is 4, key_width is 5";
    QTest::newRow("heads") << "heads"
                           << "-1";
    QTest::newRow("shared") << "shared_query"
                            << "additive";
    QTest::newRow("constant") << "constant_relevance"
                              << "relevance is false";
    QTest::newRow("query") << "query_width"
                           << "at least 1";
    QTest::newRow("positions") << "max_positions"
                               << "at least 1";
    QTest::newRow("monotonic") << "normaliser"
                               << "softmax; the scope monotonic chooses each position by a sigmoid";
}

void TestAttention::faultsAreNamed() {
    QFETCH(QString, where);
    QFETCH(QString, text);
    AttentionSpec s = baseSpec();
    if (where == "score") s.score = Score::Dot, s.queryWidth = 4;
    if (where == "heads") s.heads = -1;
    if (where == "shared_query") s.sharedQuery = true;
    if (where == "constant_relevance") s.constantRelevance = {1, 2};
    if (where == "query_width") s.score = Score::General, s.queryWidth = 0;
    if (where == "max_positions") s.score = Score::Location, s.maxPositions = 0;
    if (where == "normaliser") s.scope = Scope::Monotonic;
    const Findings faults = s.validate();
    QCOMPARE(faults.size(), 1U);
    QCOMPARE(QString::fromStdString(faults[0].where), where);
    QVERIFY2(QString::fromStdString(faults[0].text).contains(text), faults[0].text.c_str());
}

void TestAttention::tooLongForLocationNamesBothNumbers() {
    AttentionSpec s = baseSpec();
    s.score = Score::Location;
    s.maxPositions = 4;
    Random random(1);
    const Parameters<double> parameters = Parameters<double>::initialised(attentionSchema(s, ""), random);
    const Attention<double> attention(s, parameters, "");
    try {
        attention.prepare(nullptr, randomVar(6, 5, random), randomVar(6, 4, random), 1, {6});
        QFAIL("a source of 6 was taken by a score that knows 4 positions");
    } catch (const Error& e) {
        QCOMPARE(e.kind(), ErrorKind::Limit);
        QVERIFY2(QString(e.what()).contains("6") && QString(e.what()).contains("4"), e.what());
    }
}

void TestAttention::nothingAllowedGivesZeros() {
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
        for (double x : r.heads[0].factors.weights.value()) QCOMPARE(x, 0.0);
        for (double x : r.context.value()) QCOMPARE(x, 0.0);
    }
}

void TestAttention::tapReplacesAStage() {
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
    for (int i = 0; i < 4; ++i) QCOMPARE(r.context.value()(0, i), values.value()(1, i));
}

void TestAttention::termsSumToTheScore() {
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
                prepared(attention, randomVar(12, 5, random), randomVar(12, 4, random), 2, {6, 5});
            const auto r = attention.attend(nullptr, memory, randomVar(4, 5, random));
            for (int h = 0; h < s.maps(); ++h)
                for (int row = 0; row < 4; ++row) {
                    const Matrix<double> terms = attention.scoreTerms(
                        memory, h, r.heads[static_cast<std::size_t>(h)].score, row, 1000);
                    const bool has = score != Score::Location && score != Score::LocationKey;
                    QCOMPARE(terms.empty(), !has);
                    QVERIFY(
                        attention.scoreTerms(memory, h, r.heads[static_cast<std::size_t>(h)].score, row, 5)
                            .empty());
                    for (int j = 0; j < terms.rows(); ++j) {
                        double total = 0;
                        for (int i = 0; i < terms.cols(); ++i) total += terms(j, i);
                        QVERIFY2(std::abs(total - r.heads[static_cast<std::size_t>(h)].score.scores.value()(
                                                      row, j)) < 1e-12,
                                 name.data());
                    }
                }
        }
}

QTEST_GUILESS_MAIN(TestAttention)
#include "test_attention.moc"
