// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace holds: axes, sites and roles of every sort of model; stages that follow from one another; any
// row of a batch.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "core/autograd/ops.h"
#include "core/io/import/import.h"
#include "core/io/model_file.h"
#include "core/model/encoder_decoder/record.h"
#include "core/model/networks.h"
#include "core/run/run.h"
#include "core/run/typed_text.h"

using namespace attn;

namespace {

ModelPtr bundled(const std::string& name) {
    return openModel(ATTENTOSCOPE_SOURCE "/resources/models/" + name + ".safetensors");
}

ModelPtr imported(const std::string& file) {
    const ImportReport report = importModel(ATTENTOSCOPE_FIXTURES "/checkpoints/" + file, {});
    REQUIRE_MESSAGE(report.model, toText(report));
    return report.model;
}

/// A small model with random weights: additive attention, and what `change` makes of it.
ModelPtr randomModel(const Vocabulary& target, const std::function<void(EncoderDecoderSpec&)>& change = {}) {
    EncoderDecoderSpec spec;
    spec.sourceEmbedding = spec.targetEmbedding = 5;
    spec.encoder.cell.width = 4;
    spec.encoder.bidirectional = true;
    spec.decoder.cell.width = spec.attention->queryWidth = 6;
    spec.attention->keyWidth = spec.attention->valueWidth = 8;
    spec.attention->attentionWidth = spec.readout.width = 5;
    if (change) change(spec);
    const Vocabulary source = Vocabulary::ofWords({"a", "b", "c"});
    spec.sourceVocabulary = source.size();
    spec.targetVocabulary = target.size();
    Random random(6);
    Parameters<float> parameters = Parameters<float>::initialised(spec.schema(), random);
    ModelCard card;
    card.name = "random";
    return std::make_shared<Model>(
        card, spec, std::vector{makeSide(SideRole::Source, source), makeSide(SideRole::Target, target)},
        std::move(parameters));
}

TracePtr runOf(const Model& model, const std::string& sentence, int topK = 10, int maxSteps = 12) {
    Recipe recipe;
    recipe.source = sentence;
    recipe.maxSteps = maxSteps;
    recipe.topK = topK;
    return run(model, recipe);
}

/// Words of a model's own vocabulary, as a person would type them.
std::string wordsOf(const Model& model, int count) {
    const Vocabulary& vocabulary = model.source()->vocabulary;
    const SpecialTokens& special = vocabulary.special();
    std::vector<std::string> words;
    for (int id = 0; id < vocabulary.size() && static_cast<int>(words.size()) < count; ++id)
        if (id != special.pad && id != special.bos && id != special.eos && id != special.unk &&
            vocabulary.text(id).size() > 2)
            words.push_back(vocabulary.text(id));
    return model.source()->tokeniser.detokenise(words);
}

/// What holds of every run of an encoder-decoder.
void checkShape(const Trace& trace) {
    REQUIRE(trace.axes.size() == 2);
    CHECK(trace.axes[0].kind == AxisKind::Source);
    CHECK(trace.axes[1].kind == AxisKind::Target);
    CHECK(!trace.axes[1].read);
    CHECK(trace.axes[1].positions.empty());
    const std::size_t S = trace.axes[0].positions.size();
    CHECK(static_cast<std::size_t>(trace.encoderOutputs.rows()) == S);
    for (const Track& track : trace.tracks) {
        CHECK(track.axis == 0);
        REQUIRE(!track.parts.empty());
        CHECK(track.parts.front().part == StatePart::Hidden);
    }
    CHECK(trace.rows.empty());
    REQUIRE(!trace.steps.empty());
    for (const int step : trace.bestPath()) {
        const Pass& pass = trace.passOf(step);
        REQUIRE(pass.rows.size() == trace.sites.size());
        CHECK(pass.output);
        for (std::size_t i = 0; i < trace.sites.size(); ++i) {
            CHECK(trace.sites[i].queryAxis == 1);
            CHECK(trace.sites[i].keyAxis == 0);
            const Row* const row = pass.row(static_cast<int>(i));
            REQUIRE(row != nullptr);
            CHECK(row->query == trace.steps[static_cast<std::size_t>(step)].time);
            CHECK(static_cast<int>(row->heads.size()) == trace.sites[i].heads);
            for (const HeadTrace& head : row->heads) CHECK(head.weights.size() == S);
        }
    }
}

double largest(const std::vector<float>& a, const std::vector<float>& b) {
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return most;
}

} // namespace

