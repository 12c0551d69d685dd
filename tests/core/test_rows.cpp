// SPDX-License-Identifier: GPL-3.0-or-later
// pickRows() and stepping commute: the step of picked rows is the picked rows of the step, for everything
// that an encoding or a state may carry. A part that visitRows() misses shows as a difference or a wrong
// shape.

#include <doctest/doctest.h>

#include <cmath>

#include "core/model/encoder_decoder/network.h"
#include "core/nn/parameters.h"

using namespace attn;

namespace {

EncoderDecoderSpec smallModel() {
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

Parameters<double> randomParameters(const Schema& schema) {
    Random random(5);
    Parameters<double> all;
    for (const ParameterShape& shape : schema) {
        Matrix<double> value(shape.rows(), shape.cols());
        for (double& x : value) x = 0.6 * random.normal();
        all.add(shape, std::move(value));
    }
    return all;
}

/// Three sentences of unlike lengths, with words to copy.
TokenBatch threeSentences() {
    TokenBatch batch;
    batch.positions = 4;
    batch.lengths = {4, 2, 3};
    batch.ids = {4, 5, 6, 2, 7, 2, 0, 0, 5, 5, 2, 0};
    batch.copyIds = {4, 9, 6, 2, 9, 2, -1, -1, 5, 10, 2, -1};
    batch.extraWords = 2;
    return batch;
}

double largestDifference(const Var<double>& found, const Var<double>& all, const std::vector<int>& rows) {
    REQUIRE(found.rows() == static_cast<int>(rows.size()));
    REQUIRE(found.cols() == all.cols());
    double worst = 0;
    for (int i = 0; i < found.rows(); ++i)
        for (int j = 0; j < found.cols(); ++j)
            worst = std::max(
                worst, std::abs(found.value()(i, j) - all.value()(rows[static_cast<std::size_t>(i)], j)));
    return worst;
}

std::vector<int> idsOf(const std::vector<int>& rows) {
    std::vector<int> words;
    for (const int row : rows) words.push_back(4 + row);
    return words;
}

/// Two steps of all rows beside one step, a pick, and one step of the picked rows.
void checkPick(const EncoderDecoderSpec& spec, const std::vector<int>& rows) {
    REQUIRE(toText(spec.validate()) == "");
    const EncoderDecoder<double> network(spec, randomParameters(spec.schema()));
    const Encoding<double> whole = network.encode(nullptr, threeSentences());
    const DecoderState<double> start = network.start(nullptr, whole);
    const DecoderStep<double> first = network.step(nullptr, whole, start, {1, 1, 1});
    const DecoderStep<double> second = network.step(nullptr, whole, first.state, idsOf({0, 1, 2}));
    const Var<double> expected = network.output(nullptr, whole, second);

    Encoding<double> part = whole;
    pickRows(part, rows);
    DecoderState<double> state = first.state;
    pickRows(state, rows);
    const DecoderStep<double> step = network.step(nullptr, part, state, idsOf(rows));
    CHECK(largestDifference(network.output(nullptr, part, step), expected, rows) < 1e-12);
    CHECK(largestDifference(step.features, second.features, rows) < 1e-12);

    const DecoderState<double> restarted = network.start(nullptr, part);
    for (std::size_t i = 0; i < start.layers.size(); ++i)
        CHECK(largestDifference(restarted.layers[i].hidden, start.layers[i].hidden, rows) < 1e-12);
}

} // namespace

TEST_CASE("picked rows go on as they would have in the whole batch") {
    std::vector<std::pair<const char*, EncoderDecoderSpec>> specs;
    const auto with = [&](const char* name, auto change) {
        specs.emplace_back(name, smallModel());
        change(specs.back().second);
    };
    with("additive", [](EncoderDecoderSpec&) {});
    with("coverage", [](EncoderDecoderSpec& m) { m.attention->coverage = true; });
    with("monotonic", [](EncoderDecoderSpec& m) {
        m.attention->scope = Scope::Monotonic;
        m.attention->normaliser = Normaliser::Sigmoid;
    });
    with("relevance", [](EncoderDecoderSpec& m) { m.attention->relevance = true; });
    with("location_key", [](EncoderDecoderSpec& m) {
        m.attention->score = Score::LocationKey;
        m.attention->maxPositions = 6;
    });
    with("all positions", [](EncoderDecoderSpec& m) {
        m.attention->score = Score::Location;
        m.attention->maxPositions = 6;
        m.attention->allPositions = true;
    });
    with("two heads", [](EncoderDecoderSpec& m) {
        m.attention->heads = 2;
        m.attention->headWidth = 3;
    });
    with("no attention", [](EncoderDecoderSpec& m) { m.attention.reset(); });
    with("lstm, input feeding", [](EncoderDecoderSpec& m) {
        m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
        m.order = AttentionOrder::CurrentState;
        m.inputFeeding = true;
    });
    with("two layers, bridge mean", [](EncoderDecoderSpec& m) {
        m.decoder.layers = 2;
        m.bridge = BridgeKind::Mean;
    });
    with("copying by attention", [](EncoderDecoderSpec& m) { m.copy = CopyKind::Attention; });
    with("copying by an attention of its own, with coverage", [](EncoderDecoderSpec& m) {
        m.copy = CopyKind::Own;
        m.copyAttention.attentionWidth = 4;
        m.copyAttention.coverage = true;
    });
    for (const auto& [name, spec] : specs) {
        CAPTURE(name);
        checkPick(spec, {1});                // the others have ended
        checkPick(spec, {2, 0});             // reordered
        checkPick(spec, {0, 0, 2, 1, 1, 2}); // repeated, as a beam does
    }
}

TEST_CASE("variables that were shared stay shared") {
    AttentionMemory<double> memory;
    memory.positions = 2;
    memory.lengths = {2, 1};
    memory.batch = 2;
    const Var<double> keys(Matrix<double>(4, 3, 1.0));
    memory.heads.push_back({keys, keys, {}, {}});
    pickRows(memory, {1, 1, 0});
    CHECK(memory.batch == 3);
    CHECK(memory.lengths == std::vector<int>{1, 1, 2});
    CHECK(memory.heads[0].keys.rows() == 6);
    CHECK(memory.heads[0].keys == memory.heads[0].values);
    CHECK_FALSE(memory.heads[0].perKey.defined());
}
