// SPDX-License-Identifier: GPL-3.0-or-later
// Laws of the search: what beam, sampling and greedy must agree on, against exhaustive enumeration and
// against the definitions of their options.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "core/io/model_file.h"
#include "core/model/networks.h"
#include "core/run/search/draw.h"
#include "core/run/search/hypothesis_score.h"
#include "core/run/translate.h"

using namespace attn;

namespace {

const std::string models = ATTENTOSCOPE_FIXTURES "/models/";

/// A model over few words with random weights, so that every sequence can be enumerated.
Model tinyModel(std::uint64_t seed, bool coverage = false) {
    const ModelPtr base = openModel(models + "torch_gru_additive.safetensors");
    EncoderDecoderSpec spec = std::get<EncoderDecoderSpec>(base->spec());
    spec.sourceVocabulary = spec.targetVocabulary = 6;
    spec.attention->coverage = coverage;
    const Vocabulary words({"<pad>", "<s>", "</s>", "<unk>", "a", "b"}, base->target().vocabulary.special());
    ModelCard card = base->card();
    card.name = "tiny";
    card.examples.clear();
    card.never = {"<pad>", "<s>"};
    Random random(seed);
    Parameters<float> parameters;
    for (const ParameterShape& shape : spec.schema()) {
        Matrix<float> values(shape.rows(), shape.cols());
        for (float& x : values) x = static_cast<float>(random.uniform(-1.2, 1.2));
        parameters.add(shape, std::move(values));
    }
    return Model(card, spec, {makeSide(SideRole::Source, words), makeSide(SideRole::Target, words)},
                 std::move(parameters));
}

struct Found {
    std::vector<int> ids;
    double total = 0;
};

/// Every sequence of at most `limit` tokens that ends with the end symbol or at the limit, best first, scored
/// by following it. Written without the search's code but for the score of one hypothesis along given tokens.
std::vector<Found> enumerate(const Model& model, const std::vector<int>& source, int limit,
                             const BeamOptions& beam) {
    std::vector<std::vector<int>> open{{}}, all;
    for (int t = 0; t < limit; ++t) {
        std::vector<std::vector<int>> next;
        for (const std::vector<int>& ids : open)
            for (int id = 2; id < model.target().vocabulary.size(); ++id) {
                std::vector<int> longer = ids;
                longer.push_back(id);
                (id == 2 || t + 1 == limit ? all : next).push_back(longer);
            }
        open = std::move(next);
    }
    TranslateOptions options;
    options.weights = true;
    const auto followed = follow(model, std::vector(all.size(), source), all, options);
    std::vector<Found> found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const double length = static_cast<double>(all[i].size());
        const double divisor = beam.length == LengthNormalisation::Gnmt
                                   ? std::pow((5 + length) / 6, beam.lengthPenalty)
                                   : std::pow(length, beam.lengthPenalty);
        double coverage = 0;
        for (int j = 0; j < followed[i].weights.cols(); ++j) {
            double sum = 0;
            for (int t = 0; t < followed[i].weights.rows(); ++t)
                sum += static_cast<double>(followed[i].weights(t, j));
            coverage += beam.coverage == CoverageKind::Gnmt ? std::log(std::min(sum, 1.0))
                                                            : -(std::max(sum, 1.0) - 1);
        }
        found.push_back({all[i], (followed[i].logProb() - beam.wordPenalty * length) / divisor +
                                     beam.coveragePenalty * coverage});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.total > b.total; });
    return found;
}

} // namespace

TEST_CASE("a wide beam finds what exhaustive enumeration finds") {
    const std::vector<int> source{4, 5, 4, 2};
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Model model = tinyModel(seed, seed % 2 == 0);
        std::vector<BeamOptions> variants(7);
        variants[1].lengthPenalty = 0.6;
        variants[2].length = LengthNormalisation::Power, variants[2].lengthPenalty = 1;
        variants[3].wordPenalty = -0.7;
        variants[4].coveragePenalty = 0.5;
        variants[5].coveragePenalty = 0.5, variants[5].coverage = CoverageKind::Summary;
        variants[6].coveragePenalty = 0.2, variants[6].lengthPenalty = 1.5;
        for (BeamOptions beam : variants) {
            beam.width = 400; // 4 + 4 * 3 + ...: more than all sequences up to 4 tokens
            const std::vector<Found> all = enumerate(model, source, 4, beam);
            TranslateOptions options;
            options.maxSteps = 4;
            options.search = SearchKind::Beam;
            options.beam = beam;
            const Translation best = translate(model, {source}, options).front();
            CHECK(best.ids == all.front().ids);
            CHECK(best.score.total == doctest::Approx(all.front().total).epsilon(1e-5));
        }
    }
}

