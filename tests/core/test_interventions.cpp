// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a run: an identity changes nothing, what is switched off is gone, what follows goes on from the
// edited value, and the trace keeps before and after.
#include <doctest/doctest.h>

#include <cmath>

#include "core/io/model_file.h"
#include "core/model/model.h"
#include "core/run/run.h"
#include "core/trace/trace_text.h"

using namespace attn;

namespace {

ModelPtr bundled(const std::string& name) {
    return openModel(resolveModel(name));
}

TracePtr runWith(const Model& model, const std::string& text, std::vector<Edit> edits,
                 SearchKind search = SearchKind::Greedy) {
    Recipe recipe;
    recipe.source = text;
    recipe.maxSteps = 8;
    recipe.search = search;
    recipe.beam.width = 3;
    recipe.edits = std::move(edits);
    return run(model, recipe);
}

const HeadTrace& headOf(const Trace& trace, int pass, int head = 0) {
    return trace.passes[static_cast<std::size_t>(pass)].row(0)->heads[static_cast<std::size_t>(head)];
}

std::vector<double> doubles(const std::vector<float>& values) {
    return {values.begin(), values.end()};
}

/// Every number that runs of one sentence record, bit for bit.
void checkSame(const Trace& a, const Trace& b) {
    CHECK(traceText(a) == traceText(b));
    CHECK(a.encoderOutputs == b.encoderOutputs);
    REQUIRE(a.passes.size() == b.passes.size());
    for (std::size_t i = 0; i < a.passes.size(); ++i) {
        const Pass &x = a.passes[i], &y = b.passes[i];
        REQUIRE(x.rows.size() == y.rows.size());
        for (std::size_t r = 0; r < x.rows.size(); ++r) {
            CHECK(x.rows[r].context == y.rows[r].context);
            CHECK(x.rows[r].gate == y.rows[r].gate);
            for (std::size_t h = 0; h < x.rows[r].heads.size(); ++h) {
                const HeadTrace &p = x.rows[r].heads[h], &q = y.rows[r].heads[h];
                CHECK(p.scores == q.scores);
                CHECK(p.normalised == q.normalised);
                CHECK(p.monotonic == q.monotonic);
                CHECK(p.coverageAfter == q.coverageAfter);
                CHECK(p.weights == q.weights);
                CHECK(p.context == q.context);
            }
        }
        for (std::size_t s = 0; s < x.states.size(); ++s)
            for (std::size_t k = 0; k < x.states[s].parts.size(); ++k)
                CHECK(x.states[s].parts[k].values == y.states[s].parts[k].values);
        for (std::size_t v = 0; v < x.vectors.size(); ++v) CHECK(x.vectors[v].values == y.vectors[v].values);
        CHECK(x.output->logSumExp == y.output->logSumExp);
    }
}

const char* const kModels[] = {"en-fr-additive",  "en-fr-heads",       "en-fr-coverage",
                               "en-fr-monotonic", "en-fr-l-attention", "en-fr-local-p"};
const char* const kText = "the small black cat sees the old man";

} // namespace

TEST_CASE("an identity edit leaves every number of the trace as it is") {
    for (const char* name : kModels) {
        CAPTURE(name);
        const ModelPtr model = bundled(name);
        const TracePtr plain = runWith(*model, kText, {});
        Edit weights;
        weights.step = 2;
        weights.head = 0;
        weights.values = doubles(headOf(*plain, 2).weights);
        Edit scores;
        scores.stage = Stage::Score;
        scores.operation = EditOperation::Scale;
        scores.values = {1};
        Edit state;
        state.place = EditPlace::State;
        state.step = 1;
        state.operation = EditOperation::Add;
        state.values = {0};
        Edit encoder = state;
        encoder.place = EditPlace::Encoder;
        encoder.backward = true;
        Edit features;
        features.place = EditPlace::Vector;
        features.operation = EditOperation::Scale;
        features.values = {1};
        Edit output = features;
        output.place = EditPlace::Output;
        Edit mask;
        mask.place = EditPlace::Mask;
        mask.step = 0;
        mask.position = 0;
        std::vector<Edit> edits{weights, scores, state, encoder, features, output};
        if (model->sites().front().rule->scope == Scope::Global) edits.push_back(mask);
        const TracePtr edited = runWith(*model, kText, edits);
        checkSame(*plain, *edited);
        for (std::size_t i = 0; i < edits.size(); ++i) {
            bool touched = false;
            for (const EditTrace& edit : edited->edits) {
                CHECK(edit.before == edit.after);
                touched = touched || edit.edit == static_cast<int>(i);
            }
            CHECK_MESSAGE(touched, "edit " << i << " was not applied");
        }
    }
}

