// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding many sentences at once gives what run() gives one by one: words, probabilities, weights.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/io/model_file.h"
#include "core/measure/attention_measures.h"
#include "core/model/other_weights.h"
#include "core/run/run.h"
#include "core/run/translate.h"
#include "core/run/typed_text.h"
#include "core/tasks/split.h"

using namespace attn;

namespace {

std::vector<int> idsOf(const std::vector<Position>& tokens) {
    std::vector<int> ids;
    for (const Position& token : tokens) ids.push_back(token.id);
    return ids;
}

/// The mean of the heads of one step of a trace.
std::vector<double> meanWeights(const Pass& pass) {
    std::vector<double> mean;
    if (pass.rows.empty()) return mean;
    const std::vector<HeadTrace>& heads = pass.row(0)->heads;
    for (const HeadTrace& head : heads) {
        mean.resize(head.weights.size());
        for (std::size_t j = 0; j < mean.size(); ++j)
            mean[j] += static_cast<double>(head.weights[j]) / static_cast<double>(heads.size());
    }
    return mean;
}

/// What differs, or nothing.
std::string difference(const Trace& trace, const Translation& found) {
    const std::vector<int> path = trace.bestPath();
    if (path.size() != found.ids.size() || trace.complete != found.complete)
        return std::to_string(found.ids.size()) + " words, expected " + std::to_string(path.size());
    for (std::size_t t = 0; t < path.size(); ++t) {
        const StepTrace& step = trace.steps[static_cast<std::size_t>(path[t])];
        if (step.wordId != found.ids[t]) return "word " + std::to_string(t) + " is not " + step.wordText;
        const Candidate& likeliest = trace.passOf(path[t]).output->candidates.front();
        if (likeliest.id != found.likeliest[t])
            return "the likeliest word " + std::to_string(t) + " is not " + likeliest.text;
        if (std::abs(static_cast<double>(step.logProb) - found.logProbs[t]) > 1e-4)
            return "log-probability " + std::to_string(found.logProbs[t]) + ", expected " +
                   std::to_string(step.logProb);
        const std::vector<double> weights = meanWeights(trace.passOf(path[t]));
        if (weights.empty() != (found.weights.cols() == 0)) return "weights are there on one side only";
        for (std::size_t j = 0; j < weights.size(); ++j)
            if (std::abs(weights[j] -
                         static_cast<double>(found.weights(static_cast<int>(t), static_cast<int>(j)))) > 1e-4)
                return "weight " + std::to_string(j) + " of word " + std::to_string(t);
    }
    return "";
}

/// Sentences of many lengths from a model's own vocabulary, with an unknown word among them.
std::vector<std::string> sentencesOf(const Model& model, int count) {
    Random random(7);
    const std::vector<std::string>& tokens = model.source()->vocabulary.tokens();
    std::vector<std::string> sentences;
    for (int i = 0; i < count; ++i) {
        std::vector<std::string> words;
        for (int length = 1 + random.below(8), w = 0; w < length; ++w)
            words.push_back(random.chance(0.05) ? "zzz" : random.pick(tokens));
        sentences.push_back(model.source()->tokeniser.detokenise(words));
    }
    return sentences;
}

/// Compares all of them, greedy and along `targets`; limits steps where a model does not know its end.
void compare(const Model& model, const std::vector<std::string>& sentences,
             const std::vector<std::string>& targets) {
    std::vector<std::vector<int>> sources, given;
    std::vector<std::vector<std::string>> words; // as typed: what a model that copies needs
    for (const std::string& sentence : sentences) {
        const std::vector<Position> positions = typedSource(model, sentence);
        sources.push_back(idsOf(positions));
        words.emplace_back();
        for (const Position& position : positions)
            if (position.id >= 0) words.back().push_back(position.text);
    }
    for (const std::string& target : targets) given.push_back(typedTarget(model, target).ids);
    TranslateOptions options;
    options.weights = true;
    options.maxSteps = 30;
    options.sourceWords = &words;
    const std::vector<Translation> greedy = translate(model, sources, options);
    const std::vector<Translation> forced = follow(model, sources, given, options);
    options.threads = 3;
    const std::vector<Translation> threaded = translate(model, sources, options);
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        Recipe recipe;
        recipe.source = sentences[i];
        recipe.topK = 1;
        recipe.maxSteps = 30;
        std::string wrong = difference(*run(model, recipe), greedy[i]);
        REQUIRE_MESSAGE(wrong.empty(), (model.name() + ", \"" + sentences[i] + "\": " + wrong));
        REQUIRE(threaded[i].ids == greedy[i].ids);
        REQUIRE(threaded[i].logProbs == greedy[i].logProbs);
        recipe.search = SearchKind::Forced;
        recipe.target = targets[i];
        wrong = difference(*run(model, recipe), forced[i]);
        REQUIRE_MESSAGE(wrong.empty(), (model.name() + " forced, \"" + sentences[i] + "\": " + wrong));
    }
}

} // namespace