TEST_CASE("equal sentences in a batch and alone give the same hypotheses") {
    const ModelPtr model = openModel(models + "torch_gru_additive.safetensors");
    Random random(5);
    std::vector<std::vector<int>> sources;
    for (int i = 0; i < 40; ++i) {
        sources.emplace_back();
        for (int n = 1 + random.below(9); n > 0; --n)
            sources.back().push_back(4 + random.below(model->source()->vocabulary.size() - 4));
        if (encoderDecoder(*model).spec().sourceEnd)
            sources.back().push_back(model->source()->vocabulary.special().eos);
    }
    TranslateOptions options;
    options.maxSteps = 25;
    options.weights = true;
    for (const SearchKind kind : {SearchKind::Greedy, SearchKind::Beam}) {
        options.search = kind;
        options.beam.lengthPenalty = 0.6;
        options.beam.coveragePenalty = 0.2;
        for (const BeamPlaces places : {BeamPlaces::Freed, BeamPlaces::Refilled}) {
            options.beam.places = places;
            const auto together = translate(*model, sources, options);
            for (std::size_t i = 0; i < sources.size(); ++i) {
                const Translation alone = translate(*model, {sources[i]}, options).front();
                CHECK(alone.ids == together[i].ids);
                CHECK(alone.score.total == doctest::Approx(together[i].score.total).epsilon(1e-4));
                REQUIRE(alone.weights.rows() == together[i].weights.rows());
                for (std::size_t j = 0; j < alone.weights.size(); ++j)
                    CHECK(std::abs(alone.weights.data()[j] - together[i].weights.data()[j]) < 1e-4F);
            }
        }
    }
}

TEST_CASE("the score's parts follow their formulas") {
    BeamOptions beam;
    const List<double> covered{0.5, 2.0, 1.0};
    CHECK(hypothesisScore(beam, -3, 4, covered).total == -3);
    beam.lengthPenalty = 0.5;
    CHECK(hypothesisScore(beam, -3, 4, covered).length == doctest::Approx(std::sqrt(9.0 / 6)));
    beam.countStart = true;
    CHECK(hypothesisScore(beam, -3, 4, covered).length == doctest::Approx(std::sqrt(10.0 / 6)));
    beam.countStart = false;
    beam.length = LengthNormalisation::Power;
    CHECK(hypothesisScore(beam, -3, 4, covered).total == doctest::Approx(-1.5));
    beam.wordPenalty = 0.25;
    CHECK(hypothesisScore(beam, -3, 4, covered).total == doctest::Approx(-2.0));
    beam.coveragePenalty = 0.2;
    HypothesisScore score = hypothesisScore(beam, -3, 4, covered);
    CHECK(score.coverage == doctest::Approx(0.2 * std::log(0.5)));
    CHECK(score.total == doctest::Approx(-2.0 + 0.2 * std::log(0.5)));
    beam.stepwise = true;
    CHECK(hypothesisScore(beam, -3, 4, covered).coverage == doctest::Approx(0.1 * std::log(0.5)));
    beam.coverage = CoverageKind::Summary;
    beam.stepwise = false;
    CHECK(hypothesisScore(beam, -3, 4, covered).coverage == doctest::Approx(-0.2));
    CHECK(std::isfinite(hypothesisScore(beam, -3, 4, {0.0, 0.0}).total));
}

TEST_CASE("options out of bounds are named") {
    BeamOptions beam;
    CHECK(beam.validate().empty());
    beam.width = 3, beam.nBest = 4;
    REQUIRE(beam.validate().size() == 1);
    CHECK(beam.validate()[0].where == "beam.n_best");
    beam = {};
    beam.width = 0, beam.lengthPenalty = NAN, beam.coveragePenalty = -1;
    CHECK(beam.validate().size() == 4); // and n-best is more than the width
    SampleOptions sample;
    CHECK(sample.validate().empty());
    sample.topP = 0, sample.temperature = -1;
    CHECK(sample.validate().size() == 2);
    Recipe a, b;
    b.beam.lengthPenalty = 0.6;
    CHECK(a.hash() != b.hash());
    b = a, b.sample.seed = 2;
    CHECK(a.hash() != b.hash());
}

// ---- sampling

namespace {

const std::vector<float> kLogits{1.0F, -0.5F, 2.0F, 0.3F, 2.0F, -3.0F, 0.0F, 1.2F};
const auto all = [](int) { return true; };

std::map<int, double> shares(const SampleOptions& options) {
    std::map<int, double> found;
    for (const TokenProbability& t :
         samplingDistribution(kLogits.data(), static_cast<int>(kLogits.size()), options, all))
        found[t.id] = t.probability;
    return found;
}

std::map<int, double> softmax(double temperature) {
    double sum = 0;
    for (const float x : kLogits) sum += std::exp(static_cast<double>(x) / temperature);
    std::map<int, double> p;
    for (std::size_t i = 0; i < kLogits.size(); ++i)
        p[static_cast<int>(i)] = std::exp(static_cast<double>(kLogits[i]) / temperature) / sum;
    return p;
}

} // namespace

