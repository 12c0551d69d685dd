// SPDX-License-Identifier: GPL-3.0-or-later
// Every gradient by the tape against central differences, in double, to 1e-6: cells in all conventions,
// readouts, bridges, orders of attention, attention in all its stages, and a whole model's loss.

#include <doctest/doctest.h>

#include "core/attention/monotonic.h"
#include "core/autograd/gradient_check.h"
#include "core/autograd/var_access.h"
#include "core/train/loss.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

constexpr double kBound = 1e-6;

Var<double> randomVar(int rows, int cols, Random& random) {
    Matrix<double> m(rows, cols);
    for (double& x : m) x = random.normal();
    return Var<double>(std::move(m), true);
}

/// All parameters drawn at random, biases too: zeros would hide a gradient.
Parameters<double> randomParameters(const Schema& schema, Random& random) {
    Parameters<double> all;
    for (const ParameterShape& shape : schema) {
        Matrix<double> value(shape.rows(), shape.cols());
        for (double& x : value) x = 0.6 * random.normal();
        all.add(shape, std::move(value));
    }
    return all;
}

void checkAll(const std::function<Var<double>(Tape<double>*)>& loss,
              std::vector<std::pair<std::string, Var<double>>> variables,
              const Parameters<double>& parameters, int entries = 1'000'000) {
    for (const auto& entry : parameters.entries()) variables.emplace_back(entry.shape.name, entry.var);
    for (const GradientReport& r : checkGradients(loss, variables, entries))
        REQUIRE_MESSAGE(r.worst <= kBound, r.name << "[" << r.index << "]: tape " << r.tape
                                                  << ", differences " << r.numeric << ", off by " << r.worst);
}

/// A tiny model of two unlike widths everywhere, so that a transposed matrix cannot pass.
EncoderDecoderSpec tinyModel() {
    EncoderDecoderSpec m;
    m.sourceVocabulary = 8;
    m.targetVocabulary = 9;
    m.sourceEmbedding = 3;
    m.targetEmbedding = 4;
    m.encoder.cell.width = 3;
    m.encoder.bidirectional = true;
    m.decoder.cell.width = 5;
    m.attention->queryWidth = 5;
    m.attention->keyWidth = m.attention->valueWidth = 6;
    m.attention->attentionWidth = 4;
    m.readout.width = 7;
    return m;
}

/// Two sentences of unlike length on both sides, so that padding takes part.
PairBatch tinyBatch() {
    const Vocabulary source = Vocabulary::ofWords({"a", "v", "c", "d"}),
                     target = Vocabulary::ofWords({"u", "v", "w", "x", "y"});
    // Of the source's words the target vocabulary has "v" (5) and the end; the others are outputs from 9 on.
    return makeBatch({{{4, 6, 5, 2}, {5, 7, 2}, {}, {9, 10, 5, 2}, 2}, {{7, 2}, {8, 4, 6, 2}, {}, {9, 2}, 1}},
                     source, target);
}

} // namespace

TEST_CASE("checker finds a wrong gradient") {
    const Var<double> x(Matrix<double>(1, 1, 0.5), true);
    const auto wrong = [&](Tape<double>* tape) {
        Var<double> y(Matrix<double>(1, 1, x.value()(0, 0) * x.value()(0, 0)), tape != nullptr);
        if (tape)
            tape->record([x, y] { gradOf(x)(0, 0) += y.grad()(0, 0) * x.value()(0, 0); }); // lacks the 2
        return y;
    };
    const auto reports = checkGradients(wrong, {{"x", x}});
    REQUIRE(reports.size() == 1U);
    REQUIRE(std::abs(reports[0].worst - 0.5) < 1e-6); // |0.5 - 1| / max(1, ...)
}

