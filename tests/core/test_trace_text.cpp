// SPDX-License-Identifier: GPL-3.0-or-later
// The text form of traces: made by hand, of a dump, of a run.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/io/dump/dump.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "core/trace/trace_text.h"

using namespace attn;

TEST_CASE("a dump has a site without a rule, words and weights") {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("trace_dump_" + std::to_string(getpid()))).string();
    std::ofstream(path)
        << R"({"source": ["a", "b"], "target": ["x", "</s>"], "weights": [[[0.25, 0.75], [1, 0]],)"
        << R"( [[0.5, 0.5], [0, 1]]], "axes": 3})" << '\n';
    DumpOptions options;
    options.end = DumpEnd::Target;
    const TracePtr trace = dumpTrace(*readDump(path, options), 0);
    std::filesystem::remove(path);
    CHECK(traceText(*trace) == "trace \"" + std::filesystem::path(path).filename().string() +
                                   "\" of \"a b\"\n"
                                   "axis 0 source: \"a\", \"b\"\n"
                                   "axis 1 target\n"
                                   "site 0 cross: axis 1 to axis 0, 2 heads, no rule\n"
                                   "pass 0 reads \"\" start\n"
                                   "  row site 0 query 0\n"
                                   "    head 0 weights 0.25 0.75\n"
                                   "    head 1 weights 0.5 0.5\n"
                                   "pass 1 reads \"x\"\n"
                                   "  row site 0 query 1\n"
                                   "    head 0 weights 1 0\n"
                                   "    head 1 weights 0 1\n"
                                   "step 0 time 0 pass 0: \"x\" open\n"
                                   "step 1 after 0 time 1 pass 1: \"</s>\" end finished\n"
                                   "leaf 1\n"
                                   "complete\n");
}

TEST_CASE("a tree of hypotheses as text") {
    Trace trace;
    trace.modelName = "m";
    trace.sourceText = "say \"a\"\n";
    trace.axes = {{AxisKind::Target}, {AxisKind::Target, {}, true}, {AxisKind::Words, {{"w", 7}}}};
    AttentionSpec rule;
    rule.scope = Scope::Causal;
    trace.sites = {{SiteKind::DecoderSelf, 0, false, 0, 1, 1, rule}, {SiteKind::Pool, 1, true, 2, 2, 2}};
    trace.tracks = {{2, {1, 0, true}, {{StatePart::Hidden, Matrix<float>(1, 3)}}}};
    trace.encoderOutputs = Matrix<float>(1, 3);
    trace.rows = {{1, 0, {HeadTrace{}}, {}, {}, {}}};
    trace.rows[0].heads[0].weights = {1};
    trace.initialState = {{{0, 2, false}, {{StatePart::Hidden, {1, 2}}, {StatePart::Cell, {1, 2}}}}};
    Pass pass;
    pass.inputText = "<s>";
    pass.inputId = 1;
    pass.inputRole = TokenRole::Start;
    pass.rows = {{0, 0, {HeadTrace{}}, {}, {0.5F}, {1, 2}}};
    pass.rows[0].heads[0].weights = {0.123456789F, 0};
    pass.rows[0].heads[0].allowed = {1, 0};
    pass.states = {{{0, 0, false}, {{StatePart::Hidden, {1, 2}}}}};
    pass.vectors = {{StepVector::Features, {1, 2, 3}}};
    pass.output = Output{4.5F, 0.75F, {{5, "x", TokenRole::Word, -0.1F}, {2, "E", TokenRole::End, -2.5F}}};
    trace.passes = {pass};
    trace.steps.resize(2);
    trace.steps[0].wordId = 5;
    trace.steps[0].wordText = "x";
    trace.steps[0].logProb = -0.1F;
    trace.steps[0].score = {-0.1, 2, -0.25, -0.3};
    trace.steps[0].fate = Fate::Pruned;
    trace.steps[0].lostAt = 1;
    trace.steps[1].wordId = 2;
    trace.steps[1].wordText = "E";
    trace.steps[1].role = TokenRole::End;
    trace.steps[1].forced = true;
    trace.steps[1].logProb = -2.5F;
    trace.steps[1].score = {-2.5, 1, 0, -2.5};
    trace.steps[1].fate = Fate::Finished;
    trace.leaves = {1};
    trace.complete = true;
    trace.gold = {{0, 1, true}, {2, 3, false}};
    CHECK(traceText(trace) ==
          "trace \"m\" of \"say \\\"a\\\"\\n\"\n"
          "axis 0 target\n"
          "axis 1 target, read\n"
          "axis 2 words: \"w\" 7\n"
          "site 0 decoder_self: axis 0 to axis 1, 1 head, additive causal softmax\n"
          "site 1 pool layer 1 backward: axis 2 to axis 2, 2 heads, no rule\n"
          "track axis 2 layer 1 cell 0 backward: hidden 1 x 3\n"
          "outputs 1 x 3\n"
          "row site 1 query 0\n"
          "  head 0 weights 1\n"
          "initial layer 0 cell 2: hidden 2, cell 2\n"
          "pass 0 reads \"<s>\" start 1\n"
          "  row site 0 query 0: context 2, gate 1\n"
          "    head 0 weights 0.12346 -\n"
          "  state layer 0 cell 0: hidden 2\n"
          "  vector features 3\n"
          "  output entropy 0.75 log_sum_exp 4.5: \"x\" 5 -0.1, \"E\" end 2 -2.5\n"
          "step 0 time 0 pass 0: \"x\" 5 log_prob -0.1 total -0.3 of log_prob -0.1 length 2 coverage -0.25 "
          "pruned at 1\n"
          "step 1 time 0 pass 0: \"E\" end 2 forced log_prob -2.5 finished\n"
          "leaf 1\n"
          "complete\n"
          "gold 0-1 2-3?\n");
}

TEST_CASE("a run's text names what the run recorded") {
    const ModelPtr model = openModel(ATTENTOSCOPE_SOURCE "/resources/models/reverse-additive.safetensors");
    Recipe recipe;
    recipe.source = "a b";
    recipe.topK = 2;
    const TracePtr trace = run(*model, recipe);
    const std::string text = traceText(*trace);
    CHECK(text.find("axis 0 source: \"a\" ") != std::string::npos);
    CHECK(text.find("site 0 cross: axis 1 to axis 0, 1 head, additive global softmax\n") !=
          std::string::npos);
    CHECK(text.find("reads \"<s>\" start 1\n") != std::string::npos);
    CHECK(text == traceText(*run(*model, recipe)));
}
