// SPDX-License-Identifier: GPL-3.0-or-later
// The search over real models: bundled ones, our checkpoints' fixtures and, where they are there, checkpoints
// of the toolkits themselves with their own beam search's results.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/io/import/import.h"
#include "core/io/model_file.h"
#include "core/run/forced_target.h"
#include "core/run/reading.h"
#include "core/run/run.h"
#include "core/run/translate.h"
#include "core/run/typed_text.h"
#include "core/tasks/split.h"
#include "tests/core/toolkit_reference.h"

using namespace attn;
namespace fs = std::filesystem;

namespace {

const fs::path shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures";

/// Every bundled model, every model of the fixtures, and every checkpoint in them that can be imported.
std::vector<ModelPtr> everyModel() {
    std::vector<ModelPtr> models;
    for (const auto& entry : fs::directory_iterator(ATTENTOSCOPE_SOURCE "/resources/models"))
        if (entry.path().extension() == ".safetensors") models.push_back(openModel(entry.path().string()));
    static const std::set<std::string> endings{".pt", ".ckpt", ".tar", ".npz", ".safetensors"};
    for (const auto& entry : fs::recursive_directory_iterator(ATTENTOSCOPE_FIXTURES)) {
        const std::string folder = entry.path().parent_path().parent_path().parent_path().filename().string();
        const bool model = entry.path().parent_path().filename() == "models";
        if ((!model && folder != "checkpoints") || !endings.contains(entry.path().extension().string()))
            continue;
        try {
            models.push_back(openAnyModel(entry.path().string()));
        } catch (const Error&) {
            continue; // a reference's arrays, or a file that needs a partner or is to be refused
        }
    }
    return models;
}

/// Sentences that a model can read: its examples, and words of its vocabulary.
std::vector<std::string> sentencesOf(const Model& model, int count, std::uint64_t seed = 7) {
    std::vector<std::string> sentences;
    const Side& side = model.source() ? *model.source() : model.target();
    if (!model.card().task.empty()) {
        const auto task = makeTask(model.card().task);
        Random random(seed);
        for (int i = 0; i < count; ++i) {
            Example example = generateFrom(*task, Split::Test, random);
            if (task->isSingle()) example.source = {example.target.begin(), example.target.begin() + 2};
            sentences.push_back(side.tokeniser.detokenise(example.source));
        }
        return sentences;
    }
    Random random(seed);
    for (int i = 0; i < count; ++i) {
        std::vector<std::string> words;
        for (int n = 1 + random.below(7); n > 0; --n) {
            const int id = 4 + random.below(std::max(1, side.vocabulary.size() - 4));
            words.push_back(side.vocabulary.text(std::min(id, side.vocabulary.size() - 1)));
        }
        sentences.push_back(side.tokeniser.detokenise(words));
    }
    return sentences;
}

/// As ids with the symbols that the model wants; sentences it cannot read are left out.
struct Sources {
    std::vector<std::vector<int>> ids;
    std::vector<std::vector<std::string>> words;
};
Sources sourcesOf(const Model& model, const std::vector<std::string>& sentences) {
    Sources sources;
    for (const std::string& sentence : sentences) try {
            if (!model.source()) { // the beginning of a text
                sources.words.push_back(model.target().tokeniser.tokeniseTexts(sentence));
                sources.ids.push_back(model.target().vocabulary.ids(sources.words.back()));
                continue;
            }
            SourceWords read = sourceWords(typedSource(model, sentence));
            sources.ids.push_back(std::move(read.ids));
            sources.words.push_back(std::move(read.words));
        } catch (const Error& error) {
            REQUIRE(error.kind() != ErrorKind::Bug);
        }
    return sources;
}

std::vector<int> idsOf(const Trace& trace, const std::vector<int>& path) {
    std::vector<int> ids;
    for (const int step : path) ids.push_back(trace.steps[static_cast<std::size_t>(step)].wordId);
    return ids;
}

Recipe recipeOf(const std::string& sentence, SearchKind kind = SearchKind::Greedy) {
    Recipe recipe;
    recipe.source = sentence;
    recipe.search = kind;
    recipe.topK = 2;
    recipe.maxSteps = 30;
    return recipe;
}

double logProbOf(const Trace& trace) {
    return trace.steps[static_cast<std::size_t>(trace.leaves.front())].score.logProb;
}

} // namespace