TEST_CASE("a head switched off is the model without its columns of W_o") {
    const ModelPtr model = bundled("en-fr-heads");
    const int heads = model->sites().front().heads, width = model->sites().front().rule->headWidth;
    REQUIRE(heads > 1);
    for (int head = 0; head < heads; ++head) {
        Edit off;
        off.stage = Stage::Mix;
        off.head = head;
        off.operation = EditOperation::Off;
        const TracePtr edited = runWith(*model, kText, {off});
        Parameters<float> parameters = model->parameters();
        Matrix<float>& W = parameters["attention.W_o"].mutableValue();
        for (int r = 0; r < W.rows(); ++r) std::fill_n(W.row(r) + head * width, width, 0.0F);
        const Model without(model->card(), model->spec(), model->sides(), std::move(parameters));
        const TracePtr zeroed = runWith(without, kText, {});
        REQUIRE(edited->steps.size() == zeroed->steps.size());
        for (std::size_t t = 0; t < edited->steps.size(); ++t) {
            CHECK(edited->steps[t].wordId == zeroed->steps[t].wordId);
            CHECK(edited->steps[t].logProb == doctest::Approx(zeroed->steps[t].logProb).epsilon(1e-5));
        }
    }
}

TEST_CASE("an edit changes its step and what follows, and the trace keeps before and after") {
    const ModelPtr model = bundled("en-fr-additive");
    const TracePtr plain = runWith(*model, kText, {});
    Edit edit;
    edit.step = 2;
    edit.values.assign(headOf(*plain, 0).weights.size(), 0);
    edit.values.back() = 1;
    const TracePtr edited = runWith(*model, kText, {edit});
    for (int t = 0; t < 2; ++t) CHECK(headOf(*edited, t).weights == headOf(*plain, t).weights);
    CHECK(doubles(headOf(*edited, 2).weights) == edit.values);
    CHECK(edited->passes[2].row(0)->context != plain->passes[2].row(0)->context);
    CHECK(edited->passes[3].states[0].parts[0].values != plain->passes[3].states[0].parts[0].values);
    REQUIRE(edited->edits.size() == 1);
    CHECK(edited->edits[0].pass == 2);
    CHECK(edited->edits[0].head == 0);
    CHECK(edited->edits[0].before == headOf(*plain, 2).weights);
    CHECK(edited->edits[0].after == headOf(*edited, 2).weights);
}

TEST_CASE("a position out of the mask is not attended, and the others share its weight") {
    const ModelPtr model = bundled("en-fr-additive");
    const TracePtr plain = runWith(*model, kText, {});
    Edit off;
    off.place = EditPlace::Mask;
    off.position = 1;
    off.operation = EditOperation::Off;
    const TracePtr edited = runWith(*model, kText, {off});
    for (std::size_t t = 0; t < edited->passes.size(); ++t) {
        const HeadTrace& head = headOf(*edited, static_cast<int>(t));
        CHECK_FALSE(head.allowed[1]);
        CHECK(head.weights[1] == 0.0F);
        double sum = 0;
        for (const float w : head.weights) sum += static_cast<double>(w);
        CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    }
    const HeadTrace &before = headOf(*plain, 0), &after = headOf(*edited, 0);
    for (std::size_t j = 0; j < before.weights.size(); ++j)
        if (j != 1)
            CHECK(after.weights[j] ==
                  doctest::Approx(before.weights[j] / (1 - before.weights[1])).epsilon(1e-4));
}

TEST_CASE("another normaliser works on the same scores") {
    const ModelPtr model = bundled("en-fr-additive");
    Edit edit;
    edit.stage = Stage::Normaliser;
    edit.operation = EditOperation::Normalise;
    edit.temperature = 2;
    const TracePtr plain = runWith(*model, kText, {}), edited = runWith(*model, kText, {edit});
    const HeadTrace& head = headOf(*edited, 0);
    CHECK(head.scores == headOf(*plain, 0).scores);
    double total = 0;
    for (const float e : head.scores) total += std::exp(static_cast<double>(e) / 2);
    for (std::size_t j = 0; j < head.scores.size(); ++j)
        CHECK(static_cast<double>(head.weights[j]) ==
              doctest::Approx(std::exp(static_cast<double>(head.scores[j]) / 2) / total).epsilon(1e-5));
}