TEST_CASE("a plain model has one site, of several heads if it has them") {
    const TracePtr plain =
        runOf(*openModel(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors"), "a");
    checkShape(*plain);
    REQUIRE(plain->sites.size() == 1);
    CHECK(plain->sites[0].kind == SiteKind::Cross);
    CHECK(plain->sites[0].heads == 1);
    CHECK(plain->sites[0].rule.value().score == Score::Additive);
    CHECK(plain->siteOf(SiteKind::Copy) == -1);

    const TracePtr four =
        runOf(*openModel(ATTENTOSCOPE_FIXTURES "/models/torch_four_heads.safetensors"), "a");
    checkShape(*four);
    CHECK(four->sites.at(0).heads == 4);
}

TEST_CASE("a model that copies has a second site") {
    SUBCASE("of an attention of its own") {
        const ModelPtr model = imported("opennmt-py/copy-own-coverage/model.pt");
        const TracePtr trace = runOf(*model, wordsOf(*model, 4));
        checkShape(*trace);
        REQUIRE(trace->sites.size() == 2);
        CHECK(trace->sites[1].kind == SiteKind::Copy);
        CHECK(trace->sites[1].rule.value() == encoderDecoder(*model).spec().copyAttentionSpec());
        CHECK(!trace->passes[0].row(1)->heads[0].scores.empty());
        CHECK(!trace->passes[0].row(1)->context.empty());
        CHECK(trace->passes[0].vector(StepVector::CopyGate).size() == 1);
    }
    SUBCASE("of the weights of the main attention") {
        const ModelPtr model = imported("opennmt-py/v1-gru-copy-reused/model.pt");
        const TracePtr trace = runOf(*model, wordsOf(*model, 4));
        checkShape(*trace);
        REQUIRE(trace->sites.size() == 2);
        CHECK(trace->sites[1].kind == SiteKind::Copy);
        CHECK(!trace->sites[1].rule);
        for (const Pass& pass : trace->passes) {
            CHECK(pass.row(1)->heads[0].weights == pass.row(0)->heads[0].weights);
            CHECK(pass.row(1)->heads[0].scores.empty());
            CHECK(pass.row(1)->context.empty());
        }
    }
}

TEST_CASE("a model without attention has no site") {
    const TracePtr trace = runOf(*bundled("en-fr-none"), "the small black cat sees the old man");
    checkShape(*trace);
    CHECK(trace->sites.empty());
    for (const Pass& pass : trace->passes) {
        CHECK(pass.rows.empty());
        CHECK(pass.vector(StepVector::Context).size() == 160);
        CHECK(pass.vector(StepVector::Context) == trace->passes[0].vector(StepVector::Context));
    }
}

TEST_CASE("a reversed model reads from the last word to the first") {
    const ModelPtr model = imported("marian/s2s-lstm-alternating-ln-right-left/model.npz");
    REQUIRE(model->card().reversed);
    const std::string text = wordsOf(*model, 4);
    const TracePtr trace = runOf(*model, text);
    checkShape(*trace);
    int before = static_cast<int>(text.size());
    for (const Position& position : trace->axes[0].positions) {
        if (!position.isWord()) continue;
        CHECK(position.end <= before);
        before = position.begin;
    }
    CHECK(trace->axes[0].positions.back().role == TokenRole::End);
}

TEST_CASE("positions of an attention of fixed length are empty beyond the sentence") {
    const ModelPtr model = imported("pytorch-classics/fixed-length/encoder.pt");
    REQUIRE(encoderDecoder(*model).spec().attention->allPositions);
    const TracePtr trace = runOf(*model, wordsOf(*model, 2));
    checkShape(*trace);
    const std::vector<Position>& source = trace->axes[0].positions;
    CHECK(static_cast<int>(source.size()) == encoderDecoder(*model).spec().attention->maxPositions);
    int read = 0;
    for (std::size_t j = 0; j < source.size(); ++j) {
        const bool empty = source[j].role == TokenRole::Empty;
        if (!empty) CHECK(static_cast<int>(j) == read++);
        CHECK(empty == (source[j].id == -1));
        for (int i = 0; empty && i < trace->encoderOutputs.cols(); ++i)
            CHECK(trace->encoderOutputs(static_cast<int>(j), i) == 0.0F);
    }
    CHECK(read < static_cast<int>(source.size()));
    for (const Track& track : trace->tracks) CHECK(track.parts[0].values.rows() == read);
}

TEST_CASE("any end symbol has the role of the end, among candidates too") {
    for (const char* const end : {"</s>", "<eos>", "EOS", "."}) {
        const Vocabulary target({"PAD", "GO", end, "UNK", "x", "y"});
        const TracePtr trace = runOf(*randomModel(target), "a b", target.size());
        for (const int index : trace->bestPath()) {
            const StepTrace& step = trace->steps[static_cast<std::size_t>(index)];
            CHECK(step.isEnd() == (step.wordId == 2));
            const Pass& pass = trace->passOf(index);
            REQUIRE(static_cast<int>(pass.output->candidates.size()) == target.size());
            for (const Candidate& candidate : pass.output->candidates) {
                CAPTURE(candidate.text);
                CHECK((candidate.role == TokenRole::End) == (candidate.text == end));
                CHECK((candidate.role == TokenRole::Unknown) == (candidate.text == "UNK"));
                CHECK((candidate.role == TokenRole::Start) == (candidate.text == "GO"));
            }
        }
        CHECK(trace->passes[0].inputRole == TokenRole::Start);
        CHECK(trace->passes[0].inputText == "GO");
    }
}

TEST_CASE("a word spelt like the end symbol is not the end") {
    const ModelPtr model = randomModel(Vocabulary::ofWords({"x", "y"}));
    const TracePtr trace = runOf(*model, "a </s> b");
    std::vector<TokenRole> roles;
    for (const Position& position : trace->axes[0].positions) roles.push_back(position.role);
    using enum TokenRole;
    CHECK(roles == std::vector{Word, Unknown, Word, End});
}

TEST_CASE("the stages of a head follow from one another") {
    for (const char* const name : {"en-fr-additive", "en-fr-sparsemax", "en-fr-entmax", "en-fr-coverage",
                                   "en-fr-local-p", "en-fr-l-attention", "en-fr-heads", "en-fr-monotonic"}) {
        CAPTURE(name);
        const TracePtr trace = runOf(*bundled(name), "the small black cat sees the old man");
        const AttentionSpec& rule = trace->sites.at(0).rule.value();
        const std::vector<int> path = trace->bestPath();
        for (int t = 0; t < static_cast<int>(path.size()); ++t) {
            const Row& row = *trace->row(0, t, path);
            for (std::size_t h = 0; h < row.heads.size(); ++h) {
                const HeadTrace& head = row.heads[h];
                CHECK(head.constant.has_value() == (rule.scope != Scope::Monotonic));
                CHECK(head.factor.empty() == (rule.scope != Scope::LocalP && !rule.relevance));
                CHECK(head.coverageAfter.empty() == !rule.coverage);
                for (std::size_t j = 0; j < head.weights.size(); ++j) {
                    const double z = static_cast<double>(head.scores[j]) / rule.temperature;
                    double a = 0;
                    if (rule.normaliser == Normaliser::Softmax) a = std::exp(z) / *head.constant;
                    if (rule.normaliser == Normaliser::Sparsemax) a = std::max(0.0, z - *head.constant);
                    if (rule.normaliser == Normaliser::Entmax15)
                        a = std::pow(std::max(0.0, z / 2 - *head.constant), 2);
                    if (!head.allowed[j]) a = 0;
                    if (head.constant) CHECK(std::abs(a - static_cast<double>(head.normalised[j])) < 2e-6);
                    if (!head.factor.empty())
                        CHECK(head.weights[j] == doctest::Approx(head.normalised[j] * head.factor[j]));
                    if (rule.coverage) {
                        const float now = head.coverage[j] + head.weights[j];
                        CHECK(head.coverageAfter[j] == now);
                        if (t + 1 < static_cast<int>(path.size()))
                            CHECK(trace->row(0, t + 1, path)->heads[h].coverage[j] == now);
                    }
                }
                CHECK(head.positionLogit.has_value() == (rule.scope == Scope::LocalP));
                if (head.positionLogit)
                    CHECK(head.position.value() ==
                          doctest::Approx(static_cast<double>(head.weights.size()) /
                                          (1 + std::exp(-static_cast<double>(*head.positionLogit)))));
            }
        }
    }
}

TEST_CASE("the gate takes the context before it to the context after it") {
    for (const Gate gate : {Gate::None, Gate::Scalar, Gate::Elementwise}) {
        const ModelPtr model = randomModel(Vocabulary::ofWords({"x", "y"}),
                                           [&](EncoderDecoderSpec& spec) { spec.attention->gate = gate; });
        const TracePtr trace = runOf(*model, "a b c");
        for (const Pass& pass : trace->passes) {
            const Row& row = *pass.row(0);
            CHECK(row.gate.size() == (gate == Gate::None ? 0U : gate == Gate::Scalar ? 1U : 8U));
            if (gate == Gate::None) {
                CHECK(row.ungated.empty());
                CHECK(row.context == row.heads[0].context);
                continue;
            }
            CHECK(row.ungated == row.heads[0].context);
            for (std::size_t i = 0; i < row.context.size(); ++i)
                CHECK(row.context[i] == row.ungated[i] * row.gate[gate == Gate::Scalar ? 0 : i]);
        }
    }
}

TEST_CASE("a row of a batch is recorded as if it were alone") {
    for (const char* const name : {"en-fr-heads", "en-fr-local-p", "en-fr-coverage", "en-fr-none"}) {
        CAPTURE(name);
        const ModelPtr model = bundled(name);
        const EncoderDecoder<float>& network = encoderDecoder(*model);
        const std::vector<std::string> sentences{"the cat sees the old man", "Julia has left"};
        TokenBatch batch;
        std::vector<std::vector<Position>> sources;
        for (const std::string& sentence : sentences) {
            sources.push_back(typedSource(*model, sentence));
            batch.lengths.push_back(static_cast<int>(sources.back().size()));
            batch.positions = std::max(batch.positions, batch.lengths.back());
        }
        for (const std::vector<Position>& source : sources)
            for (std::size_t j = 0; j < static_cast<std::size_t>(batch.positions); ++j)
                batch.ids.push_back(j < source.size() ? source[j].id : 0);
        const Encoding<float> encoding = network.encode(nullptr, batch);
        DecoderState<float> state = network.start(nullptr, encoding);
        std::vector<TracePtr> alone;
        for (const std::string& sentence : sentences) alone.push_back(runOf(*model, sentence));
        for (int row = 0; row < 2; ++row) {
            const Trace& expected = *alone[static_cast<std::size_t>(row)];
            Trace trace;
            trace.axes = model->axes();
            trace.axes[0].positions = sources[static_cast<std::size_t>(row)];
            recordEncoding(network, encoding, row, trace);
            REQUIRE(trace.tracks.size() == expected.tracks.size());
            for (std::size_t i = 0; i < trace.tracks.size(); ++i) {
                const Matrix<float>&found = trace.tracks[i].parts[0].values,
                      &known = expected.tracks[i].parts[0].values;
                CHECK(largest({found.begin(), found.end()}, {known.begin(), known.end()}) < 1e-5);
            }
            CHECK(largest({trace.encoderOutputs.begin(), trace.encoderOutputs.end()},
                          {expected.encoderOutputs.begin(), expected.encoderOutputs.end()}) < 1e-5);
            const std::vector<CellTrace> initial = recordState(state, row);
            CHECK(largest(initial[0].parts[0].values, expected.initialState[0].parts[0].values) < 1e-5);
        }
        std::vector<int> previous(2, model->target().vocabulary.special().bos);
        for (std::size_t t = 0; t < 2; ++t) {
            const DecoderStep<float> step = network.step(nullptr, encoding, state, previous);
            for (int row = 0; row < 2; ++row) {
                const Trace& expected = *alone[static_cast<std::size_t>(row)];
                const Pass pass = recordPass(network, encoding, step, row), &known = expected.passes[t];
                REQUIRE(pass.rows.size() == known.rows.size());
                for (std::size_t i = 0; i < pass.rows.size(); ++i) {
                    CHECK(pass.rows[i].query == known.rows[i].query);
                    CHECK(largest(pass.rows[i].context, known.rows[i].context) < 1e-5);
                    for (std::size_t h = 0; h < pass.rows[i].heads.size(); ++h) {
                        const HeadTrace &head = pass.rows[i].heads[h], &one = known.rows[i].heads[h];
                        CHECK(largest(head.weights, one.weights) < 1e-5);
                        CHECK(largest(head.scores, one.scores) < 1e-4);
                        CHECK(head.allowed == one.allowed);
                        CHECK(head.scoreTerms.rows() == one.scoreTerms.rows());
                        CHECK(largest({head.scoreTerms.begin(), head.scoreTerms.end()},
                                      {one.scoreTerms.begin(), one.scoreTerms.end()}) < 1e-4);
                    }
                }
                CHECK(largest(pass.vector(StepVector::Features), known.vector(StepVector::Features)) < 1e-5);
                CHECK(largest(pass.states[0].parts[0].values, known.states[0].parts[0].values) < 1e-5);
                previous[static_cast<std::size_t>(row)] = expected.steps[t].wordId;
            }
            state = step.state;
        }
    }
}
