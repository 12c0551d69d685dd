// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "core/evaluate/evaluation.h"
#include "core/io/model_file.h"

using namespace attn;

namespace {

const ModelPtr& model() {
    static const ModelPtr opened = openModel(resolveModel("reverse-additive"));
    return opened;
}

Evaluation evaluated(const std::vector<EvalPair>& pairs) {
    return evaluate(*model(), pairs, "reverse", {});
}

} // namespace

TEST_CASE("totals are the sums of the sentences' results") {
    const std::vector<EvalPair> pairs = taskPairs(*model(), "reverse", 30, 7);
    const Evaluation all = evaluated(pairs);
    REQUIRE(all.results.size() == 30);
    CHECK(all.sentences == 30);
    long long words = 0, wordsRight = 0, right = 0;
    double logProb = 0, entropy = 0;
    AlignmentError alignment;
    for (const SentenceResult& result : all.results) {
        words += result.words;
        wordsRight += result.wordsRight;
        right += result.right;
        logProb += result.logProb;
        REQUIRE(result.entropy);
        REQUIRE(result.alignment);
        entropy += *result.entropy * result.words;
        alignment += *result.alignment;
        CHECK(result.loss() == doctest::Approx(-result.logProb / result.words));
    }
    CHECK(all.words == words);
    CHECK(all.wordsRight == wordsRight);
    CHECK(all.sentencesRight == right);
    CHECK(all.logProb == doctest::Approx(logProb));
    CHECK(*all.entropy == doctest::Approx(entropy / static_cast<double>(words)));
    CHECK(*all.alignment == alignment);
    CHECK(all.alignment->hypothesised > 0);
}

TEST_CASE("a sentence's result does not depend on the others") {
    const std::vector<EvalPair> pairs = taskPairs(*model(), "reverse", 6, 8);
    const Evaluation all = evaluated(pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const SentenceResult alone = evaluated({pairs[i]}).results.at(0), &among = all.results[i];
        CHECK(alone.translation == among.translation);
        CHECK(alone.right == (alone.translation == pairs[i].target));
        CHECK(alone.logProb == doctest::Approx(among.logProb).epsilon(1e-4));
        CHECK(*alone.entropy == doctest::Approx(*among.entropy).epsilon(1e-4));
    }
}

TEST_CASE("it can be watched and stopped") {
    const std::vector<EvalPair> pairs = taskPairs(*model(), "reverse", 510, 9); // two parts of at most 500
    std::stop_source stop;
    EvaluationOptions options;
    options.stop = stop.get_token();
    std::vector<long long> seen;
    options.progress = [&](long long sentences) {
        seen.push_back(sentences);
        stop.request_stop();
    };
    try {
        evaluate(*model(), pairs, "reverse", options);
        FAIL("it went on");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::Interrupted);
        CHECK(std::string(error.what()).find("500 of 510") != std::string::npos);
    }
    CHECK(seen == std::vector<long long>{500});
}