namespace {

struct CellsRow {
    std::string row;
    CellSpec spec;
};

std::vector<CellsRow> cellsRows() {
    std::vector<CellsRow> rows;
    for (const auto& [activation, name] : EnumNames<Activation>::names)
        rows.push_back({fixture::formatted("elman %s", name.data()),
                        CellSpec{CellKind::Elman, 3, "", true, true, true, activation}});
    for (bool after : {true, false})
        for (bool two : {true, false})
            for (bool keeps : {true, false})
                for (const char* order : {"rzn", "nzr"})
                    rows.push_back({fixture::formatted("gru reset %s, %d biases, update %s, %s",
                                                       after ? "after" : "before", two + 1,
                                                       keeps ? "keeps" : "renews", order),
                                    CellSpec{CellKind::Gru, 3, order, after, two, keeps, Activation::Tanh}});
    for (NormPlace norm : {NormPlace::BeforeBias, NormPlace::AfterBias})
        for (CellKind kind : {CellKind::Elman, CellKind::Gru, CellKind::Lstm})
            for (bool two : {true, false})
                rows.push_back({fixture::formatted("%s, norm %s, %d biases", toText(kind).data(),
                                                   toText(norm).data(), two + 1),
                                CellSpec{kind, 3, kind == CellKind::Gru ? "nzr" : "", true, two, true,
                                         Activation::Tanh, norm, 1e-3}});
    for (bool two : {true, false})
        for (const char* order : {"ifgo", "gofi"})
            rows.push_back({fixture::formatted("lstm %d biases, %s", two + 1, order),
                            CellSpec{CellKind::Lstm, 3, order, true, two, true, Activation::Tanh}});
    return rows;
}

} // namespace

TEST_CASE("cells") {
    for (const CellsRow& row : cellsRows()) {
        CAPTURE(row.row);
        const CellSpec& spec = row.spec;
        Random random(3);
        const Parameters<double> parameters = randomParameters(cellSchema(spec, 4, ""), random);
        const Cell<double> cell(spec, parameters, "");
        const Var<double> x = randomVar(6, 4, random), first = randomVar(2, 3, random),
                          weight = randomVar(2, 3, random);
        const auto loss = [&](Tape<double>* tape) {
            CellState<double> state = cell.zeroState(2);
            state.hidden = first;
            const Var<double> projected = cell.project(tape, x);
            for (int t = 0; t < 3; ++t)
                state = cell.step(tape, sliceRows(tape, projected, 2 * t, 2), state).state;
            return sum(tape, mul(tape, state.hidden, weight));
        };
        checkAll(loss, {{"x", x}, {"h0", first}}, parameters);
    }
}