TEST_CASE("monotonic attention and coverage go on from the edited weights") {
    const ModelPtr monotonic = bundled("en-fr-monotonic");
    const TracePtr plain = runWith(*monotonic, kText, {});
    const std::size_t positions = headOf(*plain, 0).weights.size();
    Edit edit;
    edit.step = 1;
    edit.values.assign(positions, 0);
    edit.values[6] = 1;
    const TracePtr edited = runWith(*monotonic, kText, {edit});
    for (std::size_t j = 0; j < 6; ++j) CHECK(headOf(*edited, 2).weights[j] == 0.0F);
    const ModelPtr coverage = bundled("en-fr-coverage");
    const TracePtr covered = runWith(*coverage, kText, {edit});
    for (std::size_t j = 0; j < positions; ++j)
        CHECK(headOf(*covered, 2).coverage[j] ==
              doctest::Approx(headOf(*covered, 0).weights[j] + static_cast<float>(edit.values[j])));
}

TEST_CASE("states, the first state, the encoder and the output are reached") {
    const ModelPtr model = bundled("en-fr-general");
    const TracePtr plain = runWith(*model, kText, {});
    Edit first;
    first.place = EditPlace::State;
    first.initial = true;
    first.position = 3;
    first.values = {0.75};
    CHECK(runWith(*model, kText, {first})->initialState[0].parts[0].values[3] == 0.75F);
    Edit encoder;
    encoder.place = EditPlace::Encoder;
    encoder.step = 4;
    encoder.position = 5;
    encoder.values = {-0.5};
    const TracePtr read = runWith(*model, kText, {encoder});
    CHECK(read->tracks[0].parts[0].values(4, 5) == -0.5F);
    CHECK(read->encoderOutputs(4, 5) == -0.5F);
    CHECK(read->encoderOutputs(3, 5) == plain->encoderOutputs(3, 5));
    CHECK(read->encoderOutputs(5, 5) != plain->encoderOutputs(5, 5)); // it is read on from there
    Edit output;
    output.place = EditPlace::Output;
    output.step = 0;
    output.position = plain->passes[0].output->candidates[1].id;
    output.operation = EditOperation::Add;
    output.values = {100};
    CHECK(runWith(*model, kText, {output})->steps[0].wordId == *output.position);
}

TEST_CASE("edits reach every hypothesis of a beam") {
    const ModelPtr model = bundled("en-fr-additive");
    Edit edit;
    edit.step = 1;
    edit.position = 0;
    edit.values = {0};
    const TracePtr trace = runWith(*model, kText, {edit}, SearchKind::Beam);
    std::size_t passes = 0;
    for (const StepTrace& step : trace->steps)
        if (step.time == 1) {
            CHECK(trace->passes[static_cast<std::size_t>(step.pass)].row(0)->heads[0].weights[0] == 0.0F);
            ++passes;
        }
    CHECK(passes > 1);
    CHECK(trace->edits.size() > 1);
}

TEST_CASE("every fault of the edits is reported at once") {
    const ModelPtr model = bundled("en-fr-additive");
    Edit head;
    head.head = 4;
    Edit site;
    site.site = SiteKind::Copy;
    site.values = {1};
    Edit gate;
    gate.place = EditPlace::State;
    gate.part = StatePart::Reset;
    gate.values = {1};
    const Findings faults = faultsOf({head, site, gate}, model->sites());
    REQUIRE(faults.size() == 4);
    CHECK(faults[0].where == "edits[0].head");
    CHECK(faults[1].where == "edits[0].values");
    CHECK(faults[2].where == "edits[1].site");
    CHECK(faults[3].where == "edits[2].part");
    CHECK_THROWS_AS(runWith(*model, kText, {head}), Error);
    Edit far;
    far.position = 99;
    far.values = {1};
    CHECK_THROWS_AS(runWith(*model, kText, {far}), Error);
    CHECK_THROWS_AS(readEdits("[{\"place\": \"nowhere\"}]", "x.json"), Error);
    const std::vector<Edit> read =
        readEdits("[{\"stage\": \"mix\", \"head\": 1, \"operation\": \"off\"}]", "x.json");
    REQUIRE(read.size() == 1);
    CHECK((read[0].stage == Stage::Mix && read[0].head == 1 && read[0].operation == EditOperation::Off));
}