TEST_CASE("a beam of 1 is greedy, on every model") {
    const std::vector<ModelPtr> models = everyModel();
    CHECK(models.size() >= 30);
    for (const ModelPtr& model : models) {
        INFO(model->name());
        const Sources sources = sourcesOf(*model, sentencesOf(*model, 20));
        TranslateOptions options;
        options.maxSteps = 40;
        options.sourceWords = &sources.words;
        const auto greedy = translate(*model, sources.ids, options);
        options.search = SearchKind::Beam;
        options.beam.width = 1;
        for (const bool alone : {false, true}) {
            options.beam.keepGreedy = !alone;
            const auto beam = translate(*model, sources.ids, options);
            for (std::size_t i = 0; i < greedy.size(); ++i) {
                CHECK(beam[i].ids == greedy[i].ids);
                CHECK(beam[i].logProbs == greedy[i].logProbs);
            }
        }
        options.search = SearchKind::Sample;
        options.sample.temperature = 0;
        const auto cold = translate(*model, sources.ids, options);
        for (std::size_t i = 0; i < greedy.size(); ++i) CHECK(cold[i].ids == greedy[i].ids);
    }
}

TEST_CASE("the best of a beam scores no less than greedy under the same score") {
    for (const char* name : {"en-fr-general", "en-zh-additive", "dates-additive"}) {
        const ModelPtr model = openModel(resolveModel(name));
        const Sources sources = sourcesOf(*model, sentencesOf(*model, 60, 23));
        for (const double penalty : {0.0, 0.8})
            for (const int width : {4, 12}) {
                TranslateOptions options;
                options.search = SearchKind::Beam;
                options.beam.lengthPenalty = penalty;
                options.beam.coveragePenalty = penalty / 4;
                options.beam.width = 1;
                const auto greedy = translate(*model, sources.ids, options);
                options.beam.width = width;
                const auto beam = translate(*model, sources.ids, options);
                for (std::size_t i = 0; i < beam.size(); ++i)
                    CHECK(beam[i].score.total >= greedy[i].score.total - 1e-4);
            }
    }
}

TEST_CASE("a trace holds every hypothesis, with its fate") {
    const ModelPtr model = openModel(resolveModel("en-fr-additive"));
    for (const std::string& sentence : sentencesOf(*model, 6)) {
        for (const BeamPlaces places : {BeamPlaces::Freed, BeamPlaces::Refilled}) {
            Recipe recipe = recipeOf(sentence, SearchKind::Beam);
            recipe.beam.width = 4;
            recipe.beam.nBest = 4;
            recipe.beam.lengthPenalty = 0.6;
            recipe.beam.coveragePenalty = 0.2;
            recipe.beam.places = places;
            const TracePtr trace = run(*model, recipe);
            REQUIRE(!trace->leaves.empty());
            std::vector<int> children(trace->steps.size());
            std::set<std::pair<int, int>> siblings;
            for (std::size_t i = 0; i < trace->steps.size(); ++i) {
                const StepTrace& step = trace->steps[i];
                REQUIRE(step.parent < static_cast<int>(i));
                CHECK(siblings.insert({step.pass, step.wordId}).second); // no hypothesis stands twice
                double before = 0;
                if (step.parent >= 0) {
                    const StepTrace& parent = trace->steps[static_cast<std::size_t>(step.parent)];
                    ++children[static_cast<std::size_t>(step.parent)];
                    before = parent.score.logProb;
                    CHECK(step.time == parent.time + 1);
                    CHECK(trace->passOf(static_cast<int>(i)).inputId == parent.wordId);
                    if (step.fate != Fate::Pruned) CHECK(parent.fate == Fate::Open);
                    if (parent.fate == Fate::Pruned) CHECK(parent.lostAt >= step.lostAt);
                }
                CHECK(step.score.logProb == before + static_cast<double>(step.logProb));
                CHECK(step.score.total ==
                      doctest::Approx(step.score.logProb / step.score.length + step.score.coverage));
                CHECK((step.fate == Fate::Pruned) == (step.lostAt >= 0));
                if (step.fate == Fate::Pruned) CHECK(step.lostAt >= step.time);
                if (step.fate == Fate::Finished) CHECK(step.isEnd());
            }
            double last = INFINITY;
            for (const int leaf : trace->leaves) {
                CHECK(children[static_cast<std::size_t>(leaf)] == 0);
                CHECK(trace->steps[static_cast<std::size_t>(leaf)].score.total <= last);
                last = trace->steps[static_cast<std::size_t>(leaf)].score.total;
            }
            // Each hypothesis, followed by itself, has its probability; its coverage follows from its rows.
            for (const int leaf : trace->leaves) {
                const std::vector<int> path = trace->path(leaf);
                Recipe forced = recipeOf(sentence);
                forcedTarget(*model, *trace, path).applyTo(forced);
                const TracePtr again = run(*model, forced);
                CHECK(idsOf(*again, again->bestPath()) == idsOf(*trace, path));
                const HypothesisScore& score = trace->steps[static_cast<std::size_t>(leaf)].score;
                CHECK(logProbOf(*again) == doctest::Approx(score.logProb).epsilon(1e-4));
                std::vector<double> covered;
                for (const int step : again->bestPath())
                    for (std::size_t j = 0; const float w : again->passOf(step).row(0)->heads[0].weights) {
                        covered.resize(std::max(covered.size(), j + 1));
                        covered[j++] += static_cast<double>(w);
                    }
                double coverage = 0;
                for (const double c : covered) coverage += 0.2 * std::log(std::min(c, 1.0));
                CHECK(score.coverage == doctest::Approx(coverage).epsilon(1e-3));
            }
        }
    }
}