namespace {

struct ModelsRow {
    std::string row;
    EncoderDecoderSpec spec;
};

std::vector<ModelsRow> modelsRows() {
    std::vector<ModelsRow> rows;
    const auto row = [&](const std::string& name, const std::function<void(EncoderDecoderSpec&)>& change) {
        EncoderDecoderSpec m = tinyModel();
        change(m);
        rows.push_back({name, m});
    };
    const auto square = [](EncoderDecoderSpec& m) {
        m.attention->keyWidth = m.attention->valueWidth = m.encoder.cell.width = 6;
        m.encoder.bidirectional = false;
        m.decoder.cell.width = m.attention->queryWidth = 6;
    };
    for (const auto& [order, orderName] : EnumNames<AttentionOrder>::names)
        for (const auto& [kind, kindName] : EnumNames<ReadoutKind>::names)
            row(std::string(orderName) + ", " + std::string(kindName),
                [&, o = order, k = kind](EncoderDecoderSpec& m) {
                    m.order = o;
                    m.readout.kind = k;
                });
    for (const auto& [order, orderName] : EnumNames<AttentionOrder>::names)
        for (CellKind cell : {CellKind::Elman, CellKind::Lstm})
            row(std::string(orderName) + ", " + std::string(toText(cell)) + ", two layers",
                [&, o = order](EncoderDecoderSpec& m) {
                    m.order = o;
                    m.encoder.cell.kind = m.decoder.cell.kind = cell;
                    m.encoder.layers = m.decoder.layers = 2;
                });
    row("input feeding", [](EncoderDecoderSpec& m) {
        m.order = AttentionOrder::CurrentState;
        m.inputFeeding = true;
        m.readout.kind = ReadoutKind::Attentional;
        m.readout.bias = false;
    });
    row("maxout", [](EncoderDecoderSpec& m) { m.readout.activation = ReadoutActivation::Maxout; });
    for (const auto& [bridge, bridgeName] : EnumNames<BridgeKind>::names)
        for (BridgeCell cell : {BridgeCell::Own, BridgeCell::Hidden})
            for (int layers : {1, 2})
                row("bridge " + std::string(bridgeName) + ", cell " + std::string(toText(cell)) + ", " +
                        std::to_string(layers) + " layers",
                    [&, b = bridge, cell, layers](EncoderDecoderSpec& m) {
                        m.bridge = b;
                        m.bridgeCell = cell;
                        m.encoder.layers = m.decoder.layers = layers;
                        m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
                        const bool joined = b == BridgeKind::Copy || b == BridgeKind::Flat;
                        if (joined) m.decoder.cell.width = m.attention->queryWidth = 6;
                        if (b == BridgeKind::InOrder) m.decoder.cell.width = m.attention->queryWidth = 3;
                    });
    for (const auto& [activation, activationName] : EnumNames<Activation>::names)
        row("bridge shared, " + std::string(activationName), [&, a = activation](EncoderDecoderSpec& m) {
            m.bridgeShared = true;
            m.bridgeActivation = a;
            m.decoder.layers = 2;
        });
    for (NormPlace norm : {NormPlace::BeforeBias, NormPlace::AfterBias})
        row("normalised everywhere, " + std::string(toText(norm)), [&, norm](EncoderDecoderSpec& m) {
            m.order = AttentionOrder::BetweenCells;
            m.bridge = BridgeKind::Mean;
            m.bridgeShared = true;
            m.bridgeNorm = m.encoder.cell.norm = m.decoder.cell.norm = m.attention->norm = m.readout.norm =
                norm;
            m.bridgeNormEpsilon = m.encoder.cell.normEpsilon = m.decoder.cell.normEpsilon =
                m.attention->normEpsilon = m.readout.normEpsilon = 1e-3;
        });
    for (const auto& [stacking, stackingName] : EnumNames<Stacking>::names)
        for (bool residual : {false, true})
            row("stacking " + std::string(stackingName) + ", residual " + std::to_string(residual),
                [&, s = stacking, residual](EncoderDecoderSpec& m) {
                    m.encoder.layers = 3;
                    m.decoder.layers = 2;
                    m.encoder.stacking = s;
                    m.encoder.residual = m.decoder.residual = residual;
                    m.bridge = BridgeKind::Mean;
                    if (s == Stacking::Bottom) m.attention->keyWidth = m.attention->valueWidth = 3;
                });
    row("directions summed", [](EncoderDecoderSpec& m) {
        m.encoder.layers = 2;
        m.encoder.output = DirectionJoin::Sum;
        m.attention->keyWidth = m.attention->valueWidth = 3;
    });
    for (const auto& [order, orderName] : EnumNames<AttentionOrder>::names)
        for (CellKind cell : {CellKind::Gru, CellKind::Lstm})
            row("deep transition, " + std::string(orderName) + ", " + std::string(toText(cell)),
                [&, o = order, cell](EncoderDecoderSpec& m) {
                    m.order = o;
                    m.encoder.cell.kind = m.decoder.cell.kind = cell;
                    m.encoder.transitions = {1};
                    m.decoder.layers = 2;
                    m.decoder.transitions = {2, 1};
                });
    row("deep transition, normalised", [](EncoderDecoderSpec& m) {
        m.order = AttentionOrder::BetweenCells;
        m.encoder.transitions = {2};
        m.decoder.transitions = {1};
        m.encoder.cell.norm = m.decoder.cell.norm = NormPlace::AfterBias;
        m.encoder.cell.normEpsilon = m.decoder.cell.normEpsilon = 1e-3;
    });
    row("query and input layer", [](EncoderDecoderSpec& m) {
        m.queryInput = true;
        m.attention->queryWidth = 9;
        m.inputLayer = {4, Activation::Tanh};
    });
    for (bool all : {false, true})
        row("location with bias, all positions " + std::to_string(all), [all](EncoderDecoderSpec& m) {
            m.attention->score = Score::Location;
            m.attention->locationBias = true;
            m.attention->maxPositions = 6;
            m.attention->allPositions = all;
        });
    for (const auto& [gate, gateName] : EnumNames<ContextGate>::names)
        for (bool feeding : {false, true})
            row("context gate " + std::string(gateName) + ", input feeding " + std::to_string(feeding),
                [&, g = gate, feeding](EncoderDecoderSpec& m) {
                    m.order = AttentionOrder::CurrentState;
                    m.inputFeeding = feeding;
                    m.readout.kind = ReadoutKind::Attentional;
                    m.readout.contextGate = g;
                });
    for (ReadoutActivation a : {ReadoutActivation::Identity, ReadoutActivation::Sigmoid})
        row("attentional, " + std::string(toText(a)) + ", projection", [&, a](EncoderDecoderSpec& m) {
            m.order = AttentionOrder::CurrentState;
            m.readout.kind = ReadoutKind::Attentional;
            m.readout.activation = a;
            m.readout.projection = 3;
        });
    for (CopyKind copy : {CopyKind::Attention, CopyKind::Own})
        for (bool blocked : {false, true})
            row("copy " + std::string(toText(copy)) + ", blocked " + std::to_string(blocked),
                [&, copy, blocked](EncoderDecoderSpec& m) {
                    m.order = AttentionOrder::CurrentState;
                    m.inputFeeding = true;
                    m.readout.kind = ReadoutKind::Attentional;
                    m.copy = copy;
                    m.copyAttention.score = Score::General;
                    if (copy == CopyKind::Attention) m.attention->heads = m.attention->headWidth = 2;
                    if (blocked) m.copyBlocked = 1;
                });
    for (const auto& [score, scoreName] : EnumNames<Score>::names)
        row("score " + std::string(scoreName), [&, s = score](EncoderDecoderSpec& m) {
            square(m);
            m.attention->score = s;
            m.attention->maxPositions = 6;
        });
    row("shared query", [](EncoderDecoderSpec& m) {
        m.attention->score = Score::LocationKey;
        m.attention->sharedQuery = true;
        m.attention->maxPositions = 6;
        m.attention->squash = Activation::Tanh;
    });
    for (const auto& [scope, scopeName] : EnumNames<Scope>::names)
        row("scope " + std::string(scopeName), [&, s = scope](EncoderDecoderSpec& m) {
            m.attention->scope = s;
            m.attention->window = 2;
            if (s == Scope::Monotonic) m.attention->normaliser = Normaliser::Sigmoid;
        });
    const auto monotonic = [](EncoderDecoderSpec& m) {
        m.attention->scope = Scope::Monotonic;
        m.attention->normaliser = Normaliser::Sigmoid;
    };
    row("monotonic, coverage and relevance", [&](EncoderDecoderSpec& m) {
        monotonic(m);
        m.attention->coverage = m.attention->relevance = true;
        m.attention->temperature = 1.7;
    });
    row("monotonic, two heads", [&](EncoderDecoderSpec& m) {
        monotonic(m);
        m.attention->heads = 2;
        m.attention->headWidth = 3;
    });
    for (CellKind cell : {CellKind::Elman, CellKind::Gru, CellKind::Lstm})
        row("monotonic, input feeding, " + std::string(toText(cell)), [&, c = cell](EncoderDecoderSpec& m) {
            monotonic(m);
            m.encoder.cell.kind = m.decoder.cell.kind = c;
            m.order = AttentionOrder::CurrentState;
            m.inputFeeding = true;
            m.attention->score = Score::General;
            m.readout.kind = ReadoutKind::Attentional;
        });
    for (const auto& [order, orderName] : EnumNames<AttentionOrder>::names)
        row("no attention, " + std::string(orderName), [&, o = order](EncoderDecoderSpec& m) {
            m.attention.reset();
            m.summaryGate = Gate::Scalar;
            m.order = o;
        });
    for (const auto& [order, orderName] : EnumNames<AttentionOrder>::names)
        row("tied embeddings, " + std::string(orderName), [&, o = order](EncoderDecoderSpec& m) {
            m.tiedEmbeddings = true;
            m.readout.width = m.targetEmbedding;
            m.order = o;
        });
    for (const auto& [normaliser, normaliserName] : EnumNames<Normaliser>::names)
        if (normaliser != Normaliser::Hard) // it has no gradient to its scores by definition
            row("normaliser " + std::string(normaliserName), [&, n = normaliser](EncoderDecoderSpec& m) {
                m.attention->normaliser = n;
                m.attention->temperature = 1.7;
            });
    row("relevance", [](EncoderDecoderSpec& m) { m.attention->relevance = true; });
    row("constant relevance", [](EncoderDecoderSpec& m) {
        m.attention->relevance = true;
        m.attention->constantRelevance = {0.5, -1, 2, 1};
    });
    row("coverage", [](EncoderDecoderSpec& m) { m.attention->coverage = true; });
    row("gate scalar", [](EncoderDecoderSpec& m) { m.attention->gate = Gate::Scalar; });
    row("gate elementwise", [](EncoderDecoderSpec& m) { m.attention->gate = Gate::Elementwise; });
    for (const auto& [score, scoreName] : EnumNames<Score>::names) {
        row("two heads, " + std::string(scoreName), [&, s = score](EncoderDecoderSpec& m) {
            m.attention->score = s;
            m.attention->maxPositions = 6;
            m.attention->heads = 2;
            m.attention->headWidth = 3;
            m.attention->outputWidth = 5;
            m.attention->gate = Gate::Elementwise;
            m.attention->coverage = s == Score::Additive;
        });
    }
    return rows;
}

} // namespace