TEST_CASE("every kind of model agrees with run") {
    int models = 0;
    for (const auto& entry : std::filesystem::directory_iterator(ATTENTOSCOPE_FIXTURES "/models")) {
        if (entry.path().extension() != ".safetensors") continue;
        ModelPtr model;
        try {
            model = openModel(entry.path().string());
        } catch (const Error&) {
            continue; // a fixture that is to be refused
        }
        ++models;
        const std::vector<std::string> sentences = sentencesOf(*model, 20);
        std::vector<std::string> targets;
        const std::vector<std::string>& tokens = model->target().vocabulary.tokens();
        for (std::size_t i = 0; i < sentences.size(); ++i)
            targets.push_back(model->target().tokeniser.detokenise(
                {tokens[4 + i % (tokens.size() - 4)], tokens[4 + i * i % (tokens.size() - 4)], tokens[4]}));
        compare(*model, sentences, targets);
    }
    REQUIRE(models >= 3);
}

/// What attention remembers of a source or of the steps before must go with its sentence when others end.
TEST_CASE("every state of attention is kept") {
    const ModelPtr base = openModel(ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors");
    const EncoderDecoderSpec baseSpec = std::get<EncoderDecoderSpec>(base->spec());
    const AttentionSpec additive = baseSpec.attention.value();
    REQUIRE(additive.score == Score::Additive);
    AttentionSpec coverage = additive, monotonic = additive, relevance = additive, locationKey = additive;
    coverage.coverage = true;
    monotonic.scope = Scope::Monotonic;
    monotonic.normaliser = Normaliser::Sigmoid;
    relevance.relevance = true;
    locationKey.score = Score::LocationKey;
    locationKey.maxPositions = 20;
    Random random(3);
    for (const std::optional<AttentionSpec>& attention :
         {std::optional(coverage), std::optional(monotonic), std::optional<AttentionSpec>(),
          std::optional(relevance), std::optional(locationKey)}) {
        EncoderDecoderSpec spec = baseSpec;
        spec.attention = attention;
        REQUIRE_MESSAGE(spec.validate().empty(), toText(spec.validate()));
        ModelCard card = base->card();
        card.name = attention
                        ? std::string(toText(attention->score)) + " " + std::string(toText(attention->scope))
                        : "no attention";
        const Model model(card, spec, base->sides(), Parameters<float>::initialised(spec.schema(), random));
        const std::vector<std::string> sentences = sentencesOf(model, 20);
        compare(model, sentences, std::vector<std::string>(sentences.size(), "a b c"));
    }
}

namespace {

struct BundledModelsAgreeWithRunOnTheirTaskRow {
    std::string row;
    std::string name;
    int count;
};

std::vector<BundledModelsAgreeWithRunOnTheirTaskRow> bundledModelsAgreeWithRunOnTheirTaskRows() {
    std::vector<BundledModelsAgreeWithRunOnTheirTaskRow> rows;
    rows.push_back({"additive", "en-fr-additive", 200});
    rows.push_back({"general", "en-fr-general", 40});
    rows.push_back({"heads", "en-fr-heads", 40});
    return rows;
}

} // namespace

TEST_CASE("bundled models agree with run on their task") {
    for (const BundledModelsAgreeWithRunOnTheirTaskRow& row : bundledModelsAgreeWithRunOnTheirTaskRows()) {
        CAPTURE(row.row);
        const std::string& name = row.name;
        const int count = row.count;
        const ModelPtr model = openModel(resolveModel(name));
        const auto task = makeTask(model->card().task);
        Random random(11);
        std::vector<std::string> sentences, targets;
        for (int i = 0; i < count; ++i) {
            const Example example = generateFrom(*task, Split::Test, random);
            sentences.push_back(model->source()->tokeniser.detokenise(example.source));
            targets.push_back(model->target().tokeniser.detokenise(example.target));
        }
        compare(*model, sentences, targets);
    }
}

TEST_CASE("a sentence at fault is named") {
    // Numbers that are not finite reach the output only through one word's embedding.
    const ModelPtr sound = openModel(ATTENTOSCOPE_FIXTURES "/models/numpy.safetensors");
    Parameters<float> parameters;
    for (const ParameterShape& shape : modelSchema(sound->spec())) {
        Matrix<float> values = sound->parameters()[shape.name].value();
        if (shape.name == "source_embedding.W") std::fill(values.row(5), values.row(6), NAN);
        parameters.add(shape, std::move(values));
    }
    const Model broken(sound->card(), sound->spec(), sound->sides(), std::move(parameters));
    std::size_t named = 99;
    try {
        translate(broken, {{4, 6}, {6, 4, 4}, {4, 5}, {6, 6}});
    } catch (const SentenceError& error) {
        named = error.sentence();
        REQUIRE(error.kind() == ErrorKind::Data);
    }
    REQUIRE(named == 2U);
}

TEST_CASE("stop ends it") {
    const ModelPtr model = openModel(ATTENTOSCOPE_FIXTURES "/models/numpy.safetensors");
    std::stop_source stop;
    stop.request_stop();
    TranslateOptions options;
    options.stop = stop.get_token();
    bool stopped = false;
    try {
        translate(*model, {{4, 5}}, options);
    } catch (const Error& error) {
        stopped = error.kind() == ErrorKind::Interrupted;
    }
    REQUIRE(stopped);
}

TEST_CASE("half weights change little") {
    const std::string path = ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors";
    const ModelPtr model = openModel(path), rounded = withHalfWeights(*model);
    REQUIRE(!rounded->selfTest());
    const ModelPtr again = openModel(path);
    int moved = 0;
    for (const auto& entry : model->parameters().entries()) {
        // The model that was given, and so its file, keeps its numbers.
        const Matrix<float>& numbers = entry.var.value();
        REQUIRE(numbers == again->parameters()[entry.shape.name].value());
        const Matrix<float>& near = rounded->parameters()[entry.shape.name].value();
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const float x = numbers.data()[i], y = near.data()[i];
            moved += x != y;
            REQUIRE(std::abs(x - y) <= std::abs(x) / 256); // eight bits of mantissa, rounded to nearest
        }
    }
    REQUIRE(moved > 0);
    const std::vector<int> source = idsOf(typedSource(*model, "the small cat sees a bird")),
                           target = typedTarget(*model, "le petit chat voit un oiseau").ids;
    const auto of = [&](const ModelPtr& m, int copies) { // one sentence, or a batch of it
        const auto n = static_cast<std::size_t>(copies);
        return follow(*m, std::vector(n, source), std::vector(n, target)).front().logProb();
    };
    const double exact = of(model, 1);
    REQUIRE(of(rounded, 1) != exact);
    REQUIRE_MESSAGE(std::abs(of(rounded, 1) - exact) < 0.02 * std::abs(exact), std::to_string(exact));
    REQUIRE(std::abs(of(rounded, 1) - of(rounded, 4)) < 1e-4 * std::abs(exact)); // rounded in batches too
}