TEST_CASE("run() and translate() find the same by every search") {
    for (const char* name : {"en-fr-heads", "en-fr-coverage", "en-fr-monotonic", "en-fr-none"}) {
        const ModelPtr model = openModel(resolveModel(name));
        const std::vector<std::string> sentences = sentencesOf(*model, 12);
        for (const SearchKind kind : {SearchKind::Greedy, SearchKind::Beam, SearchKind::Sample}) {
            const Sources sources = sourcesOf(*model, sentences);
            TranslateOptions options;
            options.search = kind;
            options.maxSteps = 30;
            const auto together = translate(*model, sources.ids, options);
            for (std::size_t i = 0; i < sentences.size(); ++i) {
                if (kind == SearchKind::Sample && i > 0) continue; // others draw by their number
                const TracePtr trace = run(*model, recipeOf(sentences[i], kind));
                INFO(name << ": " << sentences[i]);
                CHECK(idsOf(*trace, trace->bestPath()) == together[i].ids);
                CHECK(trace->complete == together[i].complete);
            }
        }
    }
}

TEST_CASE("a search goes on after its prefix") {
    const ModelPtr model = openModel(resolveModel("en-fr-additive"));
    for (const SearchKind kind : {SearchKind::Beam, SearchKind::Sample}) {
        Recipe recipe = recipeOf("the black cat sleeps", kind);
        recipe.beam.nBest = 3;
        recipe.prefix = {"la", "fille"};
        const TracePtr trace = run(*model, recipe);
        for (const int leaf : trace->leaves) {
            const std::vector<int> path = trace->path(leaf);
            REQUIRE(path.size() > 2);
            for (std::size_t t = 0; t < path.size(); ++t) {
                const StepTrace& step = trace->steps[static_cast<std::size_t>(path[t])];
                CHECK(step.forced == (t < 2));
                if (t < 2) CHECK(step.wordText == recipe.prefix[t]);
            }
        }
        if (kind == SearchKind::Beam) CHECK(trace->leaves.size() >= 5);
    }
}

TEST_CASE("a coverage penalty needs attention") {
    const ModelPtr model = openModel(resolveModel("en-fr-none"));
    Recipe recipe = recipeOf("the cat sleeps", SearchKind::Beam);
    recipe.beam.coveragePenalty = 0.2;
    CHECK_THROWS_WITH_AS(run(*model, recipe), doctest::Contains("coverage"), Error);
}

// ---- forcing what a model has written (typed_text.h, forced_target.h)

namespace {

/// Forces what greedy search found, and compares.
void forceAgain(const Model& model, const std::string& sentence, int& asTokens) {
    const TracePtr greedy = run(model, recipeOf(sentence));
    const ForcedTarget forced = forcedTarget(model, *greedy, greedy->bestPath());
    Recipe recipe = recipeOf(sentence);
    forced.applyTo(recipe);
    const TracePtr again = run(model, recipe);
    std::vector<int> expected = idsOf(*greedy, greedy->bestPath()), found = idsOf(*again, again->bestPath());
    double logProb = logProbOf(*again);
    if (!greedy->complete && forced.tokens.empty()) { // typing adds an end
        logProb -= static_cast<double>(again->steps.back().logProb);
        found.pop_back();
    }
    INFO(model.name() << ": \"" << sentence << "\" gives \"" << forced.text << "\"");
    CHECK(found == expected);
    CHECK(logProb == doctest::Approx(logProbOf(*greedy)).epsilon(1e-6));
    asTokens += forced.tokens.empty() ? 0 : 1;
}

} // namespace