TEST_CASE("models") {
    for (const ModelsRow& row : modelsRows()) {
        CAPTURE(row.row);
        const EncoderDecoderSpec& spec = row.spec;
        REQUIRE(toText(spec.validate()) == "");
        Random random(5);
        const Parameters<double> parameters = randomParameters(spec.schema(), random);
        const EncoderDecoder<double> network(spec, parameters);
        const PairBatch batch = tinyBatch();
        // A copied distribution has outputs of almost no probability: smoothing asks for their logarithm.
        const double smoothing = spec.copy == CopyKind::None ? 0.1 : 0;
        checkAll([&](Tape<double>* tape) { return batchLoss(tape, network, batch, {}, smoothing); }, {},
                 parameters, 3);
    }
}

TEST_CASE("dropout is its own mask") {
    Random draw(9);
    const Var<double> x = randomVar(20, 30, draw);
    const auto loss = [&](Tape<double>* tape) {
        Random same(4);
        return sum(tape, mul(tape, dropout(tape, x, 0.25, same), x));
    };
    checkAll(loss, {{"x", x}}, {});
    Random same(4);
    const Var<double> dropped = dropout<double>(nullptr, x, 0.25, same);
    int zeros = 0;
    for (std::size_t i = 0; i < x.value().size(); ++i) {
        const double y = dropped.value().data()[i];
        if (y == 0)
            ++zeros;
        else
            REQUIRE(std::abs(y - x.value().data()[i] / 0.75) < 1e-12);
    }
    REQUIRE_MESSAGE((zeros > 100 && zeros < 200), std::to_string(zeros)); // 600 entries, 150 expected
}