TEST_CASE("measures of attention") {
    Matrix<float> weights(4, 3, 0.0F);
    weights(0, 0) = 1;                                 // on one position
    for (int j = 0; j < 3; ++j) weights(1, j) = 0.25F; // all equal, not summing to 1
    weights(2, 1) = 0.5F, weights(2, 2) = 0.5F;        // two; the first of equals is heaviest
    REQUIRE(attentionEntropy(weights.row(0), 3) == 0.0);
    REQUIRE(std::abs(attentionEntropy(weights.row(1), 3) - std::log(3.0)) < 1e-12);
    REQUIRE(std::abs(attentionEntropy(weights.row(2), 3) - std::log(2.0)) < 1e-12);
    REQUIRE(attentionEntropy(weights.row(3), 3) == 0.0); // nothing attended
    REQUIRE(std::abs(meanEntropy(weights) - std::log(6.0) / 4) < 1e-12);
    REQUIRE(meanEntropy(Matrix<float>()) == 0.0);
    REQUIRE(attentionCoverage(weights.data(), 4, 3) == (std::vector<float>{1.25F, 0.75F, 0.75F}));
    REQUIRE(heaviestLinks(weights, 4, 3) == (std::vector<AlignmentLink>{{0, 0}, {0, 1}, {1, 2}}));
    // The last row and column stand for the end symbols.
    weights(2, 2) = 0.6F;
    REQUIRE(heaviestLinks(weights, 2, 2) == (std::vector<AlignmentLink>{{0, 0}, {0, 1}}));
    REQUIRE(heaviestLinks(weights, 3, 2) == (std::vector<AlignmentLink>{{0, 0}, {0, 1}}));
}
