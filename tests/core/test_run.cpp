// SPDX-License-Identifier: GPL-3.0-or-later
// What every run must obey, on a real model: the chain of steps, probabilities, forced words, stopping.
#include <QTest>
#include <cmath>

#include "core/io/model_file.h"
#include "core/run/run.h"

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

class TestRun : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void stepsFormAChain();
    void weightsAndProbabilitiesAreDistributions();
    void greedyTakesTheMostProbable();
    void forcedOnTheGreedyResultGivesItsProbabilities();
    void prefixIsFollowedThenLeft();
    void unknownWordsAreMarked();
    void offsetsPointIntoTheText();
    void emptyTextsAreRefused();
    void stopEndsTheRun();
    void equalRecipesHashAlike();

private:
    ModelPtr m_model;
    std::string m_text; ///< three words of the model's vocabulary
};

void TestRun::initTestCase() {
    m_model = openModel(ATTENTOSCOPE_FIXTURES "/models/numpy.safetensors");
    const std::vector<std::string>& tokens = m_model->sourceVocabulary().tokens();
    m_text = tokens.at(4) + " " + tokens.at(5) + " " + tokens.at(4);
}

void TestRun::stepsFormAChain() {
    const TracePtr trace = run(*m_model, greedy(m_text));
    QVERIFY(!trace->steps.empty());
    QCOMPARE(trace->leaves.size(), 1U);
    const std::vector<int> path = trace->bestPath();
    QCOMPARE(path.size(), trace->steps.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(path[i])];
        QCOMPARE(step.parent, static_cast<int>(i) - 1);
        QCOMPARE(step.time, static_cast<int>(i));
        const Pass& pass = trace->passOf(path[i]);
        if (i > 0) QCOMPARE(pass.inputId, trace->steps[i - 1].wordId);
        if (i > 0) QCOMPARE(pass.inputText, trace->steps[i - 1].wordText);
        QCOMPARE(step.isEnd(), i + 1 == path.size() && trace->complete);
    }
    QCOMPARE(trace->axes[0].positions.size(), static_cast<std::size_t>(3 + m_model->spec().sourceEnd));
    QCOMPARE(trace->encoderOutputs.rows(), static_cast<int>(trace->axes[0].positions.size()));
}

void TestRun::weightsAndProbabilitiesAreDistributions() {
    Recipe recipe = greedy(m_text);
    recipe.topK = 1'000'000; // all of the vocabulary
    const TracePtr trace = run(*m_model, recipe);
    for (const Pass& pass : trace->passes) {
        double total = 0, entropy = 0;
        QCOMPARE(static_cast<int>(pass.output->candidates.size()), m_model->targetVocabulary().size());
        for (const Candidate& c : pass.output->candidates) {
            total += std::exp(static_cast<double>(c.logProb));
            entropy -= std::exp(static_cast<double>(c.logProb)) * static_cast<double>(c.logProb);
        }
        QVERIFY(std::abs(total - 1) < 1e-5);
        QVERIFY(std::abs(entropy - static_cast<double>(pass.output->entropy)) < 1e-4);
        for (const HeadTrace& head : pass.row(0)->heads) {
            double sum = 0;
            for (float w : head.weights) sum += static_cast<double>(w);
            QVERIFY(std::abs(sum - 1) < 1e-5); // a softmax without factors
            QCOMPARE(head.weights.size(), trace->axes[0].positions.size());
        }
    }
}

void TestRun::greedyTakesTheMostProbable() {
    const TracePtr trace = run(*m_model, greedy(m_text));
    for (const int index : trace->bestPath()) {
        const StepTrace& step = trace->steps[static_cast<std::size_t>(index)];
        const std::vector<Candidate>& candidates = trace->passOf(index).output->candidates;
        QCOMPARE(step.wordId, candidates.front().id);
        for (std::size_t i = 1; i < candidates.size(); ++i)
            QVERIFY(candidates[i - 1].logProb >= candidates[i].logProb);
    }
}

void TestRun::forcedOnTheGreedyResultGivesItsProbabilities() {
    const TracePtr free = run(*m_model, greedy(m_text));
    std::vector<std::string> words = free->words(free->bestPath());
    if (free->complete) words.pop_back();
    Recipe recipe = greedy(m_text);
    recipe.search = SearchKind::Forced;
    recipe.target = detokenise(m_model->card().targetTokeniser, words);
    const TracePtr forced = run(*m_model, recipe);
    QCOMPARE(forced->steps.size(), words.size() + 1);
    for (std::size_t i = 0; i < words.size(); ++i) {
        QVERIFY(forced->steps[i].forced);
        QCOMPARE(forced->steps[i].wordText, words[i]);
        QCOMPARE(forced->steps[i].logProb, free->steps[i].logProb);
        QCOMPARE(forced->passes[i].row(0)->heads[0].weights, free->passes[i].row(0)->heads[0].weights);
    }
}

void TestRun::prefixIsFollowedThenLeft() {
    const std::string word = m_model->targetVocabulary().tokens().back();
    Recipe recipe = greedy(m_text);
    recipe.prefix = {word, word};
    const TracePtr trace = run(*m_model, recipe);
    QVERIFY(trace->steps.size() > 2);
    QCOMPARE(trace->steps[1].wordText, word);
    QVERIFY(trace->steps[1].forced && !trace->steps[2].forced);
    QCOMPARE(trace->steps[2].wordId, trace->passOf(2).output->candidates.front().id);
}

void TestRun::unknownWordsAreMarked() {
    const TracePtr trace = run(*m_model, greedy("zzzz " + m_text));
    const std::vector<Position>& source = trace->axes[0].positions;
    QVERIFY(source[0].role == TokenRole::Unknown);
    QCOMPARE(source[0].text, std::string("zzzz"));
    QCOMPARE(source[0].id, m_model->sourceVocabulary().special().unk);
    QVERIFY(source[1].role == TokenRole::Word);
}

void TestRun::offsetsPointIntoTheText() {
    const std::string text = "  " + m_text;
    const TracePtr trace = run(*m_model, greedy(text));
    for (const Position& token : trace->axes[0].positions)
        if (token.isWord())
            QCOMPARE(text.substr(static_cast<std::size_t>(token.begin),
                                 static_cast<std::size_t>(token.end - token.begin)),
                     token.text);
}

void TestRun::emptyTextsAreRefused() {
    Recipe forced = greedy(m_text);
    forced.search = SearchKind::Forced;
    forced.target = "  ";
    for (const Recipe& recipe : {greedy(""), greedy("   "), forced}) try {
            run(*m_model, recipe);
            QFAIL("an empty text was run");
        } catch (const Error& e) {
            QCOMPARE(e.kind(), ErrorKind::Argument);
            QVERIFY2(QString(e.what()).contains("empty"), e.what());
        }
}

void TestRun::stopEndsTheRun() {
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
        QFAIL("the run went on after it was told to stop");
    } catch (const Error& e) {
        QCOMPARE(e.kind(), ErrorKind::Interrupted);
        QCOMPARE(steps, 1);
    }
}

void TestRun::equalRecipesHashAlike() {
    Recipe a = greedy(kSource), b = greedy(kSource);
    QCOMPARE(a.hash(), b.hash());
    b.prefix = {"x"};
    QVERIFY(a.hash() != b.hash());
    b = a;
    b.search = SearchKind::Forced;
    QVERIFY(a.hash() != b.hash());
}

QTEST_GUILESS_MAIN(TestRun)
#include "test_run.moc"