TEST_CASE("monotonic weights and what is carried") {
    Random random(12);
    const Var<double> energies = randomVar(4, 6, random), again = randomVar(4, 6, random),
                      signs = randomVar(4, 6, random), r = randomVar(1, 1, random),
                      upstream = randomVar(4, 6, random);
    Matrix<double> carried = signs.value(); // carried weights are not negative
    for (double& x : carried) x = std::abs(x);
    const Var<double> previous(std::move(carried), true);
    AllowedMask allowed(4, 6, 1);
    for (int j = 3; j < 6; ++j) allowed(2, j) = 0; // padding
    for (bool noisy : {false, true}) {
        const auto loss = [&](Tape<double>* tape) {
            Random same(2);
            Var<double> at = previous;
            for (const Var<double>& e : {energies, again})
                at = monotonicWeights(
                    tape, monotonicProbabilities(tape, e, r, allowed, 1.7, 1.0, noisy ? &same : nullptr), at);
            return sum(tape, mul(tape, at, upstream));
        };
        checkAll(loss, {{"energies", energies}, {"again", again}, {"previous", previous}, {"r", r}}, {});
    }
}

TEST_CASE("noise is drawn only where it belongs") {
    // Each kind of noise changes the loss of a model that has its place, the others leave it as it is.
    for (double Noise::*kind : {&Noise::embedding, &Noise::layer, &Noise::attention, &Noise::monotonic})
        for (bool monotonic : {false, true}) {
            EncoderDecoderSpec spec = tinyModel();
            spec.attention->scope = monotonic ? Scope::Monotonic : Scope::Global;
            spec.attention->normaliser = monotonic ? Normaliser::Sigmoid : Normaliser::Softmax;
            Random random(5), draws(8);
            const Parameters<double> parameters = randomParameters(spec.schema(), random);
            const EncoderDecoder<double> network(spec, parameters);
            const PairBatch batch = tinyBatch();
            const auto lossWith = [&](const Noise& noise) {
                return batchLoss<double>(nullptr, network, batch, noise).value()(0, 0);
            };
            Noise noise{0, 0, 0, 0, &draws};
            REQUIRE(lossWith(noise) == lossWith({}));
            noise.*kind = 0.5;
            REQUIRE((lossWith(noise) != lossWith({})) == (kind != &Noise::monotonic || monotonic));
            // Weights stay whole where they are recorded and carried on.
            const Encoding<double> encoding = network.encode(nullptr, batch.source);
            const DecoderState<double> state = network.start(nullptr, encoding);
            const std::vector<int> first(static_cast<std::size_t>(batch.source.batch()), 1);
            const auto plain = network.step(nullptr, encoding, state, first);
            const auto noisy = network.step(nullptr, encoding, state, first, {0, 0, 0.5, 0, &draws});
            REQUIRE(std::equal(plain.attention.heads[0].factors.weights.value().begin(),
                               plain.attention.heads[0].factors.weights.value().end(),
                               noisy.attention.heads[0].factors.weights.value().begin()));
        }
}
