// SPDX-License-Identifier: GPL-3.0-or-later
// What every run must obey, on a real model: the chain of steps, probabilities, forced words, stopping.
#include <doctest/doctest.h>

#include <cmath>

#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;

namespace {

const char* const kSource = "a b c";

Recipe greedy(const std::string& source) {
    Recipe recipe;
    recipe.source = source;
    recipe.maxSteps = 12;
    return recipe;
}

} // namespace

struct RunFixture {
    RunFixture() {
        m_model = openModel(ATTENTOSCOPE_FIXTURES "/models/numpy.safetensors");
        const std::vector<std::string>& tokens = m_model->source()->vocabulary.tokens();
        m_text = tokens.at(4) + " " + tokens.at(5) + " " + tokens.at(4);
    }
    ModelPtr m_model;
    std::string m_text; ///< three words of the model's vocabulary
};

TEST_CASE_FIXTURE(RunFixture, "steps form a chain") {
    const TracePtr trace = run(*m_model, greedy(m_text));
    REQUIRE(!trace->steps.empty());
    REQUIRE(trace->leaves.size() == 1U);
    const std::vector<int> path = trace->bestPath();
    REQUIRE(path.size() == trace->steps.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(path[i])];
        REQUIRE(step.parent == static_cast<int>(i) - 1);
        REQUIRE(step.time == static_cast<int>(i));
        const Pass& pass = trace->passOf(path[i]);
        if (i > 0) REQUIRE(pass.inputId == trace->steps[i - 1].wordId);
        if (i > 0) REQUIRE(pass.inputText == trace->steps[i - 1].wordText);
        REQUIRE(step.isEnd() == (i + 1 == path.size() && trace->complete));
    }
    REQUIRE(trace->axes[0].positions.size() ==
            static_cast<std::size_t>(3 + std::get<EncoderDecoderSpec>(m_model->spec()).sourceEnd));
    REQUIRE(trace->encoderOutputs.rows() == static_cast<int>(trace->axes[0].positions.size()));
}

TEST_CASE_FIXTURE(RunFixture, "weights and probabilities are distributions") {
    Recipe recipe = greedy(m_text);
    recipe.topK = 1'000'000; // all of the vocabulary
    const TracePtr trace = run(*m_model, recipe);
    for (const Pass& pass : trace->passes) {
        double total = 0, entropy = 0;
        REQUIRE(static_cast<int>(pass.output->candidates.size()) == m_model->target().vocabulary.size());
        for (const Candidate& c : pass.output->candidates) {
            total += std::exp(static_cast<double>(c.logProb));
            entropy -= std::exp(static_cast<double>(c.logProb)) * static_cast<double>(c.logProb);
        }
        REQUIRE(std::abs(total - 1) < 1e-5);
        REQUIRE(std::abs(entropy - static_cast<double>(pass.output->entropy)) < 1e-4);
        for (const HeadTrace& head : pass.row(0)->heads) {
            double sum = 0;
            for (float w : head.weights) sum += static_cast<double>(w);
            REQUIRE(std::abs(sum - 1) < 1e-5); // a softmax without factors
            REQUIRE(head.weights.size() == trace->axes[0].positions.size());
        }
    }
}

TEST_CASE_FIXTURE(RunFixture, "greedy takes the most probable") {
    const TracePtr trace = run(*m_model, greedy(m_text));
    for (const int index : trace->bestPath()) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(index)];
        const std::vector<Candidate>& candidates = trace->passOf(index).output->candidates;
        REQUIRE(step.wordId == candidates.front().id);
        for (std::size_t i = 1; i < candidates.size(); ++i)
            REQUIRE(candidates[i - 1].logProb >= candidates[i].logProb);
    }
}

TEST_CASE_FIXTURE(RunFixture, "forced on the greedy result gives its probabilities") {
    const TracePtr free = run(*m_model, greedy(m_text));
    std::vector<std::string> words = free->words(free->bestPath());
    if (free->complete) words.pop_back();
    Recipe recipe = greedy(m_text);
    recipe.search = SearchKind::Forced;
    recipe.target = detokenise(m_model->target().tokeniser.kind(), words);
    const TracePtr forced = run(*m_model, recipe);
    REQUIRE(forced->steps.size() == words.size() + 1);
    for (std::size_t i = 0; i < words.size(); ++i) {
        REQUIRE(forced->steps[i].forced);
        REQUIRE(forced->steps[i].wordText == words[i]);
        REQUIRE(forced->steps[i].logProb == free->steps[i].logProb);
        REQUIRE(forced->passes[i].row(0)->heads[0].weights == free->passes[i].row(0)->heads[0].weights);
    }
}

TEST_CASE_FIXTURE(RunFixture, "prefix is followed then left") {
    const std::string word = m_model->target().vocabulary.tokens().back();
    Recipe recipe = greedy(m_text);
    recipe.prefix = {word, word};
    const TracePtr trace = run(*m_model, recipe);
    REQUIRE(trace->steps.size() > 2);
    REQUIRE(trace->steps[1].wordText == word);
    REQUIRE((trace->steps[1].forced && !trace->steps[2].forced));
    REQUIRE(trace->steps[2].wordId == trace->passOf(2).output->candidates.front().id);
}

TEST_CASE_FIXTURE(RunFixture, "unknown words are marked") {
    const TracePtr trace = run(*m_model, greedy("zzzz " + m_text));
    const std::vector<Position>& source = trace->axes[0].positions;
    REQUIRE(source[0].role == TokenRole::Unknown);
    REQUIRE(source[0].text == "zzzz");
    REQUIRE(source[0].id == m_model->source()->vocabulary.special().unk);
    REQUIRE(source[1].role == TokenRole::Word);
}

TEST_CASE_FIXTURE(RunFixture, "offsets point into the text") {
    const std::string text = "  " + m_text;
    const TracePtr trace = run(*m_model, greedy(text));
    for (const Position& token : trace->axes[0].positions)
        if (token.isWord())
            REQUIRE(text.substr(static_cast<std::size_t>(token.begin),
                                static_cast<std::size_t>(token.end - token.begin)) == token.text);
}

TEST_CASE_FIXTURE(RunFixture, "empty texts are refused") {
    Recipe forced = greedy(m_text);
    forced.search = SearchKind::Forced;
    forced.target = "  ";
    for (const Recipe& recipe : {greedy(""), greedy("   "), forced}) try {
            run(*m_model, recipe);
            FAIL("an empty text was run");
        } catch (const Error& e) {
            REQUIRE(e.kind() == ErrorKind::Argument);
            REQUIRE_MESSAGE(fixture::contains(e.what(), "empty"), e.what());
        }
}

TEST_CASE_FIXTURE(RunFixture, "stop ends the run") {
    std::stop_source stop;
    int steps = 0;
    RunOptions options;
    options.stop = stop.get_token();
    options.progress = [&](int) {
        ++steps;
        stop.request_stop();
    };
    try {
        run(*m_model, greedy(m_text + " " + m_text), options);
        FAIL("the run went on after it was told to stop");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::Interrupted);
        REQUIRE(steps == 1);
    }
}

TEST_CASE_FIXTURE(RunFixture, "equal recipes hash alike") {
    Recipe a = greedy(kSource), b = greedy(kSource);
    REQUIRE(a.hash() == b.hash());
    b.prefix = {"x"};
    REQUIRE(a.hash() != b.hash());
    b = a;
    b.search = SearchKind::Forced;
    REQUIRE(a.hash() != b.hash());
}