TEST_CASE("10,000 draws of a step have the frequencies of the distribution") {
    SampleOptions options;
    options.temperature = 1.3;
    const auto tokens = samplingDistribution(kLogits.data(), static_cast<int>(kLogits.size()), options, all);
    const std::map<int, double> expected = softmax(1.3);
    for (const TokenProbability& t : tokens)
        CHECK(t.probability == doctest::Approx(expected.at(t.id)).epsilon(1e-9));
    // Over seeds, over sentences, and over steps: each has to be a stream of independent draws.
    for (int over = 0; over < 3; ++over) {
        std::map<int, int> seen;
        for (int i = 0; i < 10'000; ++i)
            ++seen[drawToken(tokens, over == 0 ? static_cast<std::uint64_t>(i) : 7, over == 1 ? i : 0,
                             over == 2 ? i : 0)];
        double chi = 0;
        for (const auto& [id, p] : expected) chi += std::pow(seen[id] - 10'000 * p, 2) / (10'000 * p);
        CHECK(chi < 24.32); // the 0.999 quantile of chi squared with 7 degrees of freedom
        CHECK(chi > 0.598); // the 0.001 quantile: draws that are too even are no draws
    }
}

TEST_CASE("top-k and top-p keep the fewest of the most probable, in proportion") {
    for (int k = 1; k <= 9; ++k) {
        SampleOptions options;
        options.topK = k;
        const std::map<int, double> found = shares(options), whole = softmax(1);
        CHECK(static_cast<int>(found.size()) == std::min(k, 8));
        double sum = 0, kept = 0, least = 1, mostLeft = 0;
        for (const auto& [id, p] : whole)
            if (found.contains(id))
                kept += p, least = std::min(least, p);
            else
                mostLeft = std::max(mostLeft, p);
        CHECK(least >= mostLeft);
        for (const auto& [id, p] : found) {
            CHECK(p == doctest::Approx(whole.at(id) / kept).epsilon(1e-9));
            sum += p;
        }
        CHECK(sum == doctest::Approx(1).epsilon(1e-12));
    }
    CHECK(shares({.topK = 1}).contains(2)); // 2 and 4 are equal: the first
    for (double p = 0.05; p < 1; p += 0.05) {
        SampleOptions options;
        options.topP = p;
        const std::map<int, double> found = shares(options), whole = softmax(1);
        double kept = 0, least = 1, mostLeft = 0;
        for (const auto& [id, share] : whole)
            if (found.contains(id))
                kept += share, least = std::min(least, share);
            else
                mostLeft = std::max(mostLeft, share);
        CHECK(kept >= p - 1e-12);
        CHECK(kept - least < p); // without the least of them it would not be enough
        CHECK(least >= mostLeft);
    }
    // Temperature comes first, then top-k, then top-p of what is left.
    SampleOptions options{.temperature = 0.5, .topK = 3, .topP = 0.8};
    const std::map<int, double> cold = softmax(0.5);
    const double three = cold.at(2) + cold.at(4) + cold.at(7);
    REQUIRE(cold.at(2) / three < 0.8);
    REQUIRE((cold.at(2) + cold.at(4)) / three >= 0.8);
    CHECK(shares(options).size() == 2);
    CHECK(samplingDistribution(kLogits.data(), 8, {}, [](int) { return false; }).empty());
}

TEST_CASE("temperature 0 is greedy; equal seeds repeat, others differ") {
    const ModelPtr model = openModel(resolveModel("dates-additive"));
    std::vector<std::vector<int>> sources;
    Random random(9);
    for (int i = 0; i < 20; ++i) {
        sources.emplace_back();
        for (int n = 8; n > 0; --n)
            sources.back().push_back(4 + random.below(model->source()->vocabulary.size() - 4));
        sources.back().push_back(model->source()->vocabulary.special().eos);
    }
    const auto idsOf = [&](const TranslateOptions& options) {
        std::vector<std::vector<int>> ids;
        for (const Translation& t : translate(*model, sources, options)) ids.push_back(t.ids);
        return ids;
    };
    TranslateOptions greedy, sample;
    sample.search = SearchKind::Sample;
    sample.sample.temperature = 0;
    CHECK(idsOf(sample) == idsOf(greedy));
    sample.sample.temperature = 2;
    const auto first = idsOf(sample);
    CHECK(first == idsOf(sample));
    CHECK(first != idsOf(greedy));
    sample.threads = 3;
    CHECK(first == idsOf(sample));
    sample.sample.seed = 2;
    CHECK(first != idsOf(sample));
}

TEST_CASE("a search that cannot be is refused with its reason") {
    const ModelPtr model = openModel(models + "torch_gru_additive.safetensors");
    TranslateOptions options;
    options.search = SearchKind::Beam;
    options.beam.nBest = 7;
    CHECK_THROWS_WITH_AS(translate(*model, {{4, 5}}, options), doctest::Contains("beam.n_best"), Error);
}
