// SPDX-License-Identifier: GPL-3.0-or-later
// BLEU and chrF against figures of a script of its own (tests/fixtures/bleu/make.py), and what they refuse.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/measure/bleu.h"
#include "core/measure/chrf.h"

using namespace attn;
using nlohmann::json;

namespace {

BleuOptions bleuOptions(const json& from) {
    BleuOptions options;
    if (from.contains("way")) options.tokens = *fromText<ScoreTokens>(from["way"].get<std::string>());
    if (from.contains("smoothing"))
        options.smoothing = *fromText<BleuSmoothing>(from["smoothing"].get<std::string>());
    if (from.contains("value")) options.smoothingValue = from["value"].get<double>();
    options.lowercase = from.value("lowercase", false);
    options.effectiveOrder = from.value("effective", false);
    return options;
}

ChrfOptions chrfOptions(const json& from) {
    ChrfOptions options;
    options.characterOrder = from.value("characters", options.characterOrder);
    options.wordOrder = from.value("word_order", options.wordOrder);
    options.beta = from.value("beta", options.beta);
    options.lowercase = from.value("lowercase", false);
    options.epsilonSmoothing = from.value("epsilon", false);
    return options;
}

bool near(double found, double expected) {
    return std::abs(found - expected) <= 1e-6;
}

ErrorKind kindOf(const std::function<void()>& work, std::string& message) {
    try {
        work();
    } catch (const Error& error) {
        message = error.what();
        return error.kind();
    }
    return ErrorKind::Bug;
}

} // namespace

TEST_CASE("figures of the script") {
    std::ifstream file(ATTENTOSCOPE_FIXTURES "/bleu/figures.json");
    const json cases = json::parse(file)["cases"];
    int bleus = 0, chrfs = 0;
    for (const json& one : cases) {
        const auto hypotheses = one["hypotheses"].get<std::vector<std::string>>();
        const auto references = one["references"].get<References>();
        const json& expected = one["figures"];
        const std::string name = one["name"];
        if (one["kind"] == "chrf") {
            ++chrfs;
            const double found = corpusChrf(hypotheses, references, chrfOptions(one["options"])).score;
            REQUIRE_MESSAGE(near(found, expected["chrf"]),
                            (name + ": " + std::to_string(found) + ", expected " + expected.dump()));
            continue;
        }
        ++bleus;
        const BleuResult found = corpusBleu(hypotheses, references, bleuOptions(one["options"]));
        bool same = near(found.score, expected["bleu"]) &&
                    near(found.brevityPenalty, expected["brevity_penalty"]) &&
                    found.systemLength == expected["system_length"] &&
                    found.referenceLength == expected["reference_length"];
        for (std::size_t n = 0; n < 4; ++n)
            same = same && near(found.precisions[n], expected["precisions"][n]);
        REQUIRE_MESSAGE(same, (name + ": " + found.text() + ", expected " + expected.dump()));
    }
    REQUIRE(bleus >= 300);
    REQUIRE(chrfs >= 100);
}

TEST_CASE("identical texts score hundred") {
    const std::vector<std::string> texts{"one two three four, five!", "二十四个字 a b c d", "short"};
    for (const auto& [tokens, name] : EnumNames<ScoreTokens>::names) {
        BleuOptions options;
        options.tokens = tokens;
        const BleuResult bleu = corpusBleu(texts, singleReferences(texts), options);
        REQUIRE(near(bleu.score, 100));
        REQUIRE(bleu.brevityPenalty == 1.0);
        REQUIRE(bleu.systemLength == bleu.referenceLength);
    }
    REQUIRE(near(corpusChrf(texts, singleReferences(texts)).score, 100));
}

TEST_CASE("signatures say how") {
    BleuOptions options;
    const std::vector<std::string> texts{"a b c d e", "f g"};
    REQUIRE(corpusBleu(texts, singleReferences(texts), options)
                .signature.starts_with("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:attn-"));
    options = {ScoreTokens::Chinese, BleuSmoothing::Floor, std::nullopt, true, true};
    const References two{{"a b", "c"}, {"f g"}};
    REQUIRE(corpusBleu(texts, two, options)
                .signature.starts_with("nrefs:var|case:lc|eff:yes|tok:zh|smooth:floor[0.10]|version:"));
    ChrfOptions words;
    words.wordOrder = 2;
    const ChrfResult chrf = corpusChrf(texts, {{"a", "b"}, {"c", "d"}}, words);
    REQUIRE(chrf.name == "chrF2++");
    REQUIRE(chrf.signature.starts_with("nrefs:2|case:mixed|eff:yes|nc:6|nw:2|space:no|version:"));
    // By hand: five words of six, all in the reference's order; BP = exp(1 - 6/5).
    const BleuResult bleu = corpusBleu({"a b c d e"}, {{"a b c d e f"}});
    REQUIRE(near(bleu.score, 100 * std::exp(-0.2)));
    REQUIRE(bleu.text().ends_with(
        " = 81.87 100.0/100.0/100.0/100.0 (BP = 0.819 ratio = 0.833 hyp_len = 5 ref_len = 6)"));
}

TEST_CASE("faults are named") {
    std::string message;
    REQUIRE(kindOf([] { corpusBleu({"a", "b"}, {{"a"}}); }, message) == ErrorKind::Argument);
    REQUIRE((message.find('2') != std::string::npos && message.find('1') != std::string::npos));
    REQUIRE(kindOf([] { corpusBleu({"a", "b"}, {{"a"}, {""}}); }, message) == ErrorKind::Data);
    REQUIRE(message.find("sentence 2") != std::string::npos);
    REQUIRE(kindOf([] { corpusChrf({"a", "\xff"}, {{"a"}, {"b"}}); }, message) == ErrorKind::Data);
    REQUIRE(message.find("sentence 2") != std::string::npos);
    ChrfOptions none;
    none.characterOrder = 0;
    none.beta = 0;
    REQUIRE(kindOf([&] { corpusChrf({"a"}, {{"a"}}, none); }, message) == ErrorKind::Argument);
    REQUIRE(
        (message.find("beta") != std::string::npos && message.find("characterOrder") != std::string::npos));
}