TEST_CASE("forcing a model's own text gives its own tokens and probability") {
    int sentences = 0;
    for (const ModelPtr& model : everyModel()) {
        int asTokens = 0;
        for (const std::string& sentence : sentencesOf(*model, 5)) {
            if (sourcesOf(*model, {sentence}).ids.empty()) continue;
            forceAgain(*model, sentence, asTokens);
            ++sentences;
        }
        // What a trained model writes, a person can type.
        if (!model->card().task.empty()) CHECK_MESSAGE(asTokens == 0, model->name());
    }
    CHECK(sentences > 100);
}

TEST_CASE("tokens that cannot be typed are forced all the same") {
    const ModelPtr model = openModel(resolveModel("en-fr-additive"));
    Recipe recipe = recipeOf("the black cat sleeps");
    const Vocabulary& target = model->target().vocabulary;
    recipe.prefix = {target.text(target.special().unk), target.text(target.special().bos), "chat"};
    const TracePtr trace = run(*model, recipe);
    const ForcedTarget forced = forcedTarget(*model, *trace, trace->bestPath());
    CHECK(forced.tokens == trace->words(trace->bestPath()));
    Recipe again = recipeOf("the black cat sleeps");
    forced.applyTo(again);
    const TracePtr found = run(*model, again);
    CHECK(idsOf(*found, found->bestPath()) == idsOf(*trace, trace->bestPath()));
    CHECK(logProbOf(*found) == doctest::Approx(logProbOf(*trace)));
}

// ---- the toolkits' own beam search

TEST_CASE("beam 6 finds what Marian's finds" * doctest::skip(!fs::exists(shared))) {
    int folders = 0;
    for (const auto& entry : fs::directory_iterator(shared / "marian")) {
        if (!fs::exists(entry.path() / "beam6.nbest")) continue;
        const std::string name = entry.path().filename().string();
        const ModelPtr model = openAnyModel((entry.path() / "model.npz").string());
        ++folders;
        const std::vector<std::string> lines = toolkit::detail::linesOf(entry.path() / "sample.src");
        std::vector<std::vector<std::vector<std::string>>> expected(lines.size());
        for (const std::string& line : toolkit::detail::linesOf(entry.path() / "beam6.nbest")) {
            auto fields = toolkit::detail::split(line, " ||| ");
            expected[static_cast<std::size_t>(std::stoi(fields[0]))].push_back(std::move(fields));
        }
        int texts = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            Recipe recipe = recipeOf(lines[i], SearchKind::Beam);
            recipe.beam.width = recipe.beam.nBest = 6;
            recipe.beam.length = LengthNormalisation::Power;
            recipe.beam.lengthPenalty = 0.6;
            recipe.beam.keepGreedy = false;
            recipe.maxSteps = 3 * static_cast<int>(toolkit::detail::words(lines[i]).size() + 1);
            const TracePtr trace = run(*model, recipe);
            INFO(name << ", line " << i + 1);
            REQUIRE(trace->leaves.size() == expected[i].size());
            for (std::size_t n = 0; n < expected[i].size(); ++n) {
                const StepTrace& last = trace->steps[static_cast<std::size_t>(trace->leaves[n])];
                std::vector<std::string> words = trace->words(trace->path(trace->leaves[n]));
                if (last.isEnd()) words.pop_back();
                CHECK(inReadingOrder(*model, words) == toolkit::detail::words(expected[i][n][1]));
                const double sum = std::stod(toolkit::detail::words(expected[i][n][4]).at(1));
                CHECK(std::abs(last.score.logProb - sum) < 2e-4);
                CHECK(std::abs(last.score.total - std::stod(expected[i][n][5])) < 1e-4);
                ++texts;
            }
        }
        MESSAGE(name << ": " << texts << " hypotheses of " << lines.size() << " sentences");
    }
    CHECK(folders >= 3);
}
